"""Attacks on the sockets: S01-S07, S10, N03."""

import contextvars
import json

import pytest
import sqlalchemy as sa
from flask import Flask

from app import presence, realtime, sockets
from app.auth import sessions
from app.auth.models import Session
from app.clock import freeze, utcnow
from app.extensions import db, socketio
from app.realtime import PORTAL, STAFF
from app.users.services import deactivate
from cards.models import Card
from cards.placement import move
from cards.services import add_note, add_reply, assign, receive_message, set_priority, set_tags
from contacts.models import Contact
from pipelines.models import PipelineMembership
from tests.safety.listening import Page

NONSENSE = [None, "", [], {}, "*", "%", 0, -1, 2**63, True, 1.5, {"id": None}, {"id": "1"}, {"id": [1]}, {"id": True},
            {"id": "*"}, {"id": {"id": 1}}, {"id": 10**30}, {"id": -1}, {"id": 1, "room": "user:1"},
            {"room": "pipeline:1:1"},
            "pipeline:1:1", "user:1", "portal:1", "x" * 10_000, [[[[[[]]]]]], b"\x00\xff"]  # fmt: skip


@pytest.fixture
def open_page(app: Flask, as_user, as_contact, monkeypatch):
    """A page with its socket, signed in as somebody. No thread of this process watches the sockets of a test."""
    monkeypatch.setattr(sockets, "_start_watch", lambda: None)
    opened: list[Page] = []

    def connect(who, namespace: str | None = None) -> Page:
        is_contact = isinstance(who, Contact)
        browser = (as_contact if is_contact else as_user)(who) if who else app.test_client()
        namespace = namespace or (PORTAL if is_contact else STAFF)
        client = contextvars.Context().run(
            socketio.test_client, app, namespace=namespace, flask_test_client=browser
        )  # fmt: skip
        db.session.expire_all()
        opened.append(Page(client, namespace, browser))
        return opened[-1]

    yield connect
    for page in opened:
        page.close()


def work_on(world, card) -> None:
    """Everything sara does in a morning."""
    move(card, world.stage("Working").id, by=world.sara)
    add_note(card, "قناری‌۷۳۱ قیمت خرید ۱۲۰۰۰۰۰ ریال، 09121234567", by=world.sara)
    set_priority(card, 4, by=world.sara)
    set_tags(card, ["شکستگی"], by=world.sara)
    assign(card, world.reza, by=world.sara)
    add_reply(card, "خبر می‌دهم", by=world.sara)
    receive_message(card, "ممنون", contact=world.nika)
    db.session.commit()


@pytest.mark.parametrize("namespace", [STAFF, PORTAL])
def test_nobody_connects_without_a_session(world, open_page, namespace):
    """S02: ANON."""
    assert not open_page(None, namespace).is_connected


def test_a_customer_is_no_colleague_and_a_colleague_no_customer(world, open_page):
    """S02: the session of one side opens no socket of the other."""
    assert not open_page(world.nika, STAFF).is_connected
    assert not open_page(world.sara, PORTAL).is_connected


def test_who_was_deactivated_does_not_connect(world, open_page):
    world.sara.deactivated_at = utcnow()
    db.session.commit()
    assert not open_page(world.sara).is_connected


@pytest.mark.parametrize("signal", ["pipeline.join", "card.join"])
def test_a_stranger_joins_nothing_and_hears_nothing(world, open_page, signal):
    """S02: every id and every nonsense, while colleagues work."""
    card = world.card()
    page = open_page(world.omid)
    page.heard()
    for said in [*NONSENSE, {"id": world.support.id}, {"id": card.id}]:
        answer = page.ask(signal, said)
        assert answer == {"ok": False} or (signal == "pipeline.join" and answer is None), said
    work_on(world, card)
    assert page.heard() == []


