"""Attacks on the sign-in of staff: A07-A11, A14, A15."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import outbox
from app.auth import throttle
from app.auth.models import Session, SignInLink
from app.auth.services import make_link, set_password
from app.clock import freeze, utcnow
from app.extensions import db
from app.outbox import Outbox
from app.text import ascii_digits

PASSWORD = "گذرواژه‌ی-۱۲۳۴ Qx"
NEW = "یک-گذرواژه-تازه-88"


@pytest.fixture
def known(world):
    set_password(world.sara, ascii_digits(PASSWORD))
    set_password(world.reza, ascii_digits(PASSWORD))
    db.session.commit()
    return world


def attempt(client, email="sara@kariz.test", password=PASSWORD, source="10.0.0.1", **more):
    environ = {"REMOTE_ADDR": source}
    return client.post("/sign-in", data={"email": email, "password": password}, environ_overrides=environ, **more)


def test_guessing_one_account_is_slowed_down_and_its_owner_gets_in(app, known):
    """A08, JamBleed: 30 tries from one address stop there; the owner at another address signs in."""
    statuses = [attempt(app.test_client(), password=f"wrong {number}").status_code for number in range(30)]
    assert statuses[: throttle.LIMITS["pair"]] == [422] * throttle.LIMITS["pair"]
    assert set(statuses[throttle.LIMITS["pair"] :]) == {429}
    assert attempt(app.test_client(), source="10.0.0.1").status_code == 429
    assert attempt(app.test_client(), source="10.0.0.2").status_code == 303


def test_guessing_many_accounts_from_one_place_is_slowed_down(app, known):
    """A08: 30 users x 1."""
    for number in range(throttle.LIMITS["source"]):
        attempt(app.test_client(), email=f"user{number}@kariz.test")
    assert attempt(app.test_client(), email="reza@kariz.test").status_code == 429
    assert attempt(app.test_client(), email="reza@kariz.test", source="10.0.0.9").status_code == 303


def test_a_flood_from_everywhere_keeps_out_nobody_who_was_here_before(app, known):
    """A08: the account's own limit is reached; a browser that signed in before has a count of its own."""
    home = app.test_client()
    assert attempt(home, source="10.0.0.1").status_code == 303
    home.post("/sign-out")
    for number in range(throttle.LIMITS["account"]):
        attempt(app.test_client(), password="wrong", source=f"10.1.{number}.1")
    assert attempt(app.test_client(), source="10.9.9.9").status_code == 429
    assert attempt(home, source="10.0.0.1").status_code == 303


def test_an_address_that_is_claimed_changes_nothing(app, known):
    """A08: X-Forwarded-For without a proxy that is trusted."""
    for number in range(throttle.LIMITS["pair"]):
        attempt(app.test_client(), password="wrong", headers={"X-Forwarded-For": f"10.2.{number}.1"})
    assert attempt(app.test_client(), headers={"X-Forwarded-For": "10.3.3.3"}).status_code == 429


def test_known_and_unknown_addresses_are_told_the_same(app, known):
    """A06"""
    known_one = attempt(app.test_client(), password="wrong")
    unknown = attempt(app.test_client(), email="xara@kariz.test", password="wrong")
    assert known_one.status_code == unknown.status_code
    assert len(known_one.data) == len(unknown.data)


def test_the_session_is_renewed_at_sign_in(app, known):
    """A09: nothing that was planted before survives, and every sign-in has its own token."""
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies["staff"] = "planted" * 9
        cookies["portal"] = "kept"
        cookies["other"] = "planted"
    attempt(client)
    with client.session_transaction() as cookies:
        first = cookies["staff"]
        assert first != "planted" * 9
        assert "other" not in cookies
    attempt(client)
    with client.session_transaction() as cookies:
        assert cookies["staff"] != first


def copy_of(app, client):
    thief = app.test_client()
    thief._cookies = dict(client._cookies)
    return thief


def test_a_copied_cookie_ends_with_the_session(app, known):
    """A10"""
    client = app.test_client()
    attempt(client)
    thief = copy_of(app, client)
    assert thief.get("/work").status_code == 200
    client.post("/sign-out")
    assert thief.get("/work").status_code == 303
    assert thief.get("/work", headers={"Accept": "application/json"}).status_code == 401


def test_out_everywhere_is_everywhere(app, known):
    """A11"""
    here, there = app.test_client(), app.test_client()
    attempt(here)
    attempt(there)
    here.post("/sign-out-everywhere")
    assert [client.get("/work").status_code for client in (here, there)] == [303, 303]


