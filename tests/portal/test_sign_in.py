"""The one-time code: asked for, entered, answered; who comes in, and who stays outside."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import settings
from app.auth.models import Session
from app.clock import freeze, utcnow
from app.events import Event
from app.extensions import db
from contacts.models import Contact, ContactPoint
from tests.conftest import event_names
from tests.portal.signing_in import ask, enter, is_in, last_code, sent, sign_in

MOBILE = "09121234567"


def test_a_customer_signs_in_with_a_code(client, nika):
    """UI: nothing to remember."""
    answer = ask(client, MOBILE)
    assert answer.status_code == 303
    assert "/portal/sign-in/code" in answer.location
    assert sent()[-1].payload["to"] == "+989121234567"
    answer = enter(client, last_code())
    assert answer.status_code == 303
    assert answer.location == "/portal/"
    assert is_in(client)
    assert event_names() == ["contact.signed_in"]
    event = db.session.scalar(sa.select(Event))
    assert (event.actor_kind, event.actor_id, event.contact_id) == ("contact", nika.id, nika.id)


def test_a_mailbox_does_as_well(client, nika):
    sign_in(client, "NIKA@Example.com")
    assert is_in(client)
    assert sent()[-1].payload["kind"] == "email"


def test_the_page_that_was_asked_for_comes_after_signing_in(client, nika):
    first = client.get("/portal/orders")
    assert (first.status_code, first.location) == (303, "/portal/sign-in?next=/portal/orders")
    client.post("/portal/sign-in", data={"address": MOBILE, "next": "/portal/orders"})
    answer = client.post("/portal/sign-in/code", data={"code": last_code(), "next": "/portal/orders"})
    assert answer.location == "/portal/orders"


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "/boards/support", "javascript:1"]
)
def test_no_other_page_comes_after_signing_in(client, nika, target):
    ask(client, MOBILE)
    answer = client.post("/portal/sign-in/code", data={"code": last_code(), "next": target})
    assert answer.location == "/portal/"


def test_the_code_field_offers_the_code_of_the_message(client, nika):
    ask(client, MOBILE)
    assert 'autocomplete="one-time-code"' in client.get("/portal/sign-in/code").text


def test_the_session_is_renewed_by_signing_in(client, nika):
    """A09: nothing planted before survives."""
    ask(client, MOBILE)
    with client.session_transaction() as cookies:
        cookies["planted"] = "yes"
        cookies["portal"] = "p" * 43
    enter(client, last_code())
    with client.session_transaction() as cookies:
        assert set(cookies) == {"portal", "_permanent"}
        assert cookies["portal"] != "p" * 43


def test_a_copied_cookie_is_worthless_after_signing_out(app, client, nika):
    """A10."""
    sign_in(client, MOBILE)
    with client.session_transaction() as cookies:
        copy = dict(cookies)
    assert client.post("/portal/sign-out").status_code == 303
    thief = app.test_client()
    with thief.session_transaction() as cookies:
        cookies.update(copy)
    assert thief.get("/portal/", headers={"Accept": "application/json"}).status_code == 401
    assert thief.get("/portal/").status_code == 303
    assert event_names() == ["contact.signed_in", "contact.signed_out"]


def test_signing_out_everywhere_ends_the_other_devices(app, client, nika):
    with freeze(utcnow()) as clock:
        sign_in(client, MOBILE)
        clock.advance(seconds=61)
        phone = app.test_client()
        sign_in(phone, MOBILE)
        assert client.post("/portal/sign-out-everywhere").status_code == 303
        assert not is_in(client)
        assert not is_in(phone)


def test_a_newcomer_becomes_a_contact_by_giving_a_name(client, world):
    """CUSTOMERS 3: a contact is made only after the code is entered."""
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Contact))
    ask(client, "09120000000")
    answer = enter(client, last_code())
    assert "/portal/sign-in/question" in answer.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == before
    assert not is_in(client)
    assert client.post("/portal/sign-in/question", data={"answer": "  "}).status_code == 422
    answer = client.post("/portal/sign-in/question", data={"answer": "مينا  كريمي"})
    assert answer.location == "/portal/"
    assert is_in(client)
    newcomer = db.session.scalar(sa.select(Contact).order_by(Contact.id.desc()))
    assert newcomer.name == "مینا کریمی"
    assert newcomer.mobile == "+989120000000"
    assert newcomer.points[0].verified_at is not None
    assert event_names() == ["contact.created", "contact.signed_in"]


def test_without_self_registration_strangers_stay_outside(client, world):
    """A21 for codes: nothing is sent, and the right digits open nothing either."""
    settings.put("portal.self_registration", False, by=world.admin)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Contact))
    ask(client, "09120000000")
    assert sent()[-1].payload["to"] is None
    assert enter(client, last_code()).status_code == 422
    assert not is_in(client)
    assert client.post("/portal/sign-in/question", data={"answer": "هر که"}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == before


def test_an_archived_customer_stays_outside(client, nika):
    nika.archived_at = utcnow()
    db.session.commit()
    assert sign_in(client, MOBILE).status_code == 422
    assert not is_in(client)


def test_archiving_ends_what_is_open(as_contact, nika):
    browser = as_contact(nika)
    assert is_in(browser)
    nika.archived_at = utcnow()
    assert browser.get("/portal/").status_code == 303


def share(contact, *, is_verified=False, is_shared=False):
    """Note nika's mobile for another contact too."""
    contact.points.append(
        ContactPoint(kind="mobile", raw=MOBILE, normalised="+989121234567", is_shared=is_shared,
                     verified_at=utcnow() if is_verified else None)
    )  # fmt: skip
    db.session.commit()


