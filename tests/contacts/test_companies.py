"""Companies and who acts for them."""

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.events import Event
from app.extensions import db
from contacts.models import Company
from contacts.services import add_membership, change_membership, create_company, end_membership, update_company
from tests.conftest import event_names

FORM = {"name": "آموزشگاه زعفران", "legal_id": "۱۰۳۸۰۲۸۴۷۹۰", "phone": "۰۲۱-۸۸۷۷۶۶۵۵", "postal_code": "۱۹۴۷۸ ۵۳۳۱۶"}


def last_event() -> Event:
    return db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()


def test_an_agent_records_a_company(world, sara, as_user):
    answer = as_user(sara).post("/companies", data=FORM)
    company = db.session.scalars(sa.select(Company).where(Company.name == FORM["name"])).one()
    assert answer.location == f"/companies/{company.code}"
    assert (company.legal_id, company.phone, company.postal_code) == ("10380284790", "+982188776655", "1947853316")
    assert event_names() == ["company.created"]
    page = as_user(sara).get(f"/companies/{company.code}").text
    assert "۰۲۱ ۸۸۷۷ ۶۶۵۵" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("legal_id", "10380284791"), ("legal_id", "12"), ("legal_id", "۱۰۳۸۰۲۸۴۷۹x"), ("phone", "8877"),
     ("postal_code", "123"), ("name", "ش" * 200), ("economic_code", "abc")],
)  # fmt: skip
def test_bad_input(world, sara, as_user, field, value):
    browser = as_user(sara)
    answer = browser.post("/companies", data=FORM | {field: value})
    assert answer.status_code == 422
    assert value in answer.text
    assert browser.post("/companies", json=FORM | {field: value}).json["fields"][field]
    assert event_names() == []


def test_a_company_changes_and_says_from_what_to_what(world, sara, as_user):
    browser = as_user(sara)
    for _time in range(2):
        answer = browser.post(f"/companies/{world.company.code}/profile", data={"name": "پخش نوین", "city": "یزد"})
        assert answer.status_code == 303
    assert event_names() == ["company.updated"]
    assert last_event().data["from"]["name"] == "پخش نوین‌آوا"
    assert "پخش نوین" in browser.get("/companies?q=نوين").text


def test_a_refused_change_keeps_what_was_typed(world, sara, as_user):
    answer = as_user(sara).post(f"/companies/{world.company.code}/profile", data={"name": "تازه", "legal_id": "1"})
    assert answer.status_code == 422
    assert 'value="تازه"' in answer.text
    assert world.company.name == "پخش نوین‌آوا"


def test_a_company_leaves_the_list_and_returns(world, maryam, as_user):
    browser, code = as_user(maryam), world.company.code
    for _time in range(2):
        browser.post(f"/companies/{code}/archival")
    assert event_names() == ["company.archived"]
    assert f"/companies/{code}" not in browser.get("/companies").text
    assert f"/companies/{code}" in browser.get("/companies?archived=1").text
    assert browser.get(f"/companies/{code}").status_code == 200
    assert browser.post(f"/companies/{code}/people", data={}).status_code == 403
    browser.post(f"/companies/{code}/restoration")
    assert f"/companies/{code}" in browser.get("/companies").text


def test_odd_numbers_of_an_import_are_kept_as_they_are(world, sara):
    company = create_company(by=sara, name="Alfreds Futterkiste", phone="030-0074321 ext. 12", external_id="ALFKI")
    assert company.phone == "030-0074321 ext. 12"
    update_company(company, by=sara, city="Berlin")
    assert last_event().data == {"from": {"city": ""}, "to": {"city": "Berlin"}}


# Memberships.


def test_an_agent_lets_somebody_act_for_a_company(world, sara, as_user):
    browser = as_user(sara)
    form = {"company": "پخش نوين آوا", "company_code": world.company.code, "title": "حسابدار", "can_see_prices": "y"}
    answer = browser.post(f"/contacts/{world.babak.code}/memberships", data=form)
    assert answer.status_code == 303
    (membership,) = world.babak.memberships
    assert (membership.title, membership.can_see_prices, membership.can_see_company_orders) == ("حسابدار", True, False)
    assert event_names() == ["membership.added"]
    again = browser.post(f"/contacts/{world.babak.code}/memberships", data=form)
    assert again.status_code == 422
    assert 'value="حسابدار"' in again.text
    assert event_names() == ["membership.added"]


def test_a_company_is_found_by_its_exact_name_without_a_script(world, sara, as_user):
    answer = as_user(sara).post(f"/contacts/{world.babak.code}/memberships", data={"company": "پخش نوين‌آوا"})
    assert answer.status_code == 303
    assert len(world.babak.memberships) == 1


@pytest.mark.parametrize("company", ["", "پخش", "۱۲۳", "x" * 200])
def test_a_company_that_is_not_there(world, sara, as_user, company):
    answer = as_user(sara).post(f"/contacts/{world.babak.code}/memberships", json={"company": company})
    assert answer.status_code == 422
    assert answer.json["fields"]["company"]
    assert event_names() == []


def test_somebody_is_added_from_the_company_s_page(world, sara, as_user):
    browser, path = as_user(sara), f"/companies/{world.company.code}/people"
    assert browser.post(path, data={"contact": world.babak.name, "contact_code": world.babak.code}).status_code == 303
    again = browser.post(path, json={"contact": world.babak.name})
    assert again.status_code == 422
    assert again.json["fields"]["contact"]
    page = browser.get(f"/companies/{world.company.code}").text
    assert "بابک دهقان" in page
    assert "نیکا صفوی" in page


def test_rights_change_with_a_record_of_it(world, sara, as_user):
    """CUSTOMERS 2: what a membership opens in the portal is off until somebody allows it."""
    membership = world.nika.memberships[0]
    browser, path = as_user(sara), f"/contacts/{world.nika.code}/memberships/{membership.id}"
    assert browser.get(path).status_code == 200
    for _time in range(2):
        answer = browser.post(f"{path}/rights", data={"title": "مدیر خرید", "can_see_company_orders": "y"})
        assert answer.status_code == 303
    assert membership.can_see_company_orders
    assert event_names() == ["membership.changed"]
    assert last_event().data["to"] == {"can_see_company_orders": True}
    refused = browser.post(f"{path}/rights", data={"title": "x" * 100})
    assert refused.status_code == 422
    assert "x" * 100 in refused.text


def test_an_ended_membership_opens_nothing_from_that_moment(world, sara, as_user):
    membership = world.nika.memberships[0]
    browser, path = as_user(sara), f"/contacts/{world.nika.code}/memberships/{membership.id}/ending"
    for _time in range(2):
        assert browser.post(path).status_code == 303
    assert membership.until_on == utcnow().date()
    assert world.nika.active_memberships == []
    assert event_names() == ["membership.ended"]


def test_somebody_may_come_back_to_a_company(world, sara):
    end_membership(world.nika.memberships[0], by=sara)
    again = add_membership(world.nika, world.company, by=sara)
    change_membership(again, by=sara, title="مشاور")
    assert [row.is_active for row in world.nika.memberships] == [False, True]
