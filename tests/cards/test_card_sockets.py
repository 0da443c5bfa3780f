"""The card's page on the staff sockets: who hears what, and that no frame carries a word of it."""

import contextvars
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app import sockets
from app.extensions import db, socketio
from app.realtime import STAFF
from cards.models import Card
from cards.placement import move
from cards.services import add_note, add_reply, assign, receive_message, rename, set_tags
from pipelines.models import Pipeline, PipelineMembership
from tests.world import World

CANARY = "قناری‌۷۳۱"


class Socket:
    """A connected page. Handlers run apart from the test's own context and database session."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def _apart(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        answer = contextvars.Context().run(fn, *args, **kwargs)
        db.session.expire_all()
        return answer

    def ask(self, name: str, data: object) -> Any:
        return self._apart(self._client.emit, name, data, namespace=STAFF, callback=True)

    def say(self, name: str, data: object) -> None:
        self._apart(self._client.emit, name, data, namespace=STAFF)

    def heard(self, name: str | None = None) -> list[Any]:
        frames = self._client.get_received(STAFF)
        return [frame["args"][0] for frame in frames if name is None or frame["name"] == name]

    def close(self) -> None:
        if self._client.is_connected(STAFF):
            self._apart(self._client.disconnect, STAFF)


@pytest.fixture
def connect(app, as_user, monkeypatch):
    # No thread of this process looks after the sockets of a test.
    monkeypatch.setattr(sockets, "_start_watch", lambda: None)
    opened: list[Socket] = []

    def one(user) -> Socket:
        browser = as_user(user)
        make = socketio.test_client
        client = contextvars.Context().run(make, app, namespace=STAFF, flask_test_client=browser)
        assert client.is_connected(STAFF)
        opened.append(Socket(client))
        return opened[-1]

    yield one
    for socket in opened:
        socket.close()


@pytest.fixture
def card(world: World) -> Card:
    return world.card()


def test_who_reaches_the_card_hears_of_it(card, sara, reza, connect):
    """C4: live, while the page stands open."""
    page = connect(sara)
    answer = page.ask("card.join", {"id": card.id})
    assert answer == {"ok": True, "version": 1, "entry": card.last_entry_id, "viewers": []}
    page.heard()
    note = add_note(card, CANARY, by=reza)
    db.session.commit()
    (frame,) = page.heard("card.news")
    assert (frame["card"], frame["name"], frame["entry"], frame["actor"]) == (card.id, "note.added", note.id, reza.id)
    assert frame["version"] == card.version


FORGED = [{"id": 0}, {"id": -1}, {"id": 10**30}, {"id": "1"}, {"id": True}, {"id": None}, {}, [], "*", "card:1:1", None,
          {"id": 1, "room": "card:1:1"}]  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
def test_a_forged_frame_joins_nothing(card, sara, reza, connect, data):
    """S02"""
    page = connect(sara)
    assert page.ask("card.join", data) == {"ok": False}
    page.heard()
    add_note(card, "سلام", by=reza)
    db.session.commit()
    assert page.heard("card.news") == []


def test_a_stranger_hears_nothing(card, sara, omid, connect):
    """S02, S06, Z02: out of reach and unknown are the same answer."""
    page = connect(omid)
    assert page.ask("card.join", {"id": card.id}) == page.ask("card.join", {"id": 999_999}) == {"ok": False}
    page.say("presence", {"card": card.id, "state": "typing"})
    page.heard()
    add_note(card, "سلام", by=sara)
    db.session.commit()
    assert page.heard() == []


def test_frames_carry_ids_and_no_words(world, card, sara, reza, nika, connect):
    """S10: no text, title, tag, name, number."""
    page = connect(reza)
    page.ask("card.join", {"id": card.id})
    page.heard()
    rename(card, CANARY, by=sara)
    set_tags(card, [CANARY], by=sara)
    add_note(card, CANARY, by=sara, mentions=[])
    add_reply(card, CANARY, by=sara)
    receive_message(card, CANARY, contact=nika)
    assign(card, sara, by=sara)
    move(card, world.stage("Working").id, by=sara)
    db.session.commit()
    frames = page.heard()
    assert len([frame for frame in frames if "seq" in frame]) >= 7
    text = json.dumps(frames, ensure_ascii=False)
    for word in (CANARY, nika.name, sara.name, "09121234567", "+98912"):
        assert word not in text


def test_a_change_that_is_rolled_back_is_not_heard(card, sara, reza, connect):
    page = connect(sara)
    page.ask("card.join", {"id": card.id})
    page.heard()
    add_note(card, "پشیمان شدم", by=reza)
    db.session.rollback()
    db.session.commit()
    assert page.heard("card.news") == []


def test_losing_the_board_ends_the_hearing(world, card, sara, reza, connect):
    """S05, Z11: the room's name changes with the board's access; joining the new one is refused."""
    page = connect(sara)
    page.ask("card.join", {"id": card.id})
    db.session.execute(sa.delete(PipelineMembership).where(PipelineMembership.team_id.is_not(None)))
    db.session.execute(sa.update(Pipeline).where(Pipeline.id == world.support.id).values(access_epoch=2))
    db.session.commit()
    page.heard()
    add_note(card, "پس از رفتن", by=world.maryam)
    db.session.commit()
    assert page.heard("card.news") == []
    assert page.ask("card.join", {"id": card.id}) == {"ok": False}


def test_joining_again_follows_the_board_into_its_next_epoch(world, card, sara, reza, connect):
    page = connect(sara)
    page.ask("card.join", {"id": card.id})
    db.session.execute(sa.update(Pipeline).where(Pipeline.id == world.support.id).values(access_epoch=2))
    db.session.commit()
    assert page.ask("card.join", {"id": card.id})["ok"]
    page.heard()
    add_note(card, "هنوز اینجاییم", by=reza)
    db.session.commit()
    assert len(page.heard("card.news")) == 1


def test_colleagues_see_each_other_on_a_card(card, sara, reza, connect):
    """TICKETS 1.1: looking, writing, gone."""
    mine, theirs = connect(sara), connect(reza)
    mine.ask("card.join", {"id": card.id})
    mine.say("presence", {"card": card.id, "state": "viewing"})
    mine.heard()
    theirs.say("presence", {"card": card.id, "state": "typing"})
    (frame,) = mine.heard("card.presence")
    assert {"user": reza.id, "card": card.id, "state": "typing"} in frame["viewers"]
    assert theirs.ask("card.join", {"id": card.id})["viewers"]
    theirs.close()
    (frame,) = mine.heard("card.presence")
    assert [viewer["user"] for viewer in frame["viewers"]] == [sara.id]


def test_the_bell_rings_live_and_falls_silent_when_read(card, sara, reza, as_user, connect):
    page = connect(reza)
    as_user(reza).post("/inbox/reads")
    page.heard()
    note = add_note(card, "@رضا", by=sara, mentions=[reza.id])
    db.session.commit()
    (frame,) = page.heard("notification")
    assert set(frame) == {"id"}
    as_user(reza).post(f"/cards/{card.code}/reads", json={"entry_id": note.id})
    assert page.heard("notification") == [{"id": None, "unread": 0}]