def test_a_new_password_by_link_ends_other_sessions(app, known):
    """A11, A14: single use; the old link, cookie and password are worthless."""
    other = app.test_client()
    attempt(other)
    token = make_link(known.sara, "reset", by=None)
    db.session.commit()
    client = app.test_client()
    form = {"password": NEW, "again": NEW}
    assert client.post(f"/reset/{token}", data=form).status_code == 303
    assert client.get("/work").status_code == 200
    assert other.get("/work").status_code == 303
    assert app.test_client().post(f"/reset/{token}", data=form).status_code == 404
    assert attempt(app.test_client()).status_code == 422
    assert attempt(app.test_client(), password=NEW).status_code == 303


def worthless(link: SignInLink, sara) -> dict:
    return {
        "expired": lambda: setattr(link, "expires_at", utcnow()),
        "used": lambda: setattr(link, "used_at", utcnow()),
        "address changed": lambda: setattr(sara, "email", "sara.amini@kariz.test"),
        "deactivated": lambda: setattr(sara, "deactivated_at", utcnow()),
    }


@pytest.mark.parametrize("purpose", ["reset", "invitation"])
@pytest.mark.parametrize("why", ["expired", "used", "address changed", "deactivated"])
def test_a_link_that_is_worthless_opens_nothing(app, known, purpose, why):
    """A14, A15"""
    token = make_link(known.sara, purpose, by=None)
    db.session.flush()
    worthless(db.session.scalars(sa.select(SignInLink)).one(), known.sara)[why]()
    db.session.commit()
    client = app.test_client()
    assert client.get(f"/{purpose}/{token}").status_code == 404
    assert client.post(f"/{purpose}/{token}", data={"password": NEW, "again": NEW}).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Session)) == 0


@pytest.mark.parametrize("token", ["x", "%00", "%20" * 40, "null", "x" * 43, "%25" * 43, "x" * 5000])
def test_a_guessed_link_opens_nothing(app, known, token):
    """A14: an empty token matches no empty column, a wildcard nothing."""
    make_link(known.sara, "reset", by=None)
    db.session.commit()
    assert app.test_client().get(f"/reset/{token}").status_code == 404


def test_a_link_for_one_purpose_serves_no_other_and_gives_no_role(app, known):
    """A15"""
    token = make_link(known.sara, "invitation", by=known.admin)
    db.session.commit()
    client = app.test_client()
    assert client.get(f"/reset/{token}").status_code == 404
    form = {"password": NEW, "again": NEW, "role": "admin", "is_admin": "1", "user_id": str(known.admin.id)}
    assert client.post(f"/invitation/{token}", data=form).status_code == 303
    db.session.refresh(known.sara)
    assert known.sara.role == "agent"
    assert client.get("/settings/users").status_code == 403


def test_the_link_in_the_mail_is_of_the_base_url(app, known, client):
    """A14: a poisoned Host is in no mail, and the token in no page and no Referer."""
    client.post("/password-reset", data={"email": "sara@kariz.test"},
                headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})  # fmt: skip
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.reset")).one()
    outbox.deliver_due()
    db.session.refresh(row)
    assert "evil.example" not in f"{row.body}{row.subject}{row.address}{row.payload}"
    token = make_link(known.sara, "reset", by=None)
    db.session.commit()
    assert client.get(f"/reset/{token}").headers["Referrer-Policy"] == "no-referrer"


def test_an_idle_session_ends(app, known):
    """A19: after eight hours."""
    client = app.test_client()
    attempt(client)
    with freeze(utcnow() + timedelta(hours=8, minutes=1)):
        assert client.get("/work").status_code == 303


@pytest.mark.parametrize("spelled", [PASSWORD, PASSWORD.replace("۱۲۳۴", "1234"), PASSWORD.replace("۱۲۳۴", "١٢٣٤")])
def test_digits_of_a_password_are_read_in_any_script(app, known, spelled):
    """A07"""
    client = app.test_client()
    token = make_link(known.reza, "reset", by=None)
    db.session.commit()
    client.post(f"/reset/{token}", data={"password": PASSWORD, "again": PASSWORD})
    assert attempt(app.test_client(), email="reza@kariz.test", password=spelled).status_code == 303


@pytest.mark.parametrize("password", ["", "x" * 5000, "a\x00b", "①②③④", "\U0001f600" * 100, " " * 300, "۱" * 201])
def test_nonsense_for_a_password_is_refused(app, known, password):
    """A07"""
    assert attempt(app.test_client(), password=password).status_code == 422


@pytest.mark.parametrize("body", [
    {"email": ["sara@kariz.test", "x"], "password": "x"}, {"email": {"$ne": None}, "password": {"$ne": None}},
    {"email": "sara@kariz.test", "password": [PASSWORD]}, {"email": None, "password": None},
    {"email": True, "password": True}, {"email": 1, "password": 1.5}, [], {},
])  # fmt: skip
def test_the_wrong_kinds_of_values_sign_nobody_in(app, known, body):
    """A07"""
    assert app.test_client().post("/sign-in", json=body).status_code == 422
