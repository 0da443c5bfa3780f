"""What customers read of a promise: A12, E3, E4; P11, and nothing that colleagues wrote for each other."""

import sqlalchemy as sa

from app.extensions import db
from app.outbox import Outbox, deliver_due
from cards.placement import move
from cards.services import add_note, reopen, resolve
from cards.services.promising import promise_by_hand
from tests.cards.test_promises import clock, house, tehran  # noqa: F401

WORD = "qanarivaade"


def body_of(kind: str) -> str:
    deliver_due()
    query = sa.select(Outbox.body).where(Outbox.kind == kind).order_by(Outbox.id.desc())
    return db.session.scalars(query).first() or ""


def test_the_acknowledgement_names_the_time_and_why(house, world, clock):  # noqa: F811
    """A12: on Thursday evening the house is closed until Saturday."""
    clock.move_to(tehran(26, 20))
    world.card()
    text = body_of("message.acknowledgement")
    assert "شنبه ۷ آذر ساعت ۱۷:۰۰" in text
    assert "بیرون از ساعت کاری" in text


def test_the_page_says_when_and_what_changed(house, world, nika, as_contact):  # noqa: F811
    """E3, E4: the promise, another one with its reason, the pause in words, and the history of it."""
    card, mine = world.card(), as_contact(nika)
    assert "یکشنبه ۱ آذر ساعت ۱۰:۰۰" in mine.get(f"/portal/requests/{card.code}").text
    assert "یکشنبه ۱ آذر ساعت ۱۰:۰۰" in mine.get("/portal/requests").text
    promise_by_hand(card, tehran(24, 12), reason="قطعه در راه است", by=world.sara)
    db.session.commit()
    page = mine.get(f"/portal/requests/{card.code}").text
    assert "به‌روزرسانی شد" in page
    assert "قطعه در راه است" in page
    move(card, world.stage("Waiting").id, by=world.sara)
    db.session.commit()
    assert "زمان متوقف است" in mine.get(f"/portal/requests/{card.code}").text


def test_late_is_said_with_regret(house, world, nika, as_contact, clock):  # noqa: F811
    card = world.card()
    clock.move_to(tehran(22, 11))
    page = as_contact(nika).get(f"/portal/requests/{card.code}").text
    assert "ببخشید" in page
    assert "ساعت دیر" not in page


def test_before_sending_the_time_is_named(house, world, nika, as_contact):  # noqa: F811
    page = as_contact(nika).get("/portal/requests/new?department=support&write=1").text
    assert "اگر اکنون بفرستید" in page


def test_reasons_of_colleagues_stay_inside(house, world, nika, as_contact):  # noqa: F811
    """N01: notes and the reason of a return are no reason of a promise."""
    card = world.card()
    add_note(card, WORD, by=world.sara)
    resolve(card, world.stage("Resolved"), cause="", solution="درست شد", by=world.sara)
    reopen(card, by=world.sara, reason=WORD)
    db.session.commit()
    mine = as_contact(nika)
    for path in (f"/portal/requests/{card.code}", "/portal/requests", "/portal/"):
        assert WORD not in mine.get(path).text
    deliver_due()
    assert not any(WORD in (body or "") for body in db.session.scalars(sa.select(Outbox.body)))