@pytest.mark.parametrize("signal", ["join", "agents", "team:2", "pipeline.join ", "__proto__", "event", "notification"])
def test_signals_that_nobody_knows_do_nothing(world, open_page, signal):
    card, page = world.card(), open_page(world.omid)
    page.say(signal, {"id": world.support.id})
    page.heard()
    work_on(world, card)
    assert page.heard() == []


def test_a_customers_socket_takes_no_signal_of_the_board(world, open_page):
    """S02, S06: joins, presence and typing sent from the portal."""
    card, page = world.card(contact=world.babak), open_page(world.nika)
    for signal in ("pipeline.join", "card.join", "presence", "pipeline.leave", "card.leave"):
        page.say(signal, {"id": card.id, "card": card.id, "state": "typing"})
    work_on(world, card)
    assert page.heard() == []


def test_a_customer_hears_of_what_a_customer_sees_only(world, open_page):
    """S04, N03: no frame at all for internal work, so that not even its time is told."""
    card, page = world.card(), open_page(world.nika)
    page.heard()
    add_note(card, "قناری", by=world.sara)
    set_priority(card, 4, by=world.sara)
    set_tags(card, ["شکستگی"], by=world.sara)
    assign(card, world.reza, by=world.sara)
    db.session.commit()
    move(card, world.stage("Consulting").id, by=world.sara)
    db.session.commit()
    assert page.heard() == []
    add_reply(card, "خبر می‌دهم", by=world.sara)
    db.session.commit()
    assert page.heard() == [("changed", {"request": card.code})]


def test_a_stranger_says_nothing_about_a_card(world, open_page):
    """S06: presence by somebody who does not reach the card is heard by nobody."""
    card, colleague, stranger = world.card(), open_page(world.sara), open_page(world.omid)
    assert colleague.ask("pipeline.join", {"id": world.support.id})["ok"]
    colleague.heard()
    for state in ("viewing", "typing", "away", "x", None):
        stranger.say("presence", {"card": card.id, "state": state})
    assert colleague.heard() == []


def test_frames_carry_ids_and_no_words(world, open_page):
    """S10: every frame of every page while everything is done; names, words, telephones and amounts are nowhere."""
    card = world.card("قوری قناری‌شکسته", body="متن قناری")
    board, page, portal = open_page(world.sara), open_page(world.reza), open_page(world.nika)
    assert board.ask("pipeline.join", {"id": world.support.id})["ok"]
    assert page.ask("card.join", {"id": card.id})["ok"]
    work_on(world, card)
    said = json.dumps([board.heard(), page.heard(), portal.heard()], ensure_ascii=False)
    assert "card.moved" in said
    for word in (
        "قناری",
        "نیکا",
        "سارا",
        "رضا",
        "0912",
        "912123",
        "1200000",
        "۱۲۰۰۰۰۰",
        "nika",
        "شکستگی",
        "خبر",
        "ممنون",
    ):
        assert word not in said


@pytest.mark.parametrize("room", [None, "", [], [None], ("a", "b"), 7])
def test_a_frame_without_a_room_is_not_sent(app, room):
    """S03: the library would send it to everybody."""
    with pytest.raises(ValueError):
        realtime.emit("event", {}, room, STAFF)


def test_only_the_kernel_sends_frames():
    """S03: whatever else would call the library's emit could forget the room."""
    from tests.app.test_layers import ROOT

    allowed = {"app/realtime.py", "app/sockets.py"}
    found = [
        path.relative_to(ROOT).as_posix()
        for package in ("app", "contacts", "pipelines", "knowledge", "cards", "orders", "channels", "imports", "portal")
        for path in sorted((ROOT / package).rglob("*.py"))
        if any(word in path.read_text() for word in ("socketio.emit(", "socketio.send(", "broadcast=True"))
    ]
    assert set(found) <= allowed


