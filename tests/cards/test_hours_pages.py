"""The settings of time: working hours, days off, closures with their preview, targets; and a promise by hand."""

import pytest
import sqlalchemy as sa

from app.calendars import calendars
from app.calendars.models import Calendar, CalendarWeek, ClosedTime
from app.dates import format_date
from app.extensions import db
from app.outbox import Outbox, deliver_due
from cards.models import Target
from cards.promises.rules import rules
from cards.services.targeting import set_targets
from tests.cards.test_promises import clock, house, tehran  # noqa: F401

WEEK = {f"{day}-{name}": value for day in ("sat", "sun", "mon") for name, value in
        (("is_open", "y"), ("from_1", "۹"), ("to_1", "۱۳"), ("from_2", "14:30"), ("to_2", "18"))}  # fmt: skip
CLOSURE = {"from_on": "1405/09/01", "reason_fa": "آلودگی هوا", "reason_en": "smog", "calendar_id": "0"}


def fresh():
    from flask import g

    g.pop("settings", None)


def test_a_calendar_with_several_spans_is_given_to_a_department(house, world, admin, as_user):  # noqa: F811
    """Item: calendars for teams and departments."""
    sent = {**WEEK, "name_fa": "کارگاه", "keeps_holidays": "y", "departments": str(world.department.id)}
    assert as_user(admin).post("/settings/calendars", data=sent).status_code == 303
    fresh()
    row = db.session.scalars(sa.select(Calendar).where(Calendar.is_default.is_(False))).one()
    assert world.department.calendar_id == row.id
    assert calendars().of(row.id).week[0] == ((540, 780), (870, 1080))
    assert rules().calendar_id(world.department.id, world.support.id) == row.id
    page = as_user(admin).get("/settings/calendars").text
    assert "کارگاه" in page


@pytest.mark.parametrize(
    "changes", [{"sat-to_1": "08:00"}, {"sat-from_2": "12:00"}, {"sat-from_1": "۲۵"}, {"name_fa": ""},
                {f"{day}-is_open": "" for day in ("sat", "sun", "mon")}],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused_with_what_was_typed(world, admin, as_user, changes):
    sent = {**WEEK, "name_fa": "کارگاه", "name_en": "Workshop", **changes}
    answer = as_user(admin).post("/settings/calendars", data=sent)
    assert answer.status_code == 422
    assert "Workshop" in answer.text


def test_other_hours_for_a_time(house, world, admin, as_user):  # noqa: F811
    row = db.session.scalars(sa.select(Calendar)).one()
    browser, url = as_user(admin), f"/settings/calendars/{row.id}/weeks"
    sent = {**WEEK, "name_fa": "رمضان", "from_on": "1405/11/29", "until_on": "1405/12/28"}
    assert browser.post(url, data={**sent, "until_on": "1405/11/01"}).status_code == 422
    assert browser.post(url, data=sent).status_code == 303
    week = db.session.scalars(sa.select(CalendarWeek).where(CalendarWeek.from_on.is_not(None))).one()
    assert "رمضان" in browser.get(f"/settings/calendars/{row.id}").text
    assert browser.post(f"{url}/{week.id}/removal").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarWeek)) == 1


def test_a_closure_is_shown_before_it_counts(house, world, admin, nika, as_user):  # noqa: F811
    """A12, E4: nothing is changed by the preview; customers get one message, and only when it is chosen."""
    card, other = world.card(), world.card(title="دومی")
    browser = as_user(admin)
    shown = browser.post("/settings/closures", data=CLOSURE)
    assert shown.status_code == 200
    assert card.title in shown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ClosedTime)) == 0
    assert card.promised_at == tehran(22, 10)
    done = browser.post("/settings/closures", data={**CLOSURE, "confirmed": "1", "cause": "x", "tells": "1"})
    assert done.status_code == 303
    assert {card.promised_at, other.promised_at} == {tehran(23, 10)}
    deliver_due()
    told = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "message.promise")).all()
    assert [row.contact_id for row in told] == [nika.id]
    assert "آلودگی هوا" in (told[0].body or "")
    row = db.session.scalars(sa.select(ClosedTime)).one()
    back = browser.post(f"/settings/closures/{row.id}/removal", data={"confirmed": "1"})
    assert back.status_code == 303
    assert card.promised_at == tehran(22, 10)


