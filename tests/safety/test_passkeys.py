"""A13, A20: passkeys, with a device made of code that can be bent: another site, another person, an old answer."""

import json

import pytest
import sqlalchemy as sa

from app.auth import recovery
from app.auth.models import Challenge, Passkey
from app.auth.services import set_password
from app.clock import freeze, utcnow
from app.events import Event
from app.extensions import db
from tests.conftest import event_names
from tests.safety.software_key import PRESENT, SoftwareKey

PASSWORD = "a good long password"
SITE = "https://kariz.test"


@pytest.fixture(autouse=True)
def _safe_address(app, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", SITE)


@pytest.fixture
def sara(world):
    set_password(world.sara, PASSWORD)
    db.session.commit()
    return world.sara


@pytest.fixture
def key():
    return SoftwareKey(SITE, "kariz.test")


def ask(browser, path, **more):
    answer = browser.post(path, base_url=SITE, **more)
    return json.loads(answer.text) if answer.status_code == 200 else answer


def add(browser, key, name="تلفن سارا"):
    options = ask(browser, "/account/passkeys/question")
    return browser.post("/account/passkeys", base_url=SITE, data={"name": name, "credential": key.make(options)})


@pytest.fixture
def here(sara, as_user):
    """A browser at the safe address in which sara is signed in."""
    browser = as_user(sara)
    with browser.session_transaction() as cookies:
        token = cookies["staff"]
    with browser.session_transaction(base_url=SITE) as cookies:
        cookies["staff"] = token
    return browser


@pytest.fixture
def kept(here, key):
    """Sara's passkey."""
    assert add(here, key).status_code == 201
    return db.session.scalars(sa.select(Passkey)).one()


def sign_in(client, key):
    options = ask(client, "/sign-in/passkey/questions")
    return client.post("/sign-in/passkey", base_url=SITE, data={"confirm_passkey": key.sign(options)})


def is_in(client):
    return client.get("/account", base_url=SITE).status_code == 200


def test_a_passkey_signs_in_without_a_password(client, sara, key, kept):
    answer = sign_in(client, key)
    assert answer.status_code == 303
    assert is_in(client)
    db.session.refresh(kept)
    assert (kept.sign_count, kept.used_at is not None) == (1, True)
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.signed_in")).one()
    assert (event.actor_id, event.data) == (sara.id, {"method": "passkey"})


def test_the_first_one_brings_recovery_codes_and_ends_other_sessions(here, sara, key, as_user):
    """A11: and the password alone does not let in any more."""
    there = as_user(sara)
    shown = add(here, key)
    assert shown.status_code == 201
    assert recovery.left(sara) == 10
    assert is_in(here)
    assert there.get("/account").status_code == 303
    assert [name for name in event_names() if "passkey" in name] == ["user.passkey_added"]
    assert add(here, SoftwareKey(SITE, "kariz.test")).status_code == 303


def test_it_is_a_second_step_too(client, sara, key, kept):
    answer = client.post("/sign-in", base_url=SITE, data={"email": sara.email, "password": PASSWORD})
    assert answer.location == "/sign-in/step"
    assert not is_in(client)
    options = ask(client, "/sign-in/step/passkey")
    assert [entry["id"] for entry in options["allowCredentials"]] == [kept.credential_id]
    assert client.post("/sign-in/step", base_url=SITE, data={"confirm_passkey": key.sign(options)}).status_code == 303
    assert is_in(client)


def test_it_confirms(here, sara, key, kept):
    """A20"""
    with freeze(utcnow()) as clock:
        clock.advance(hours=2)
        assert here.post("/account/recovery-codes", base_url=SITE).status_code == 403
        answer = {"confirm_passkey": key.sign(ask(here, "/confirmation/passkey"))}
        assert here.post("/confirmation", base_url=SITE, data=answer).status_code == 303
        assert here.post("/account/recovery-codes", base_url=SITE).status_code == 201


BENT = {
    "another site": {"origin": "https://kariz.evil"},
    "http": {"origin": "http://kariz.test"},
    "another host": {"host": "evil.test"},
    "nobody looked": {"flags": PRESENT},
    "nobody there": {"flags": 0},
    "a copy that counts behind": {"count": -1},
    "another account": {"handle": "AAAA"},
    "another key": {"credential_id": b"x" * 32},
}


@pytest.mark.parametrize("change", BENT.values(), ids=BENT)
def test_what_is_not_right_signs_nobody_in(client, key, kept, change):
    kept.sign_count = 5
    db.session.commit()
    key.count = 5
    for name, value in change.items():
        setattr(key, name, 0 if name == "count" else value)
    assert sign_in(client, key).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("change", [BENT["another site"], BENT["another host"], BENT["nobody looked"]])
def test_what_is_not_right_is_not_kept(here, key, change):
    for name, value in change.items():
        setattr(key, name, value)
    assert add(here, key).status_code == 422
    assert db.session.scalars(sa.select(Passkey)).all() == []


def test_an_answer_counts_once(app, client, key, kept):
    options = ask(client, "/sign-in/passkey/questions")
    answer = {"confirm_passkey": key.sign(options)}
    assert client.post("/sign-in/passkey", base_url=SITE, data=answer).status_code == 303
    other = app.test_client()
    assert other.post("/sign-in/passkey", base_url=SITE, data=answer).status_code == 422
    assert not is_in(other)


def test_a_question_is_old_after_five_minutes(client, key, kept):
    with freeze(utcnow()) as clock:
        options = ask(client, "/sign-in/passkey/questions")
        clock.advance(minutes=6)
        answer = client.post("/sign-in/passkey", base_url=SITE, data={"confirm_passkey": key.sign(options)})
    assert answer.status_code == 422
    assert not is_in(client)


def test_questions_for_one_purpose_serve_no_other(client, here, sara, key, kept):
    """The answer to "is it you?" of a signed-in person signs nobody in, nor the other way round."""
    prove = key.sign(ask(here, "/confirmation/passkey"))
    assert client.post("/sign-in/passkey", base_url=SITE, data={"confirm_passkey": prove}).status_code == 422
    anybody = key.sign(ask(client, "/sign-in/passkey/questions"))
    assert here.post("/confirmation", base_url=SITE, data={"confirm_passkey": anybody}).status_code == 422


def test_anothers_passkey_is_no_proof(client, world, sara, key, kept, as_user):
    set_password(world.reza, PASSWORD)
    db.session.add(Passkey(user_id=world.reza.id, name="x", credential_id="eHg", public_key="x", user_handle="x",
                           host="kariz.test"))  # fmt: skip
    db.session.commit()
    client.post("/sign-in", base_url=SITE, data={"email": world.reza.email, "password": PASSWORD})
    options = ask(client, "/sign-in/step/passkey")
    answer = client.post("/sign-in/step", base_url=SITE, data={"confirm_passkey": key.sign(options)})
    assert answer.status_code == 422
    assert not is_in(client)


NONSENSE = ["", "x", "{}", "[]", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}', "9" * 15_000,
            '{"id": 1, "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAxfQ"}}']  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused(client, kept, text):
    assert client.post("/sign-in/passkey", base_url=SITE, data={"confirm_passkey": text}).status_code == 422


