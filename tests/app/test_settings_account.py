"""One's own account: what is one's own to change (Z04), the password (A09, A11), the devices, S05."""

import contextvars

import pytest
import sqlalchemy as sa

from app import sockets
from app.auth.models import Attempt, Session
from app.auth.services import password_fits, set_password
from app.events import Event
from app.extensions import db, socketio
from app.realtime import STAFF
from tests.conftest import event_names

OLD, NEW = "a good long password", "یک گذرواژهٔ تازه و بلند"
NAMES = {"name": "سارا امینی", "name_en": "Sara", "display_name": "سارا"}
LOOKS = {"locale": "en", "calendar": "gregorian", "digits": "latin", "theme": "dark", "board_direction": "rtl"}


@pytest.fixture
def known(sara):
    set_password(sara, OLD)
    db.session.commit()
    return sara


def test_colleagues_say_how_they_are_called_and_how_pages_look(world, sara, as_user):
    browser = as_user(sara)
    assert browser.post("/account", data=NAMES).status_code == 303
    assert browser.post("/account/display", data=LOOKS).status_code == 303
    assert {name: getattr(sara, name) for name in NAMES | LOOKS} == NAMES | LOOKS
    events = db.session.scalars(sa.select(Event).order_by(Event.id)).all()
    assert [(event.name, event.actor_id) for event in events] == [("user.changed", sara.id)] * 2
    assert events[1].data["from"]["theme"] == "system"
    page = browser.get("/account").text
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page


def test_nothing_else_of_an_account_is_ones_own(world, sara, as_user):
    """Z04: role, address, teams and the closing of the account are not taken from the body."""
    before = (sara.role, sara.email, sara.password_hash)
    extra = {"role": "admin", "is_admin": "1", "email": "x@example.com", "teams": "1", "deactivated_at": "2026-01-01",
             "password_hash": "x", "picture_id": "1", "two_factor": "", "quiet_from": "1"}  # fmt: skip
    as_user(sara).post("/account", data={**NAMES, **extra})
    as_user(sara).post("/account/display", data={**LOOKS, **extra})
    assert (sara.picture_id, sara.quiet_from) == (None, None)
    assert (sara.role, sara.email, sara.password_hash) == before
    assert sara.is_active
    assert as_user(sara).get("/settings/users").status_code == 403


@pytest.mark.parametrize(
    ("path", "changes"),
    [("", {"name": ""}), ("", {"display_name": "س" * 41}), ("/display", {"locale": "de"}),
     ("/display", {"calendar": "moon"}), ("/display", {"theme": "x"}), ("/display", {"board_direction": "up"}),
     ("/display", {"digits": ""})],
)  # fmt: skip
def test_bad_input_is_refused(world, sara, as_user, path, changes):
    answer = as_user(sara).post(f"/account{path}", data={**NAMES, **LOOKS, "name_en": "As typed", **changes})
    assert answer.status_code == 422
    assert ("As typed" in answer.text) == (path == "")
    assert event_names() == []


def test_a_new_password_signs_every_other_device_out(world, known, as_user):
    """A09, A11: and this one goes on under a fresh token."""
    here, there = as_user(known), as_user(known)
    with here.session_transaction() as cookies:
        token = cookies["staff"]
    answer = here.post("/account/password", data={"current": OLD, "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert password_fits(known, NEW)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    with here.session_transaction() as cookies:
        assert cookies["staff"] != token
    assert event_names() == ["user.password_changed"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"current": "wrong", "password": NEW, "again": NEW}, "current"),
        ({"current": OLD, "password": "کوتاه", "again": "کوتاه"}, "password"),
        ({"current": OLD, "password": "sara is my name", "again": "sara is my name"}, "password"),
        ({"current": OLD, "password": NEW, "again": "other"}, "again"),
        ({"current": "", "password": NEW, "again": NEW}, "current"),
    ],
)
def test_a_password_is_not_changed_by_who_does_not_know_it(world, known, as_user, data, field):
    answer = as_user(known).post("/account/password", data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    assert password_fits(known, OLD)


def test_guessing_the_present_password_is_slowed_down(world, known, as_user):
    """A08"""
    browser = as_user(known)
    guess = {"current": "wrong", "password": NEW, "again": NEW}
    assert [browser.post("/account/password", data=guess).status_code for _try in range(6)] == [422] * 5 + [429]
    right = browser.post("/account/password", data={**guess, "current": OLD})
    assert right.status_code == 429
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id)))


def test_a_lost_device_is_signed_out_from_here(world, sara, reza, as_user):
    here, lost, his = as_user(sara), as_user(sara), as_user(reza)
    rows = db.session.scalars(sa.select(Session).order_by(Session.id)).all()
    assert "این" in here.get("/account").text
    assert here.post(f"/account/devices/{rows[1].id}/sign-out").status_code == 303
    assert (here.get("/account").status_code, lost.get("/account").status_code) == (200, 303)
    assert here.post(f"/account/devices/{rows[2].id}/sign-out").status_code == 404
    assert his.get("/account").status_code == 200
    assert here.post(f"/account/devices/{rows[0].id}/sign-out").status_code == 303
    assert here.get("/account").status_code == 303


@pytest.fixture
def connect(app, monkeypatch):
    # No thread of this process looks after the sockets of a test.
    monkeypatch.setattr(sockets, "_start_watch", lambda: None)
    opened = []

    def one(browser):
        client = contextvars.Context().run(socketio.test_client, app, namespace=STAFF, flask_test_client=browser)
        assert client.is_connected(STAFF)
        opened.append(client)
        return client

    yield one
    for client in opened:
        if client.is_connected(STAFF):
            contextvars.Context().run(client.disconnect, STAFF)


def test_signing_out_everywhere_closes_open_pages(world, sara, as_user, connect):
    """S05, A11: the sockets of every device are closed."""
    here, there = as_user(sara), as_user(sara)
    pages = [connect(here), connect(there)]
    assert here.post("/sign-out-everywhere").status_code == 303
    assert not any(page.is_connected(STAFF) for page in pages)
    assert there.get("/account").status_code == 303


def test_a_closed_account_closes_its_open_pages(world, admin, sara, as_user, connect):
    """S05"""
    page = connect(as_user(sara))
    as_user(admin).post(f"/settings/users/{sara.id}/deactivation")
    assert not page.is_connected(STAFF)
