"""People and companies for programs: the same verbs and sentences as the pages."""

import pytest

from app.extensions import db
from contacts.models import Company, Contact
from tests.conftest import event_names


@pytest.fixture
def program(world, bearer):
    return bearer(world.maryam)


NEW = {
    "name": "تازه وارد",
    "external_id": "S-9",
    "points": [{"kind": "mobile", "value": "۰۹۱۲ ۳۳۳ ۴۴۵۵", "label": "کار"}],
}


def test_a_contact_is_added_read_changed_and_listed(world, program):
    made = program.post("/api/v1/contacts", json=NEW)
    assert made.status_code == 201
    url = f"/api/v1/contacts/{made.json['code']}"
    assert made.headers["Location"].endswith(url)
    assert made.json["points"][0]["value"] == "+989123334455"
    changed = program.patch(url, json={"name_en": "New Comer"})
    assert (changed.json["name"], changed.json["name_en"]) == ("تازه وارد", "New Comer")
    assert program.get(url).json == changed.json
    assert [row["code"] for row in program.get("/api/v1/contacts?external_id=S-9").json["items"]] == [made.json["code"]]
    assert [row["code"] for row in program.get("/api/v1/contacts?mobile=09123334455").json["items"]] == [
        made.json["code"]
    ]
    assert event_names() == ["token.created", "contact.created", "contact.point_added", "contact.updated"]


def test_what_is_left_out_stays_and_null_empties(world, program):
    url = f"/api/v1/contacts/{program.post('/api/v1/contacts', json=NEW).json['code']}"
    assert program.patch(url, json={}).json["external_id"] == "S-9"
    assert program.patch(url, json={"external_id": None}).json["external_id"] is None


def test_points_and_memberships(world, program):
    url = f"/api/v1/contacts/{world.nika.code}"
    added = program.post(f"{url}/points", json={"kind": "email", "value": "two@example.com"}).json
    second = next(point for point in added["points"] if point["value"] == "two@example.com")
    first = program.post(f"{url}/points/{second['id']}/primary").json["points"]
    assert next(point for point in first if point["id"] == second["id"])["is_primary"]
    left = program.post(f"{url}/points/{second['id']}/removal").json["points"]
    assert second["id"] not in [point["id"] for point in left]
    assert program.post(f"{url}/points/999999/removal").status_code == 404
    company = program.post("/api/v1/companies", json={"name": "شرکت کوشا"}).json
    joined = program.post(f"{url}/memberships", json={"company": company["code"], "title": "خرید"}).json
    membership = next(row for row in joined["memberships"] if row["company"]["code"] == company["code"])
    assert (membership["title"], membership["can_see_prices"]) == ("خرید", False)
    ended = program.post(f"{url}/memberships/{membership['id']}/end").json["memberships"]
    assert not next(row for row in ended if row["id"] == membership["id"])["is_active"]


def test_only_managers_archive(world, program, bearer):
    url = f"/api/v1/contacts/{world.nika.code}"
    assert bearer(world.sara).post(f"{url}/archival").status_code == 403
    assert program.post(f"{url}/archival").json["archived_at"] is not None
    assert program.patch(url, json={"name": "x"}).status_code == 403
    assert program.post(f"{url}/restoration").json["archived_at"] is None


@pytest.mark.parametrize(
    "more", [{"code": "222222222"}, {"is_demo": True}, {"created_at": "x"}, {"id": 1}, {"vip": True}]
)
def test_what_is_not_asked_for_is_refused(world, program, more):
    """P08."""
    answer = program.post("/api/v1/contacts", json={**NEW, **more})
    assert (answer.status_code, answer.json["fields"].keys()) == (422, more.keys())
    assert db.session.scalar(db.select(Contact).where(Contact.external_id == "S-9")) is None


SAME = [
    ("contacts", {"name": ""}, "name"), ("contacts", {"name": "ن" * 121}, "name"),
    ("contacts", {"name": "x", "tier": "gold"}, "tier_reason"), ("contacts", {"name": "x", "tier": "boss"}, "tier"),
    ("companies", {"name": " "}, "name"), ("companies", {"name": "x", "city": "ت" * 81}, "city"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sent", "field"), SAME)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_and_the_api_say_the_same(world, as_user, bearer, what, sent, field, language):
    """The verb holds the rules."""
    world.maryam.locale, world.maryam.digits = language, "fa" if language == "fa" else "latin"
    db.session.commit()
    page = as_user(world.maryam).post(f"/{what}", json=sent)
    api = bearer(world.maryam).post(f"/api/v1/{what}", json=sent, headers={"Accept-Language": language})
    assert (page.status_code, api.status_code) == (422, 422)
    assert page.json["fields"][field] == api.json["fields"][field]


def test_a_wrong_point_names_its_place(world, program):
    answer = program.post("/api/v1/contacts", json={**NEW, "points": [{"kind": "mobile", "value": "12"}]})
    assert answer.status_code == 422
    assert answer.json["fields"] == {"points.0.value": "This is not a mobile number. Write it like 0912 345 6789."}
    assert db.session.scalar(db.select(Contact).where(Contact.external_id == "S-9")) is None


def test_a_company_is_added_changed_and_archived(world, program):
    made = program.post("/api/v1/companies", json={"name": "کوشا", "external_id": "C-1", "legal_id": "10380284790"})
    assert made.status_code == 201
    url = f"/api/v1/companies/{made.json['code']}"
    assert program.patch(url, json={"city": "قم"}).json["city"] == "قم"
    assert program.patch(url, json={"legal_id": None}).json["legal_id"] is None
    assert program.post(f"{url}/archival").json["archived_at"] is not None
    assert made.json["code"] not in [row["code"] for row in program.get("/api/v1/companies").json["items"]]
    assert program.get("/api/v1/companies?archived=true").json["items"][0]["code"] == made.json["code"]
    assert program.post(f"{url}/restoration").json["archived_at"] is None
    assert db.session.query(Company).filter_by(external_id="C-1").count() == 1