def test_the_proven_owner_of_a_shared_number_is_meant(client, nika, babak):
    """CUSTOMERS 1: portal sign-in needs one verified owner."""
    share(babak)
    sign_in(client, MOBILE)
    assert nika.name in client.get("/portal/").text


def test_a_number_of_several_asks_for_the_name_and_offers_none(client, nika, babak):
    share(babak, is_verified=True)
    answer = sign_in(client, MOBILE)
    page = client.get(answer.location).text
    assert nika.name not in page
    assert babak.name not in page
    assert client.post("/portal/sign-in/question", data={"answer": "نیکا"}).status_code == 422
    assert client.post("/portal/sign-in/question", data={"answer": "بابك دهقان"}).status_code == 303
    assert babak.name in client.get("/portal/").text


def test_a_number_marked_as_shared_stays_undecided(client, nika):
    nika.points[0].is_shared = True
    db.session.commit()
    sign_in(client, MOBILE)
    assert client.post("/portal/sign-in/question", data={"answer": "Nika Safavi"}).status_code == 303
    assert nika.points[0].is_shared


def test_names_are_not_guessed_for_long(client, nika, babak):
    share(babak, is_verified=True)
    sign_in(client, MOBILE)
    tries = [client.post("/portal/sign-in/question", data={"answer": f"نام {number}"}) for number in range(3)]
    assert [answer.status_code for answer in tries] == [422] * 3
    assert client.post("/portal/sign-in/question", data={"answer": nika.name}).status_code == 429
    assert not is_in(client)


def test_the_question_waits_ten_minutes(client, world):
    with freeze(utcnow()) as clock:
        sign_in(client, "09120000000")
        clock.advance(minutes=11)
        assert client.get("/portal/sign-in/question").status_code == 303
        assert client.post("/portal/sign-in/question", data={"answer": "مینا"}).status_code == 422


def test_a_number_silent_for_half_a_year_needs_a_known_fact(client, world, nika):
    """CUSTOMERS 3: the number may have a new owner."""
    card = world.card()
    with freeze(utcnow() + timedelta(days=200)):
        answer = sign_in(client, MOBILE)
        assert "question" in answer.location
        assert client.post("/portal/sign-in/question", data={"answer": nika.name}).status_code == 422
        assert client.post("/portal/sign-in/question", data={"answer": card.code.lower()}).status_code == 303
        assert is_in(client)


def test_an_unproven_number_of_one_contact_is_proven_by_the_code(client, nika):
    nika.points[0].verified_at = None
    db.session.commit()
    sign_in(client, MOBILE)
    assert is_in(client)
    assert nika.points[0].verified_at is not None


def test_staff_and_customer_sessions_in_one_browser_stay_apart(app, as_user, sara, nika):
    browser = as_user(sara)
    assert not is_in(browser)
    sign_in(browser, MOBILE)
    assert is_in(browser)
    browser.post("/portal/sign-out")
    live = db.session.scalars(sa.select(Session).where(Session.ended_at.is_(None))).all()
    assert [row.user_id for row in live] == [sara.id]
