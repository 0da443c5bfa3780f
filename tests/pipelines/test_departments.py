"""Departments: A2, and who gets requests first."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from cards.services import open_card
from pipelines.models import Department
from tests.conftest import event_names

pytestmark = pytest.mark.servers

BASE = "/settings/departments"


@pytest.fixture
def new(world, sara) -> dict[str, object]:
    return {"slug": "warranty", "name_fa": "گارانتي", "name_en": "Warranty", "icon": "shield",
            "pipeline_id": world.support.id, "default_assignee_id": sara.id, "is_public": "y",
            "is_active": "y"}  # fmt: skip


def department(slug: str) -> Department:
    return db.session.scalars(sa.select(Department).where(Department.slug == slug)).one()


def test_a_department_sends_requests_to_its_board_and_its_first_assignee(world, admin, sara, new, as_user):
    """A2, B3"""
    assert as_user(admin).post(BASE, data=new).status_code == 303
    made = department("warranty")
    assert (made.name_fa, made.icon, made.position) == ("گارانتی", "shield", 1)
    assert event_names() == ["department.created"]
    card = open_card(world.nika, made.pipeline.first_stage, title="خراب شد", by=world.nika, department=made)
    db.session.commit()
    assert card.assignee_id == sara.id
    page = as_user(admin).get(BASE).text
    assert "http://kariz.test/portal/requests/new?department=warranty" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "support"}, "slug"),
        ({"slug": "Warranty!"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"name_fa": ""}, "name_fa"),
        ({"icon": "skull"}, "icon"),
        ({"pipeline_id": "orders"}, "pipeline_id"),
        ({"pipeline_id": "999999"}, "pipeline_id"),
        ({"default_assignee_id": "omid"}, "default_assignee_id"),
        ({"default_assignee_id": "999999"}, "default_assignee_id"),
        ({"default_assignee_id": "x"}, "default_assignee_id"),
    ],
)
def test_bad_departments_are_refused(world, admin, new, as_user, changes, field):
    """Orders come of themselves: no department sends requests to their board."""
    ids = {"orders": world.orders.id, "omid": world.omid.id}
    data = {**new, **{name: ids.get(value, value) for name, value in changes.items()}}
    answer = as_user(admin).post(BASE, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert db.session.scalar(sa.select(sa.func.count(Department.id))) == 1


def test_a_department_changes_and_keeps_its_address(world, admin, new, as_user):
    data = {**new, "slug": "other", "name_fa": "پشتیبانی فروش", "default_assignee_id": 0, "is_public": ""}
    del data["is_active"]
    data["pipeline_id"] = world.sales.id
    assert as_user(admin).post(f"{BASE}/support", data=data).status_code == 303
    changed = department("support")
    assert (changed.pipeline_id, changed.is_public, changed.is_active) == (world.sales.id, False, False)
    event = db.session.scalars(sa.select(Event)).one()
    assert event.data["from"]["name_fa"] == "پشتیبانی"
    assert event.data["to"]["is_active"] is False
    assert db.session.scalars(Department.in_portal()).all() == []


def test_departments_stand_in_the_order_they_are_given(world, admin, new, as_user):
    browser = as_user(admin)
    browser.post(BASE, data=new)
    browser.post(f"{BASE}/warranty/position", data={"direction": "up"})
    assert [row.slug for row in db.session.scalars(Department.in_portal())] == ["warranty", "support"]
    browser.post(f"{BASE}/warranty/position", data={"direction": "up"})
    assert event_names() == ["department.created", "department.moved"]
    assert browser.post(f"{BASE}/nowhere/position", data={"direction": "up"}).status_code == 404