def test_a_closed_account_stays_closed(client, sara, key, kept):
    sara.deactivated_at = utcnow()
    db.session.commit()
    assert sign_in(client, key).status_code == 422
    assert not is_in(client)


def test_they_are_named_and_removed_by_their_owner_only(here, sara, world, key, kept, as_user):
    other = as_user(world.reza)
    assert other.post(f"/account/passkeys/{kept.id}/removal").status_code == 404
    assert other.post(f"/account/passkeys/{kept.id}/name", data={"name": "x"}).status_code == 404
    assert here.post(f"/account/passkeys/{kept.id}/name", base_url=SITE, data={"name": "کلید تازه"}).status_code == 303
    assert "کلید تازه" in here.get("/account", base_url=SITE).text
    assert here.post(f"/account/passkeys/{kept.id}/removal", base_url=SITE).status_code == 303
    assert db.session.scalars(sa.select(Passkey)).all() == []
    assert recovery.left(sara) == 0


@pytest.mark.parametrize("address", ["http://kariz.test", "http://127.0.0.1:8000", "https://[::1]"])
def test_where_browsers_make_none_it_is_said(app, sara, as_user, monkeypatch, address):
    monkeypatch.setitem(app.config, "BASE_URL", address)
    browser = as_user(sara)
    assert browser.post("/account/passkeys/question").status_code == 422
    page = browser.get("/account").text
    assert "data-makes" not in page
    assert address in page


def test_old_questions_are_swept_away(client, kept):
    with freeze(utcnow()) as clock:
        for _turn in range(3):
            ask(client, "/sign-in/passkey/questions")
            clock.advance(minutes=6)
    assert db.session.scalar(sa.select(sa.func.count(Challenge.id))) == 1
