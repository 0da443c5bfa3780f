"""What is refused on the card page changes nothing; tests/app/test_route_matrix.py asks every address."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.users.models import User
from cards.models import Card, Entry
from cards.services import add_reply
from pipelines.models import PipelineMembership
from tests.conftest import event_names
from tests.world import World


@pytest.fixture
def browser_of(app: Flask, world, as_user, as_contact):
    users = {"agent": world.sara, "stranger": world.omid, "manager": world.maryam, "admin": world.admin}

    def browser(who: str):
        if who == "anon":
            return app.test_client()
        return as_contact(world.nika) if who == "contact" else as_user(users[who])

    return browser


@pytest.mark.parametrize("who", ["anon", "contact"])
def test_scripts_that_are_not_signed_in_hear_so(world, browser_of, who):
    card = world.card()
    answer = browser_of(who).post(f"/cards/{card.code}/notes", json={"body": "سلام"})
    assert answer.status_code == 401
    assert answer.json["code"] == "unauthenticated"


def test_a_card_out_of_reach_answers_like_a_code_nobody_has(world, omid, as_user):
    """Z02"""
    card, browser = world.card(), as_user(omid)
    there, nowhere = browser.get(f"/cards/{card.code}"), browser.get("/cards/7KQD3XHT4")
    assert there.status_code == nowhere.status_code == 404
    assert card.title not in there.text


@pytest.fixture
def viewer(world: World) -> User:
    """omid may look at the support board, and no more."""
    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=world.omid.id, level="viewer"))
    db.session.commit()
    return world.omid


CHANGES = ["notes", "replies", "assignment", "priority", "tags", "title", "closure", "reopening"]


@pytest.mark.parametrize("path", CHANGES)
def test_a_viewer_reads_and_is_told_why_nothing_else_works(world, viewer, as_user, path):
    card, browser = world.card(), as_user(viewer)
    assert browser.get(f"/cards/{card.code}").status_code == 200
    answer = browser.post(f"/cards/{card.code}/{path}", json={"body": "x", "title": "x", "priority": 4, "tags": ["x"]})
    assert answer.status_code == 403
    assert "بورد" in answer.json["detail"]
    assert event_names() == ["card.opened", "request.received", "promise.made"]


def test_the_page_of_a_viewer_offers_nothing_to_change(world, viewer, as_user):
    page = as_user(viewer).get(f"/cards/{world.card().code}").text
    assert "data-mode" not in page
    assert "assignee-menu" not in page


def test_losing_the_board_takes_the_card_at_once(world, sara, as_user):
    """Z11"""
    card, browser = world.card(), as_user(sara)
    assert browser.get(f"/cards/{card.code}").status_code == 200
    db.session.execute(sa.delete(PipelineMembership).where(PipelineMembership.pipeline_id == world.support.id))
    db.session.commit()
    assert browser.get(f"/cards/{card.code}").status_code == 404
    assert browser.get(f"/cards/{card.code}/entries?after=0").status_code == 404
    assert browser.post(f"/cards/{card.code}/notes", data={"body": "هنوز اینجا هستم"}).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1


def test_author_time_and_channel_of_a_note_are_the_servers(world, sara, reza, as_user):
    """Z08"""
    card = world.card()
    forged = {"author_id": reza.id, "created_at": "2020-01-01", "visibility": "portal", "kind": "reply"}
    forged["body"] = "من نوشتم"
    as_user(sara).post(f"/cards/{card.code}/notes", data=forged)
    note = db.session.scalars(sa.select(Entry).where(Entry.kind == "note")).one()
    assert (note.author_id, note.kind, note.visibility) == (sara.id, "note", "internal")
    assert note.created_at.year > 2020


def test_a_forged_entry_of_another_card_is_not_withdrawn(world, sara, as_user):
    """The child is loaded through its card: two ids in one address must belong together."""
    mine, other = world.card(), world.card("کارت دیگر")
    reply = add_reply(other, "سلام", by=sara)
    db.session.commit()
    answer = as_user(sara).post(f"/cards/{mine.code}/entries/{reply.id}/withdrawal")
    assert answer.status_code == 404
    db.session.refresh(reply)
    assert reply.withdrawn_at is None
    assert db.session.get_one(Card, mine.id).version == 1