LOSSES = {
    "signed out elsewhere": lambda world: sessions.end_all_of_user(world.sara),
    "session expired": lambda _world: db.session.execute(sa.update(Session).values(expires_at=utcnow())),
    "deactivated": lambda world: setattr(world.sara, "deactivated_at", utcnow()),
    "left the board": lambda world: db.session.execute(
        sa.delete(PipelineMembership).where(PipelineMembership.pipeline_id == world.support.id)
    ),
}  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_a_right_that_is_lost_ends_at_the_next_word(world, open_page, loss):
    """S05, A11, Z11: an open socket is asked again whenever it speaks."""
    card, page = world.card(), open_page(world.sara)
    assert page.ask("pipeline.join", {"id": world.support.id})["ok"]
    LOSSES[loss](world)
    db.session.commit()
    assert not page.is_connected or page.ask("pipeline.join", {"id": world.support.id}) == {"ok": False}
    assert not page.is_connected or page.ask("card.join", {"id": card.id}) == {"ok": False}


@pytest.mark.parametrize("loss", ["signed out elsewhere", "session expired", "deactivated"])
def test_the_watch_puts_out_who_lost_their_session(app, world, open_page, loss):
    """S05: within the watch's two seconds, also where another process ended it."""
    page, other = open_page(world.sara), open_page(world.reza)
    page.ask("pipeline.join", {"id": world.support.id})
    if loss == "session expired":
        mine = Session.user_id == world.sara.id
        db.session.execute(sa.update(Session).where(mine).values(expires_at=utcnow()))
    else:
        LOSSES[loss](world)
    db.session.commit()
    contextvars.Context().run(sockets.check_open, app)
    db.session.rollback()
    assert not page.is_connected
    assert other.is_connected


def test_leaving_a_board_ends_the_hearing_at_once(world, open_page):
    """S05, Z11: the room is closed with the transaction that takes the right."""
    card_id, working, page = world.card().id, world.stage("Working").id, open_page(world.maryam)
    assert page.ask("pipeline.join", {"id": world.support.id})["ok"]
    deactivate(world.maryam, {}, by=world.admin)
    db.session.commit()
    page.heard()
    db.session.rollback()
    move(db.session.get_one(Card, card_id), working, by=None)
    db.session.commit()
    assert page.heard() == []


def test_a_flood_is_not_answered(world, open_page):
    """S08: beyond the budget of a second nothing is done for this socket, and others are served."""
    page, other = open_page(world.sara), open_page(world.reza)
    answers = [page.ask("pipeline.join", {"id": world.support.id}) for _ in range(sockets.FRAMES_PER_SECOND * 3)]
    assert {"ok": False} in answers
    assert other.ask("pipeline.join", {"id": world.support.id})["ok"]


def test_a_session_has_a_limited_number_of_sockets(app, world, open_page):
    """S08"""
    page = open_page(world.sara)
    more = [
        contextvars.Context().run(socketio.test_client, app, namespace=STAFF, flask_test_client=page.browser)
        for _ in range(sockets.SOCKETS_PER_SESSION + 5)
    ]
    assert sum(client.is_connected(STAFF) for client in more) == sockets.SOCKETS_PER_SESSION - 1
    for client in more:
        if client.is_connected(STAFF):
            contextvars.Context().run(client.disconnect, STAFF)


def test_idle_time_does_not_end_an_open_page(app, world, open_page):
    """A19: an open socket is use."""
    page = open_page(world.sara)
    with freeze(utcnow().replace(microsecond=0)):
        contextvars.Context().run(sockets.check_open, app)
    assert page.is_connected


def test_a_page_that_is_left_while_it_joins_is_no_viewer(world, open_page, monkeypatch):
    """Its socket is gone by the time the board answers: nothing fails, and nobody is shown as looking on."""
    colleague = open_page(world.sara)

    def gone(_room: str) -> None:
        raise ValueError("sid is not connected to requested namespace")

    monkeypatch.setattr("app.sockets.join_room", gone)
    card = world.card()
    assert colleague.ask("pipeline.join", {"id": world.support.id}) == {"ok": False}
    assert colleague.ask("card.join", {"id": card.id}) == {"ok": False}
    assert presence.viewers(f"pipeline:{world.support.id}") == []
