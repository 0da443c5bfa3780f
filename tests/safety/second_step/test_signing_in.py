"""A09, A11, A13: signing in over two steps. Between them there is nothing: no page, no API, no socket."""

import contextvars

import pytest
import sqlalchemy as sa

from app import sockets
from app.auth import recovery, totp
from app.auth.models import Authenticator, RecoveryCode, Session, TrustedBrowser
from app.auth.services import make_link, set_password
from app.clock import utcnow
from app.events import Event
from app.extensions import db, socketio
from app.realtime import STAFF
from app.vault import unseal
from tests.safety.second_step.steps import PASSWORD, code_of, enter_password, mails, step


def test_password_and_code_sign_in(client, sara, codes):
    answer = enter_password(client, sara, next="/contacts")
    assert (answer.status_code, answer.location) == (303, "/sign-in/step?next=/contacts")
    assert "next" in client.get(answer.location).text
    done = step(client, confirm_code=code_of(sara), next="/contacts")
    assert (done.status_code, done.location) == (303, "/contacts")
    assert client.get("/account").status_code == 200
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.signed_in")).one()
    assert event.data == {"method": "password+totp"}
    assert db.session.scalars(sa.select(Session)).one().method == "password+totp"


def test_half_open_opens_nothing(app, client, sara, codes, monkeypatch):
    """A13: deep links, the API, sockets, the confirmation: after the password alone everything is closed."""
    monkeypatch.setattr(sockets, "_start_watch", lambda: None)
    enter_password(client, sara)
    assert db.session.scalars(sa.select(Session)).all() == []
    for path in ("/account", "/boards/support", "/contacts", "/confirmation", "/inbox", "/sign-in/set-up"):
        assert client.get(path).status_code == 303
        assert client.get(path).location.startswith("/sign-in")
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 401
    assert client.get("/api/v1/contacts").status_code in {401, 404}
    assert client.post("/account/app").status_code == 303
    page = contextvars.Context().run(socketio.test_client, app, namespace=STAFF, flask_test_client=client)
    assert not page.is_connected(STAFF)
    assert totp.is_on(sara)


def test_the_cookie_is_renewed_at_each_step(client, sara, codes):
    """A09"""
    with client.session_transaction() as cookies:
        cookies["planted"] = "x"
    enter_password(client, sara)
    with client.session_transaction() as cookies:
        assert "planted" not in cookies
        token = cookies["staff_step"]
        assert "staff" not in cookies
    step(client, confirm_code=code_of(sara))
    with client.session_transaction() as cookies:
        assert "staff_step" not in cookies
        assert cookies["staff"] != token


def test_a_code_is_taken_once(app, client, sara, codes, clock):
    enter_password(client, sara)
    code = code_of(sara)
    assert step(client, confirm_code=code).status_code == 303
    other = app.test_client()
    enter_password(other, sara)
    assert step(other, confirm_code=code).status_code == 422
    assert step(other, confirm_code=code_of(sara, windows=-1)).status_code == 422
    clock.advance(seconds=30)
    assert step(other, confirm_code=code_of(sara)).status_code == 303


