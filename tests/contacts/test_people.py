"""A person in the records: B1, F2."""

import pytest
import sqlalchemy as sa

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from contacts.models import Contact
from contacts.services import archive_contact, create_contact, restore_contact, update_contact
from tests.conftest import event_names

FORM = {
    "name": "مريم كاظمي", "name_en": "Maryam Kazemi", "tier": "plain", "language": "fa", "mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹",
    "email": "M.Kazemi@Example.IR",
}  # fmt: skip


def people() -> list[Contact]:
    return list(db.session.scalars(sa.select(Contact).order_by(Contact.id)))


def last_event() -> Event:
    return db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()


def test_an_agent_records_a_person(world, sara, as_user):
    answer = as_user(sara).post("/contacts", data=FORM)
    contact = people()[-1]
    assert answer.status_code == 303
    assert answer.location == f"/contacts/{contact.code}"
    assert contact.name == "مریم کاظمی"
    assert (contact.mobile, contact.email) == ("+989123456789", "m.kazemi@example.ir")
    assert all(point.is_primary for point in contact.points)
    assert event_names() == ["contact.created"]
    assert last_event().actor_id == sara.id


def test_a_person_comes_with_their_company(world, sara, as_user):
    form = FORM | {"company": world.company.name, "company_code": world.company.code, "title": "مدیر خرید"}
    as_user(sara).post("/contacts", data=form)
    (membership,) = people()[-1].memberships
    assert (membership.company_id, membership.title) == (world.company.id, "مدیر خرید")
    assert not membership.can_see_company_orders
    assert event_names() == ["contact.created", "membership.added"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "م" * 121), ("mobile", "۰۹۱۲"), ("mobile", "abc"), ("email", "nobody"),
        ("tier", "platinum"), ("language", "de"), ("preferred_channel", "pigeon"), ("company", "شرکتی که نیست"),
        ("name_en", "x" * 400), ("address", "x" * 500),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(world, sara, as_user, field, value):
    browser, before = as_user(sara), len(people())
    answer = browser.post("/contacts", data=FORM | {field: value})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert 'value="Maryam Kazemi"' in answer.text or field == "name_en"
    refusal = browser.post("/contacts", json=FORM | {field: value})
    assert refusal.json["fields"][field]
    assert len(people()) == before
    assert event_names() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"name": {}}', b'{"name": ["a", "b"]}', b'{"name": true}'])
def test_nonsense_is_refused(world, sara, as_user, body):
    answer = as_user(sara).post("/contacts", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["detail"]


def test_a_higher_tier_needs_its_reason(world, sara, as_user):
    """F2: colleagues read why somebody is treated differently."""
    browser = as_user(sara)
    form = {"name": world.nika.name, "tier": "vip", "language": "fa", "preferred_channel": ""}
    refusal = browser.post(f"/contacts/{world.nika.code}/profile", json=form)
    assert refusal.status_code == 422
    assert refusal.json["fields"]["tier_reason"]
    answer = browser.post(f"/contacts/{world.nika.code}/profile", data=form | {"tier_reason": "قرارداد سالانه"})
    assert answer.status_code == 303
    assert (world.nika.tier, world.nika.tier_reason) == ("vip", "قرارداد سالانه")
    event = last_event()
    assert event.name == "contact.updated"
    assert (event.data["from"]["tier"], event.data["to"]["tier"]) == ("plain", "vip")
    page = browser.get(f"/contacts/{world.nika.code}").text
    assert "قرارداد سالانه" in page


def test_equal_values_change_and_record_nothing(world, sara):
    update_contact(world.nika, by=sara, name=world.nika.name, name_en=world.nika.name_en, tier="plain")
    db.session.commit()
    assert event_names() == []


def test_back_to_regular_takes_the_reason_along(world, sara):
    update_contact(world.nika, by=sara, tier="gold", tier_reason="خرید ماهانه")
    update_contact(world.nika, by=sara, tier="plain")
    assert world.nika.tier_reason == ""


def test_another_name_is_found_and_sorted(world, sara):
    update_contact(world.nika, by=sara, name="آوا كيانى", name_en="Ava Kiani")
    assert "كيانى" not in world.nika.search_key
    assert "کیانی" in world.nika.search_key
    assert world.nika.sort_key < world.babak.sort_key


def test_a_name_that_is_cleaned_away_is_none(world, sara):
    with pytest.raises(DomainError) as refused:
        update_contact(world.nika, by=sara, name="\u200c \u200f")
    assert refused.value.field == "name"


def test_an_external_number_belongs_to_one(world, sara):
    create_contact(by=sara, name="یکی", external_id="ALFKI")
    with pytest.raises(DomainError) as refused:
        create_contact(by=sara, name="دیگری", external_id="ALFKI")
    assert refused.value.field == "external_id"
    create_contact(by=sara, name="بی‌شماره", external_id="")
    create_contact(by=sara, name="بی‌شمارهٔ دیگر", external_id=None)


def test_archived_twice_is_archived_once(world, maryam, as_user):
    """B10: nothing is lost; the page stays where it was and the person comes back."""
    browser, code = as_user(maryam), world.nika.code
    for _time in range(2):
        assert browser.post(f"/contacts/{code}/archival").status_code == 303
    assert event_names() == ["contact.archived"]
    assert f"/contacts/{code}" not in browser.get("/contacts").text
    assert f"/contacts/{code}" in browser.get("/contacts?archived=1").text
    assert browser.get(f"/contacts/{code}").status_code == 200
    assert browser.post(f"/contacts/{code}/profile", data={"name": "x"}).status_code == 403
    for _time in range(2):
        browser.post(f"/contacts/{code}/restoration")
    assert event_names() == ["contact.archived", "contact.restored"]
    assert f"/contacts/{code}" in browser.get("/contacts").text


def test_what_is_rolled_back_is_not_told(world, sara):
    create_contact(by=sara, name="گذرا")
    db.session.rollback()
    assert event_names() == []


def test_the_verbs_take_no_current_user(world):
    contact = create_contact(by=None, name="از بیرون", points=[("mobile", "09121112233")])
    archive_contact(contact, by=None)
    restore_contact(contact, by=None)
    db.session.commit()
    assert event_names() == ["contact.created", "contact.archived", "contact.restored"]


def test_a_point_that_is_wrong_names_its_kind(world, sara):
    with pytest.raises(DomainError) as refused:
        create_contact(by=sara, name="کسی", points=[("mobile", "12")])
    assert refused.value.field == "mobile"
