"""Responsible, priority, tags, title, and having read: changed through the page."""

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.notifications import Notification
from cards.models import Card, CardRead, Tag
from cards.services import add_note, assign, close, resolve
from pipelines.models import PipelineMembership
from tests.conftest import event_names
from tests.world import World


@pytest.fixture
def card(world: World) -> Card:
    return world.card()


def test_a_colleague_takes_a_card(card, sara, as_user):
    answer = as_user(sara).post(f"/cards/{card.code}/assignment", json={"assignee_id": sara.id})
    assert answer.json["ok"]
    assert answer.json["card"]["version"] == 2
    assert db.session.get_one(Card, card.id).assignee_id == sara.id
    assert event_names()[-1] == "card.assigned"


def test_a_form_leads_back_to_where_it_was(card, sara, as_user):
    browser = as_user(sara)
    for back, target in (("/work", "/work"), ("https://evil.example", f"/cards/{card.code}"),
                         ("//evil.example", f"/cards/{card.code}"), ("", f"/cards/{card.code}")):  # fmt: skip
        answer = browser.post(f"/cards/{card.code}/assignment", data={"assignee_id": sara.id, "back": back})
        assert answer.location == target


@pytest.mark.parametrize("who", ["omid", "nobody", "gone"])
def test_who_does_not_work_on_the_board_gets_no_card(world, card, sara, reza, as_user, who):
    """Z07: a stranger, a former colleague and an unknown id sound alike."""
    reza.deactivated_at = utcnow()
    db.session.commit()
    ids = {"omid": world.omid.id, "nobody": 999_999, "gone": reza.id}
    answer = as_user(sara).post(f"/cards/{card.code}/assignment", json={"assignee_id": ids[who]})
    assert answer.status_code == 422
    assert answer.json["detail"] == "این همکار در این بورد کار نمی‌کند."
    assert db.session.get_one(Card, card.id).assignee_id is None


@pytest.mark.parametrize("typed", ["x", "1.5", "99999999999999", ["1", "2"]])
def test_a_nonsense_id_assigns_nobody(card, sara, as_user, typed):
    assign(card, sara, by=sara)
    db.session.commit()
    answer = as_user(sara).post(f"/cards/{card.code}/assignment", json={"assignee_id": typed})
    assert answer.status_code == 422
    assert db.session.get_one(Card, card.id).assignee_id == sara.id


def test_taking_asks_whether_it_is_still_free(card, sara, reza, as_user):
    as_user(reza).post(f"/cards/{card.code}/assignment", data={"assignee_id": reza.id, "if_free": "1"})
    late = as_user(sara).post(f"/cards/{card.code}/assignment", json={"assignee_id": sara.id, "if_free": True})
    assert late.status_code == 409
    assert late.json["code"] == "taken"
    assert db.session.get_one(Card, card.id).assignee_id == reza.id


@pytest.mark.parametrize(("typed", "level"), [("4", 4), ("۳", 3), ("١", 1)])
def test_priority_is_set_in_any_digits(card, sara, as_user, typed, level):
    """D6"""
    assert as_user(sara).post(f"/cards/{card.code}/priority", data={"priority": typed}).status_code == 303
    assert db.session.get_one(Card, card.id).priority == level
    assert "card.prioritised" in event_names()[-2:]


@pytest.mark.parametrize("typed", ["0", "5", "", "high", "-1", "2.5"])
def test_there_are_four_priorities(card, sara, as_user, typed):
    answer = as_user(sara).post(f"/cards/{card.code}/priority", json={"priority": typed})
    assert answer.status_code == 422
    assert answer.json["fields"]["priority"]
    assert db.session.get_one(Card, card.id).priority == 2