def test_a_closure_that_moves_nothing_needs_no_question(house, world, admin, as_user):  # noqa: F811
    assert as_user(admin).post("/settings/closures", data=CLOSURE).status_code == 303


@pytest.mark.parametrize("changes", [{"from_on": "۳۱ اسفند"}, {"reason_fa": ""}, {"from_time": "9"},
                                     {"from_time": "12", "to_time": "9"}, {"until_on": "1405/08/01"}])  # fmt: skip
def test_a_closure_without_sense_is_refused(world, admin, as_user, changes):
    answer = as_user(admin).post("/settings/closures", data={**CLOSURE, **changes})
    assert answer.status_code == 422
    assert "smog" in answer.text


def test_days_off_are_confirmed_added_and_worked(world, admin, as_user):
    browser = as_user(admin)
    page = browser.get("/settings/holidays/1406").text
    assert "هنوز قطعی نیست" in page
    fresh()
    day = next(day for day, name in calendars().holidays.of_year(1406).items() if name.is_tentative)
    assert browser.post("/settings/holidays/1406/confirmation", data={"day": day.isoformat()}).status_code == 303
    fresh()
    assert not calendars().holidays.of_year(1406)[day].is_tentative
    assert browser.post("/settings/holidays/1406/removal", data={"day": day.isoformat()}).status_code == 303
    fresh()
    assert day not in calendars().holidays.of_year(1406)
    wrong = browser.post("/settings/holidays/1406", data={"day": "1405/01/01", "name_fa": "اشتباه"})
    assert wrong.status_code == 422
    assert "اشتباه" in wrong.text


def test_targets_go_from_the_department_to_the_house(world, admin):
    """E1."""
    department = world.department.id
    set_targets({(None, 2): 480, (None, 4): 60, (department, 4): 30, (department, None): 90}, by=admin)
    db.session.commit()
    found = [rules().minutes(department, level) for level in (4, 2)]
    assert [*found, rules().minutes(None, 4), rules().minutes(None, 1)] == [30, 90, 60, 960]


def test_the_table_of_targets(house, world, admin, as_user):  # noqa: F811
    browser = as_user(admin)
    page = browser.get("/settings/targets").text
    assert "چهارشنبه" in page
    cells = {"t-0-4": "۱:۳۰", "t-0-3": "4", "t-0-2": "9", "t-0-1": "18", f"t-{world.department.id}-4": "0:30"}
    assert browser.post("/settings/targets", data=cells).status_code == 303
    kept = {(row.department_id, row.priority): row.minutes for row in db.session.scalars(sa.select(Target))}
    assert kept == {(None, 4): 90, (None, 3): 240, (None, 2): 540, (None, 1): 1080, (world.department.id, 4): 30}
    wrong = browser.post("/settings/targets", data={**cells, "t-0-4": "فوری"})
    assert wrong.status_code == 422
    assert "فوری" in wrong.text


def test_a_colleague_promises_another_time(house, world, sara, as_user):  # noqa: F811
    """E4: the customer reads the time and the reason."""
    card, browser = world.card(), as_user(sara)
    page = browser.get(f"/cards/{card.code}/promise").text
    assert format_date(tehran(22, 10), "short") in page
    sent = {"day": "1405/09/03", "time": "۱۲:۳۰", "reason": "قطعه در راه است"}
    assert browser.post(f"/cards/{card.code}/promise", data={**sent, "reason": ""}).status_code == 422
    assert browser.post(f"/cards/{card.code}/promise", data=sent).status_code == 303
    assert card.promised_at == tehran(24, 12, 30)
    assert "قطعه در راه است" in browser.get(f"/cards/{card.code}").text


def test_a_face_says_it_by_shape_and_word(house, world, sara, as_user, clock):  # noqa: F811
    """UI: not by colour alone."""
    world.card()
    clock.move_to(tehran(22, 9, 30))
    assert "data-state=soon" in as_user(sara).get("/boards/support").text
    clock.move_to(tehran(22, 10, 30))
    page = as_user(sara).get("/boards/support").text
    assert "data-state=late" in page
    assert "۳۰ دقیقه دیر" in page
