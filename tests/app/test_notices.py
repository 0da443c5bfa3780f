"""C4, C5: what colleagues hear of, as they chose: the bell, or a mail for what stays unread, never in quiet hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import outbox
from app.clock import freeze
from app.events import record
from app.extensions import db
from app.notice_mails import is_quiet, mail_due
from app.notifications import Notification, kinds, notify
from app.outbox import Outbox
from cards.services import add_note, assign

NOON = datetime(2026, 5, 2, 8, 30, tzinfo=UTC)  # 12:00 in Tehran


@pytest.fixture
def clock():
    with freeze(NOON) as stopped:
        yield stopped


def levels(**chosen):
    return {f"kind_{kind.name}": chosen.get(kind.name, "bell") for kind in kinds()}


def told(user):
    return list(db.session.scalars(sa.select(Notification.kind).where(Notification.user_id == user.id)))


def mails():
    outbox.deliver_due()
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.notices").order_by(Outbox.id))
    return [row for row in rows if row.state == "done"]


def give(world, title="چای‌ساز روشن نمی‌شود"):
    card = world.card(title)
    assign(card, world.sara, by=world.maryam)
    db.session.commit()
    return card


def test_silence_is_kept_and_everything_else_rings(world, sara, as_user, clock):
    assert as_user(sara).post("/account/notices", data=levels(assigned="nothing")).status_code == 303
    card = give(world)
    add_note(card, "@سارا ببین", by=world.maryam, mentions=[sara.id])
    db.session.commit()
    assert "mention" in told(sara)
    assert "assigned" not in told(sara)


def test_a_colleagues_question_cannot_be_silenced(world, sara, as_user, clock):
    answer = as_user(sara).post("/account/notices", data=levels(mention="nothing"))
    assert answer.status_code == 422
    add_note(world.card(), "@سارا ببین", by=world.maryam, mentions=[sara.id])
    db.session.commit()
    assert "mention" in told(sara)


def test_what_stays_unread_is_mailed_once_and_together(world, sara, as_user, clock):
    as_user(sara).post("/account/notices", data=levels(assigned="mail"))
    first, second = give(world, "چای‌ساز روشن نمی‌شود"), give(world, "قوری شکسته است")
    assert mail_due() == 0
    clock.advance(minutes=6)
    assert (mail_due(), mail_due()) == (1, 0)
    (mail,) = mails()
    assert mail.address == sara.email
    assert all(card.title in mail.body and f"/cards/{card.code}" in mail.body for card in (first, second))
    assert "۲" in mail.subject


def test_what_was_read_meanwhile_is_not_mailed(world, sara, as_user, clock):
    browser = as_user(sara)
    browser.post("/account/notices", data=levels(assigned="mail"))
    give(world)
    clock.advance(minutes=6)
    assert mail_due() == 1
    browser.post("/inbox/reads")
    assert mails() == []
    assert db.session.scalars(sa.select(Outbox.state).where(Outbox.kind == "staff_mail.notices")).one() == "dropped"


def test_the_mail_holds_nothing_of_what_was_written(world, sara, as_user, clock):
    """N04: a note stays in the house; the mail says that there is one."""
    as_user(sara).post("/account/notices", data=levels(mention="mail"))
    add_note(world.card(), "رازِ قیمت ۷۷۱۳ @سارا", by=world.maryam, mentions=[sara.id])
    db.session.commit()
    clock.advance(minutes=6)
    mail_due()
    (mail,) = mails()
    assert "۷۷۱۳" not in mail.body


def test_what_is_out_of_reach_by_then_is_not_mailed(world, sara, omid, as_user, clock):
    """Z11"""
    as_user(omid).post("/account/notices", data=levels(mention="mail"))
    card = world.card()
    record("user.mentioned", card, by=world.maryam, data={"user": omid.id})
    db.session.commit()
    clock.advance(minutes=6)
    mail_due()
    assert mails() == []


def test_quiet_hours_hold_the_mail_back(world, sara, as_user, clock):
    data = levels(assigned="mail") | {"quiet_from": "11:00", "quiet_until": "13:00"}
    assert as_user(sara).post("/account/notices", data=data).status_code == 303
    give(world)
    clock.advance(minutes=30)
    assert mail_due() == 0
    clock.advance(minutes=45)
    assert mail_due() == 1


@pytest.mark.parametrize(
    ("start", "end", "hour", "quiet"),
    [("22:00", "07:00", 23, True), ("22:00", "07:00", 3, True), ("22:00", "07:00", 12, False),
     ("12:00", "14:00", 13, True), ("12:00", "14:00", 14, False), (None, None, 3, False)],
)  # fmt: skip
def test_quiet_hours_may_reach_over_midnight(app, start, end, hour, quiet):
    assert is_quiet(start, end, datetime(2026, 5, 2, hour, 15, tzinfo=ZoneInfo("Asia/Tehran"))) == quiet


@pytest.mark.parametrize("hours", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"},
                                   {"quiet_from": "x", "quiet_until": "y"}])  # fmt: skip
def test_hours_that_make_no_sense_are_refused(world, sara, as_user, hours):
    assert as_user(sara).post("/account/notices", data=levels() | hours).status_code == 422


def test_telling_many_is_one_statement(world, statements, clock):
    event = record("card.opened", world.card(), by=world.maryam)
    for users in ([world.sara.id], [world.sara.id, world.reza.id, world.omid.id, world.admin.id]):
        statements.clear()
        notify(users, "survey", event)
        assert len(statements) == 1
        db.session.execute(sa.delete(Notification))
