"""The mail server is away for hours and comes back to thousands of waiting messages (F07)."""

import socket
from datetime import timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from app import outbox, settings
from app.clock import freeze, utcnow
from app.extensions import db
from app.outbox import Outbox
from cards.services import add_reply
from channels import mail
from tests.channels.test_delivery import Mailbox


@pytest.fixture
def server(world):
    """A mail server that can be stopped and started again at one port; it begins stopped."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, value in {"host": "127.0.0.1", "port": port, "security": "none", "sender": "shop@example.com"}.items():
        settings.put(f"mail.{name}", value, by=None)
    db.session.commit()
    mail.breaker.close()
    started: list[Controller] = []

    def start() -> Mailbox:
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        started.append(controller)
        return box

    yield start
    mail.breaker.close()
    for controller in started:
        controller.stop()


def waiting() -> list[Outbox]:
    query = sa.select(Outbox).where(Outbox.state == "waiting").order_by(Outbox.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def through(minutes: int, step: int = 1):
    """Let the clock pass and the sweep run, minute by minute."""
    began = utcnow()
    for minute in range(0, minutes, step):
        with freeze(began + timedelta(minutes=minute)):
            outbox.deliver_due()


def test_two_hours_without_the_server_cost_no_message(world, nika, server):
    """F07: an outage is no attempt; each thing is told once when the server is back."""
    for number in range(6):
        world.card(f"درخواست {number}")
    through(120, 5)
    assert [row.attempts for row in waiting()] == [0] * 6
    box = server()
    with freeze(utcnow() + timedelta(hours=3)):
        while waiting():
            outbox.deliver_due()
            with freeze(max(row.due_at for row in waiting()) if waiting() else utcnow()):
                outbox.deliver_due()
    assert len(box.messages) == 6
    assert len({message["Message-ID"] for message in box.messages}) == 6


def test_only_the_first_message_finds_out(world, server, monkeypatch):
    """5,000 messages must not wait for 5,000 time-outs."""
    for number in range(20):
        world.card(f"درخواست {number}")
    tried = []
    connect = mail._connect
    monkeypatch.setattr(mail, "_connect", lambda to: tried.append(to) or connect(to))
    outbox.deliver_due()
    assert len(tried) == 1
    assert len(waiting()) == 20


def test_they_do_not_come_back_all_at_once(world, nika, babak, server):
    moments = set()
    for _number in range(12):
        mail.breaker.trip()
        moments.add(mail.breaker.until - utcnow())
    assert max(moments) <= timedelta(minutes=12)
    assert len({round(moment.total_seconds(), 3) for moment in moments}) == 12


def test_of_an_old_matter_only_the_newest_word_is_sent_and_in_order(world, sara, server):
    """F07: old notices are merged, a customer hears things in their order."""
    card = world.card("قوری")
    for text in ("اول", "دوم", "سوم"):
        add_reply(card, text, by=sara)
    db.session.commit()
    outbox.deliver_due()
    box = server()
    began = utcnow()
    for minute in range(20, 40):
        with freeze(began + timedelta(minutes=minute)):
            outbox.deliver_due()
    subjects = [message["Subject"] for message in box.messages]
    assert len(subjects) == 2
    assert "ثبت شد" in subjects[0]
    assert "پاسخ" in subjects[1]
    states = [row.state for row in db.session.scalars(sa.select(Outbox).order_by(Outbox.id))]
    assert states == ["done", "dropped", "dropped", "done"]


def test_words_written_just_now_are_all_sent(world, sara, server):
    card = world.card("قوری")
    for text in ("اول", "دوم"):
        add_reply(card, text, by=sara)
    db.session.commit()
    box = server()
    began = utcnow()
    for second in range(0, 20, 2):
        with freeze(began + timedelta(seconds=second)):
            outbox.deliver_due()
    assert len(box.messages) == 3


def test_what_is_meant_for_tomorrow_neither_waits_nor_is_hurried(world, nika, sara, server):
    card = world.card("قوری")
    later = outbox.enqueue(
        "message.closing", key="tomorrow", card_id=card.id, contact_id=nika.id, due_at=utcnow() + timedelta(days=1)
    )
    add_reply(card, "امروز", by=sara)
    db.session.commit()
    box = server()
    outbox.deliver_due()
    outbox.deliver_due()
    assert len(box.messages) == 2
    assert [row.id for row in waiting()] == [later]
    with freeze(utcnow() + timedelta(days=1, minutes=1)):
        outbox.deliver_due()
    assert len(box.messages) == 3


def test_after_a_day_a_person_is_asked(world, server):
    world.card()
    through(26 * 60, 30)
    (row,) = db.session.scalars(sa.select(Outbox).execution_options(populate_existing=True))
    assert row.state == "failed"
    assert row.error
