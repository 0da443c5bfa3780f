"""Frequent questions of a department: A3."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from knowledge import services
from knowledge.models import FaqEntry
from pipelines.models import Department
from tests.conftest import event_names

BASE = "/settings/departments/support/questions"
NEW = {"question_fa": "كي مي‌رسد؟", "answer_fa": "دو تا سه روز کاری.", "question_en": "When?", "answer_en": "",
       "is_active": "y"}  # fmt: skip


def shown(world) -> list[str]:
    return [entry.question_fa for entry in db.session.scalars(FaqEntry.shown_for(world.department.id))]


@pytest.fixture
def three(world, admin, as_user) -> list[FaqEntry]:
    for number in "۱۲۳":
        as_user(admin).post(BASE, data={**NEW, "question_fa": f"پرسش {number}"})
    return services.entries_of(world.department)


def test_an_admin_writes_what_customers_read_first(world, admin, as_user):
    assert as_user(admin).post(BASE, data=NEW).status_code == 303
    assert shown(world) == ["کی می‌رسد؟"]
    assert event_names() == ["faq.added"]
    assert "کی می‌رسد؟" in as_user(admin).get(BASE).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question_fa": ""}, "question_fa"),
        ({"answer_fa": " "}, "answer_fa"),
        ({"question_fa": "پ" * 201}, "question_fa"),
        ({"answer_en": "x" * 4001}, "answer_en"),
    ],
)
def test_bad_questions_are_refused_with_what_was_typed(world, admin, as_user, changes, field):
    answer = as_user(admin).post(BASE, data={**NEW, **changes}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert "When?" in as_user(admin).post(BASE, data={**NEW, **changes}).text
    assert shown(world) == []


def test_a_question_changes_and_is_taken_out_of_use(world, admin, three, as_user):
    data = {**NEW, "question_fa": "پرسش تازه"}
    del data["is_active"]
    assert as_user(admin).post(f"{BASE}/{three[0].id}", data=data).status_code == 303
    assert shown(world) == ["پرسش ۲", "پرسش ۳"]
    event = db.session.scalars(sa.select(Event).where(Event.name == "faq.changed")).one()
    assert event.data["from"] == {"question_fa": "پرسش ۱", "is_active": True}
    assert event.actor_id == admin.id
    as_user(admin).post(f"{BASE}/{three[0].id}", data=data)
    assert event_names().count("faq.changed") == 1


def test_questions_change_places(world, admin, three, as_user):
    browser = as_user(admin)
    browser.post(f"{BASE}/{three[2].id}/position", data={"direction": "up"})
    assert shown(world) == ["پرسش ۱", "پرسش ۳", "پرسش ۲"]
    browser.post(f"{BASE}/{three[0].id}/position", data={"direction": "up"})
    assert event_names().count("faq.moved") == 1
    assert browser.post(f"{BASE}/{three[0].id}/position", data={"direction": "x"}).status_code == 422


def test_a_question_of_another_department_is_not_there(world, admin, three, as_user):
    other = Department(slug="other", name_fa="دیگر", pipeline_id=world.support.id)
    db.session.add(other)
    db.session.commit()
    address = f"/settings/departments/other/questions/{three[0].id}"
    assert as_user(admin).get(address).status_code == 404
    assert as_user(admin).post(address, data=NEW).status_code == 404
    assert shown(world)[0] == "پرسش ۱"


def test_nobody_reads_a_hundred_questions(world, admin, as_user, monkeypatch):
    monkeypatch.setattr(services, "MOST_ENTRIES", 1)
    as_user(admin).post(BASE, data=NEW)
    assert as_user(admin).post(BASE, data=NEW).status_code == 422
    assert len(shown(world)) == 1