@pytest.mark.parametrize(("windows", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_one_window_on_either_side_is_taken(client, sara, codes, windows, status):
    enter_password(client, sara)
    assert step(client, confirm_code=code_of(sara, windows=windows)).status_code == status


@pytest.mark.parametrize("digits", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
def test_codes_are_read_in_any_digits(client, sara, codes, digits):
    enter_password(client, sara)
    code = code_of(sara).translate(str.maketrans("0123456789", digits))
    assert step(client, confirm_code=f" {code[:3]} {code[3:]} ").status_code == 303


@pytest.mark.parametrize("code", ["", "12345", "①②③④⑤⑥", "x" * 5000, "1\x0023456", "abcdef", "²³²³²³"])
def test_nonsense_is_no_code(client, sara, codes, code):
    enter_password(client, sara)
    assert step(client, confirm_code=code).status_code == 422


def test_a_password_is_no_second_proof(client, sara, codes):
    enter_password(client, sara)
    assert step(client, confirm_password=PASSWORD).status_code == 422


def test_a_recovery_code_works_once_and_its_use_is_told(app, client, sara, codes):
    """A13"""
    enter_password(client, sara)
    assert step(client, confirm_code=codes[3].upper().replace("-", " ")).status_code == 303
    other = app.test_client()
    enter_password(other, sara)
    assert step(other, confirm_code=codes[3]).status_code == 422
    assert recovery.left(sara) == 9
    assert len(mails("recovery_used")) == 1
    assert db.session.scalars(sa.select(Event).where(Event.name == "user.recovery_used")).one().data == {"left": 9}


def test_what_the_database_holds_opens_nothing(client, sara, codes):
    """A13: neither hashes of recovery codes nor the sealed secret are of use."""
    enter_password(client, sara)
    for kept in db.session.scalars(sa.select(RecoveryCode.code_hash).limit(3)):
        assert step(client, confirm_code=kept[:40]).status_code == 422
    stored = db.session.get_one(Authenticator, sara.id).secret
    assert unseal(stored) not in stored
    assert not any(code.replace("-", "") in row for code in codes for row in db.session.scalars(
        sa.select(RecoveryCode.code_hash)))  # fmt: skip


def test_guessing_ends_the_step_and_is_told(client, sara, codes):
    """A08, A13: five tries, then the password again; its owner hears that somebody knows it."""
    enter_password(client, sara)
    assert [step(client, confirm_code="000000").status_code for _try in range(5)] == [422] * 5
    right = step(client, confirm_code=code_of(sara))
    assert (right.status_code, right.location) == (303, "/sign-in")
    assert client.get("/account").status_code == 303
    assert len(mails("second_step_failed")) == 1


def test_guessing_over_many_steps_is_slowed_down(client, sara, codes):
    statuses = []
    for _round in range(2):
        enter_password(client, sara)
        statuses += [step(client, confirm_code="000000").status_code for _try in range(3)]
    assert statuses[-1] == 429


def test_a_step_is_old_after_ten_minutes(client, sara, codes, clock):
    enter_password(client, sara)
    clock.advance(minutes=11)
    assert step(client, confirm_code=code_of(sara)).location == "/sign-in"


def test_a_deactivated_colleague_does_not_finish(client, sara, codes):
    enter_password(client, sara)
    sara.deactivated_at = utcnow()
    db.session.commit()
    assert step(client, confirm_code=code_of(sara)).location == "/sign-in"


def test_a_new_password_by_mail_does_not_skip_the_step(client, sara, codes):
    """A13: who reads the mailbox has one proof, not two."""
    token = make_link(sara, "reset", by=None)
    db.session.commit()
    new = "یک گذرواژهٔ تازه و بلند"
    answer = client.post(f"/reset/{token}", data={"password": new, "again": new})
    assert (answer.status_code, answer.location) == (303, "/sign-in/step")
    assert client.get("/account").status_code == 303
    assert step(client, confirm_code=code_of(sara)).status_code == 303


def test_a_trusted_browser_is_asked_once_until_it_is_forgotten(client, sara, codes, clock):
    enter_password(client, sara)
    step(client, confirm_code=code_of(sara), remember="y")
    client.post("/sign-out")
    assert not enter_password(client, sara).location.startswith("/sign-in")
    row = db.session.scalars(sa.select(TrustedBrowser)).one()
    assert client.post(f"/account/trusted/{row.id}/removal").status_code == 303
    client.post("/sign-out")
    assert enter_password(client, sara).location == "/sign-in/step"


@pytest.mark.parametrize("how", ["password", "everywhere", "time"])
def test_trust_ends(client, sara, codes, clock, how):
    """A12: with a new password, with signing out everywhere, after thirty days."""
    enter_password(client, sara)
    step(client, confirm_code=code_of(sara), remember="y")
    if how == "password":
        client.post("/account/password", data={"current": PASSWORD, "password": PASSWORD, "again": PASSWORD})
    if how == "everywhere":
        client.post("/sign-out-everywhere")
    if how == "time":
        clock.advance(days=31)
    client.post("/sign-out")
    assert enter_password(client, sara).location == "/sign-in/step"


def test_trust_is_of_one_person(client, world, sara, codes):
    """A12: the mark of one account spares another nothing."""
    reza = world.reza
    set_password(reza, PASSWORD)
    totp.begin(reza).confirmed_at = utcnow()
    db.session.commit()
    enter_password(client, sara)
    step(client, confirm_code=code_of(sara), remember="y")
    client.post("/sign-out")
    assert enter_password(client, reza).location == "/sign-in/step"
