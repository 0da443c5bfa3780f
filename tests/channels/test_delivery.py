"""Messages to customers: one a fact, by a real mail server or on the page of sent messages."""

import email
import email.policy
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from app import outbox, settings
from app.clock import freeze, utcnow
from app.extensions import db
from app.outbox import Outbox
from cards.services import add_note, add_reply, resolve, withdraw_reply
from channels.mail import breaker


class Mailbox:
    """A mail server that keeps what it gets, or fails in a chosen way."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.refusal = ""
        self.hangs_up = False

    async def handle_DATA(self, server, _session, envelope: Envelope) -> str:  # named by aiosmtpd
        if self.refusal:
            return self.refusal
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def mailbox(world) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in {"host": "127.0.0.1", "port": port, "security": "none", "sender": "shop@example.com"}.items():
        settings.put(f"mail.{name}", value, by=None)
    db.session.commit()
    breaker.close()
    yield box
    controller.stop()


def rows() -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).order_by(Outbox.id)))


def test_a_request_is_acknowledged_with_its_code_once(world, nika, mailbox):
    """A10, A9"""
    card = world.card()
    outbox.deliver_due()
    outbox.deliver_due()
    (message,) = mailbox.messages
    assert message["To"] == "nika@example.com"
    text = message.get_body(("plain",)).get_content()
    assert f"{card.code[:4]}-{card.code[4:8]}-{card.code[8:]}" in text
    assert f"http://kariz.test/portal/requests/{card.code}" in text
    assert 'dir="auto"' in message.get_body(("html",)).get_content()


def test_a_reply_tells_the_customer_once_and_a_note_never(world, sara, mailbox):
    """C6, N04"""
    card = world.card()
    outbox.deliver_due()
    mailbox.messages.clear()
    add_note(card, "محرمانه: مشتری بدحساب", by=sara)
    add_reply(card, "سلام، پیگیری می‌کنیم", by=sara)
    db.session.commit()
    outbox.deliver_due()
    (message,) = mailbox.messages
    assert "محرمانه" not in message.as_string()


def test_a_message_is_written_in_the_customers_language(world, nika, mailbox):
    nika.language = "en"
    world.card()
    outbox.deliver_due()
    assert mailbox.messages[0]["Subject"].startswith("We have your request")


def test_closing_carries_the_survey_once(world, sara, mailbox):
    """B5, H1"""
    card = world.card()
    resolve(card, world.stage("Resolved"), cause="شکسته بود", solution="تعویض شد", by=sara)
    db.session.commit()
    outbox.deliver_due()
    closing = mailbox.messages[-1].get_body(("plain",)).get_content()
    assert "/portal/surveys/" in closing


def test_a_withdrawn_reply_is_not_announced(world, sara, mailbox):
    """N08"""
    card = world.card()
    outbox.deliver_due()
    mailbox.messages.clear()
    entry = add_reply(card, "اشتباه", by=sara)
    withdraw_reply(card, entry, by=sara)
    db.session.commit()
    outbox.deliver_due()
    assert mailbox.messages == []
    assert rows()[-1].state == "dropped"


def test_a_refusal_is_tried_again_and_then_set_aside(world, mailbox):
    mailbox.refusal = "451 later"
    world.card()
    outbox.deliver_due()
    (row,) = rows()
    assert (row.state, row.attempts) == ("waiting", 1)
    for _try in range(4):
        with freeze(row.due_at):
            outbox.deliver_due()
        db.session.refresh(row)
    assert (row.state, row.attempts) == ("failed", 5)
    assert "451" in row.error


def test_a_lost_answer_is_unclear_and_never_sent_twice(world, mailbox):
    """Nothing is told twice: who knows whether it arrived?"""
    mailbox.hangs_up = True
    world.card()
    outbox.deliver_due()
    (row,) = rows()
    assert row.state == "unknown"
    with freeze(utcnow().replace(year=utcnow().year + 1)):
        outbox.deliver_due()
    assert len(mailbox.messages) == 1


def test_a_sender_that_died_leaves_the_row_unclear(world):
    world.card()
    (row,) = rows()
    assert outbox.claim(row.id)
    db.session.refresh(row)
    row.begin_sending()
    with freeze(row.claimed_until.replace(year=row.claimed_until.year + 1)):
        outbox.sweep()
    db.session.refresh(row)
    assert row.state == "unknown"


def test_without_a_provider_the_page_of_sent_messages_shows_it(world, admin, as_user):
    world.card("چای‌ساز روشن نمی‌شود")
    outbox.deliver_due()
    page = as_user(admin).get("/settings/messages")
    assert page.status_code == 200
    assert "چای‌ساز روشن نمی‌شود" in page.text
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page.text


def test_demo_people_get_nothing_from_a_provider(world, nika, mailbox):
    nika.is_demo = True
    world.card()
    outbox.deliver_due()
    assert mailbox.messages == []
    assert rows()[0].provider == "log"


def test_a_person_decides_about_an_unclear_message(world, admin, as_user, mailbox):
    mailbox.hangs_up = True
    world.card()
    outbox.deliver_due()
    (row,) = rows()
    browser = as_user(admin)
    assert browser.post(f"/settings/messages/{row.id}/decision", data={"choice": "arrived"}).status_code == 303
    db.session.refresh(row)
    assert row.state == "done"
    assert browser.post(f"/settings/messages/{row.id}/decision", data={"choice": "again"}).status_code == 422


def test_own_texts_replace_ours_and_are_checked(world, admin, as_user):
    browser = as_user(admin)
    refused = browser.post("/settings/texts/acknowledgement", data={"fa": "سلام {nobody}", "en": ""})
    assert refused.status_code == 422
    assert "{nobody}" in refused.text
    missing = browser.post("/settings/texts/acknowledgement", data={"fa": "سلام {name}", "en": ""})
    assert missing.status_code == 422
    kept = browser.post("/settings/texts/acknowledgement", data={"fa": "رسید! {code} {link}", "en": ""})
    assert kept.status_code == 303
    world.card()
    outbox.deliver_due()
    assert rows()[-1].body.startswith("رسید!")


def test_the_test_button_says_what_the_server_said(world, admin, as_user, mailbox):
    browser = as_user(admin)
    assert browser.post("/settings/mail/test", data={"to": "me@example.com"}).status_code == 303
    assert mailbox.messages[-1]["To"] == "me@example.com"
    mailbox.refusal = "550 no such user"
    refused = browser.post("/settings/mail/test", data={"to": "me@example.com"})
    assert refused.status_code == 422
    assert "no such user" in refused.text


def test_the_mail_password_is_kept_encrypted_and_never_shown(world, admin, as_user):
    browser = as_user(admin)
    form = {"host": "mail.example.com", "port": "۵۸۷", "security": "starttls", "user": "u",
            "password": "hunter-2-secret", "sender": "shop@example.com"}  # fmt: skip
    assert browser.post("/settings/mail", data=form).status_code == 303
    assert "hunter-2-secret" not in browser.get("/settings/mail").text
    assert "hunter-2-secret" not in str(db.session.execute(sa.text("SELECT value FROM settings")).all())
    assert "hunter-2-secret" not in str(db.session.execute(sa.text("SELECT data FROM events")).all())


def test_a_request_of_colleagues_tells_no_customer(world, mailbox):
    card = world.card()
    card.is_internal = True
    db.session.commit()
    outbox.deliver_due()
    assert mailbox.messages == []
    assert rows()[0].state == "dropped"
