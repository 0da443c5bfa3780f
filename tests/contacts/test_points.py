"""Ways to reach a person: numbers in any form, shared ones, the primary one of a kind."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from contacts.models import Contact, ContactPoint
from contacts.services import add_point, find_by_point, make_primary, normalise, remove_point
from tests.conftest import event_names


def post(browser: FlaskClient, contact: Contact, **form: str) -> TestResponse:
    return browser.post(f"/contacts/{contact.code}/points", data={"kind": "mobile", "value": ""} | form)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("mobile", "۰۹۳۵ ۲۲۰ ۱۴۰۸", ("mobile", "+989352201408")),
        ("mobile", "٠٠٩٨٩٣٥٢٢٠١٤٠٨", ("mobile", "+989352201408")),
        ("phone", "0935-220-1408", ("mobile", "+989352201408")),
        ("phone", "۰۲۱ ۸۸۷۷ ۶۶۵۵", ("phone", "+982188776655")),
        ("phone", "+44 20 7946 0018", ("phone", "+442079460018")),
        ("email", " Nika.S@Example.COM ", ("email", "nika.s@example.com")),
        ("address", "  تهران،  كوچهٔ بهار ", ("address", "تهران، کوچهٔ بهار")),
    ],
)
def test_one_form_for_all_ways_to_write_it(app, kind, typed, stored):
    assert normalise(kind, typed) == stored


def test_an_agent_adds_a_number(world, sara, as_user):
    answer = post(as_user(sara), world.babak, value="۰۹۳۵ ۲۲۰ ۱۴۰۸", label="خانه", is_shared="y")
    assert answer.status_code == 303
    point = world.babak.points[-1]
    assert (point.normalised, point.label, point.is_shared, point.is_primary) == ("+989352201408", "خانه", True, False)
    assert event_names() == ["contact.point_added"]
    assert db.session.scalars(sa.select(Event)).one().data["value"] == "+989352201408"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("mobile", ""),
        ("mobile", "021 8877 6655"),
        ("phone", "12"),
        ("email", "nika@"),
        ("fax", "021"),
        ("address", "x" * 401),
    ],
)
def test_bad_input(world, sara, as_user, kind, value):
    browser = as_user(sara)
    answer = post(browser, world.nika, kind=kind, value=value)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert value[:50] in answer.text
    assert event_names() == []


def test_the_same_number_twice_for_one_person_is_refused(world, sara, as_user):
    answer = as_user(sara).post(f"/contacts/{world.nika.code}/points", json={"kind": "phone", "value": "۰۹۱۲-۱۲۳-۴۵۶۷"})
    assert answer.status_code == 422
    assert answer.json["fields"]["value"]
    assert len(world.nika.points) == 2


def test_a_number_may_be_shared_by_several_people(world, sara):
    """One number of a family or an office is normal."""
    add_point(world.babak, "mobile", "09121234567", by=sara, is_shared=True)
    db.session.commit()
    assert find_by_point("mobile", "+989121234567") == [world.nika, world.babak]


def test_those_who_proved_a_number_come_first(world, sara):
    world.nika.points[0].verified_at = None
    add_point(world.babak, "mobile", "09121234567", by=sara, verified_at=world.nika.created_at)
    assert [contact.name for contact in find_by_point("mobile", "+989121234567")] == ["بابک دهقان", "نیکا صفوی"]


def test_an_archived_person_is_not_found_by_number(world, maryam, as_user):
    as_user(maryam).post(f"/contacts/{world.nika.code}/archival")
    assert find_by_point("mobile", "+989121234567") == []


def test_another_primary_number(world, sara, as_user):
    point = add_point(world.nika, "mobile", "09352201408", by=sara)
    db.session.commit()
    browser = as_user(sara)
    for _time in range(2):
        browser.post(f"/contacts/{world.nika.code}/points/{point.id}/primacy")
    assert world.nika.mobile == "+989352201408"
    assert [p.is_primary for p in world.nika.points if p.kind == "mobile"].count(True) == 1
    assert event_names() == ["contact.point_added", "contact.point_made_primary"]


def test_the_oldest_other_number_follows_a_removed_primary_one(world, sara, as_user):
    second = add_point(world.nika, "mobile", "09352201408", by=sara)
    add_point(world.nika, "mobile", "09352201409", by=sara)
    first = next(point for point in world.nika.points if point.is_primary)
    db.session.commit()
    browser, path = as_user(sara), f"/contacts/{world.nika.code}/points/{first.id}/removal"
    assert browser.post(path).status_code == 303
    assert browser.post(path).status_code == 404
    assert world.nika.mobile == second.normalised
    assert event_names()[-1] == "contact.point_removed"


def test_removing_what_is_gone_does_nothing(world, sara):
    point = world.nika.points[1]
    remove_point(world.nika, point, by=sara)
    remove_point(world.nika, point, by=sara)
    make_primary(world.nika, point, by=sara)
    db.session.commit()
    assert event_names() == ["contact.point_removed"]


def test_unknown_kinds_are_refused(world, sara):
    with pytest.raises(DomainError) as refused:
        add_point(world.nika, "telex", "1", by=sara)
    assert refused.value.field == "kind"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ContactPoint)) == 4