def test_two_spellings_are_one_tag(card, sara, as_user):
    browser = as_user(sara)
    browser.post(f"/cards/{card.code}/tags", data={"tags": "شكستگي، فوری, شکستگی"})
    assert sorted(db.session.scalars(sa.select(Tag.name))) == ["شکستگی", "فوری"]
    browser.post(f"/cards/{card.code}/tags", json={"tags": ["شکستگی"]})
    page = browser.get(f"/cards/{card.code}").text
    assert '<span class="tag" dir="auto">شکستگی</span>' in page
    assert '<span class="tag" dir="auto">فوری</span>' not in page
    assert browser.post(f"/cards/{card.code}/tags", data={"tags": ""}).status_code == 303
    assert db.session.get_one(Card, card.id).tags == []


def test_too_many_or_endless_tags_are_refused(card, sara, as_user):
    browser = as_user(sara)
    for tags in (",".join(f"t{n}" for n in range(13)), ",".join(f"t{n}" for n in range(30)), "ب" * 60):
        answer = browser.post(f"/cards/{card.code}/tags", json={"tags": tags})
        assert answer.status_code == 422
        assert answer.json["fields"]["tags"]
    assert db.session.get_one(Card, card.id).tags == []


def test_a_title_is_changed_and_kept_when_empty(card, sara, as_user):
    browser = as_user(sara)
    answer = browser.post(f"/cards/{card.code}/title", json={"title": "  قوری و  دو فنجان "})
    assert answer.json["title"] == "قوری و دو فنجان"
    for title in ("", "   ", "ب" * 161):
        assert browser.post(f"/cards/{card.code}/title", json={"title": title}).status_code == 422
    assert db.session.get_one(Card, card.id).title == "قوری و دو فنجان"


@pytest.mark.parametrize(("path", "form"), [("assignment", {"assignee_id": ""}), ("priority", {"priority": "4"}),
                                            ("tags", {"tags": "x"}), ("title", {"title": "x"})])  # fmt: skip
def test_a_closed_card_is_not_changed(world, card, sara, as_user, path, form):
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=sara)
    close(card, by=sara)
    db.session.commit()
    version = card.version
    answer = as_user(sara).post(f"/cards/{card.code}/{path}", json=form)
    assert answer.status_code == 409
    assert answer.json["code"] == "closed"
    assert db.session.get_one(Card, card.id).version == version


def test_the_first_look_is_noted_once_and_by_a_post(card, sara, reza, as_user):
    """B4: reading a page changes nothing; its script says that it was seen."""
    as_user(sara).get(f"/cards/{card.code}")
    assert db.session.get_one(Card, card.id).seen_at is None
    for browser in (as_user(sara), as_user(reza)):
        assert browser.post(f"/cards/{card.code}/reads", json={"entry_id": card.last_entry_id}).json["ok"]
    assert db.session.get_one(Card, card.id).seen_at is not None
    assert event_names().count("card.seen") == 1
    assert len(db.session.scalars(sa.select(CardRead)).all()) == 2


def test_reading_never_goes_back_and_never_ahead(card, sara, reza, as_user):
    add_note(card, "دو", by=reza)
    db.session.commit()
    browser, newest = as_user(sara), card.last_entry_id
    for entry_id in (newest, 1, 0, 999_999):
        browser.post(f"/cards/{card.code}/reads", json={"entry_id": entry_id})
        assert db.session.get_one(CardRead, (card.id, sara.id)).entry_id == newest


def test_looking_at_a_card_settles_its_notifications(card, sara, as_user):
    before = db.session.scalars(sa.select(Notification).where(Notification.user_id == sara.id)).all()
    assert [row.read_at for row in before] == [None]
    as_user(sara).post(f"/cards/{card.code}/reads", json={"entry_id": 1})
    (row,) = db.session.scalars(sa.select(Notification).where(Notification.user_id == sara.id)).all()
    assert row.read_at is not None


def test_who_only_looks_on_does_not_count_as_seen(world, card, omid, as_user):
    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=omid.id, level="viewer"))
    db.session.commit()
    assert as_user(omid).post(f"/cards/{card.code}/reads", json={"entry_id": 1}).status_code == 200
    assert db.session.get_one(Card, card.id).seen_at is None
