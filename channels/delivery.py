"""From an outbox row to one message on one channel. A customer is told of a thing once."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import sqlalchemy as sa
import structlog
from flask import current_app

from app import outbox
from app.business import setting
from app.clock import utcnow
from app.codes import show_code
from app.events import Event
from app.extensions import db
from app.i18n import _, as_viewer
from app.links import external
from app.outbox import Delivery, Outbox
from app.users.models import User
from cards import surveys
from cards.models import Card, Entry, Survey
from cards.promises import words as promise_words
from channels import mail, queueing
from channels.texts import PURPOSES, body_of, fill
from contacts.models import Contact, ContactPoint

log = structlog.get_logger()

# Told by the built-in "provider": the page of sent messages and the log.
BUILT_IN = "log"
MOST_TEXT = 600


@dataclass(frozen=True)
class Route:
    """Where a message goes."""

    channel: str
    address: str


def routes_of(contact: Contact) -> list[Route]:
    """Ways to the contact, the wished one first, else the mobile before the e-mail."""
    ways = [Route("sms", contact.mobile or ""), Route("mail", contact.email or "")]
    ways = [way for way in ways if way.address]
    wished = {"mobile": "sms", "sms": "sms", "email": "mail", "mail": "mail"}.get(contact.preferred_channel)
    return sorted(ways, key=lambda way: way.channel != wished) if wished else ways


def choose(contact: Contact) -> Route | None:
    """The first way that a real provider serves, else the first way; None when there is none."""
    ways = routes_of(contact)
    served = [way for way in ways if way.channel == "mail" and mail.server() is not None]
    return next(iter(served or ways), None)


def _tell(row: Outbox) -> Delivery:
    """Tell a customer about a card."""
    contact, card = db.session.get(Contact, row.contact_id), db.session.get(Card, row.card_id)
    if contact is None or card is None or card.is_internal or card.contact_id != contact.id:
        return Delivery("dropped", error="no longer this customer's card")
    entry = db.session.get(Entry, row.payload.get("entry") or 0)
    if row.kind == "message.reply" and (entry is None or entry.withdrawn_at is not None):
        return Delivery("dropped", error="reply was withdrawn")
    route = choose(contact)
    if route is None:
        return Delivery("failed", error="no mobile and no e-mail")
    earlier = queueing.ahead_of(row)
    if earlier is not None:
        return Delivery("postponed", error="waits for an earlier message", until=earlier)
    if queueing.is_outdated(row):
        return Delivery("dropped", error="a newer message says it")
    with as_viewer(contact.language):
        values = {
            "name": contact.shown_name, "business": setting("business.name"), "code": show_code(card.code),
            "title": card.title, "link": _link(row, card),
            "text": _shortened(entry), "survey": _survey_link(card) if row.payload.get("survey") else "",
            **_promise_of(card, row.kind),
        }  # fmt: skip
        _write(row, row.kind.removeprefix("message."), contact.language, route, values)
    delivery = send(row, contact.language, is_demo=contact.is_demo)
    if delivery.state not in {"postponed", "retry"}:
        queueing.call_next(row)
    return delivery


def _link(row: Outbox, card: Card) -> str:
    """The request, or all of them where the message speaks of all."""
    return external("/portal/" if row.kind == "message.promise" else f"/portal/requests/{card.code}")


def _promise_of(card: Card, kind: str) -> dict[str, str]:
    """By when the answer comes and why then, as the message is written; "" where nothing is promised any more."""
    state, sentence = promise_words.standing(card)
    if state != "running":
        sentence = ""
    name = "promise.changed" if kind == "message.promise" else "promise.made"
    query = sa.select(Event.data).where(Event.card_id == card.id, Event.name == name).order_by(Event.id.desc()).limit(1)
    data = db.session.scalar(query) or {}
    if name == "promise.made":
        return {"promise": " ".join(filter(None, (sentence, promise_words.why_then(data)))) if sentence else ""}
    return {"promise": sentence, "reason": promise_words.tell(name, data) if data else sentence}


def _shortened(entry: Entry | None) -> str:
    """The words of an entry that customers may read, cut for a message."""
    if entry is None or entry.visibility != "portal" or entry.withdrawn_at is not None:
        return ""
    return entry.body if len(entry.body) <= MOST_TEXT else entry.body[:MOST_TEXT].rsplit(" ", 1)[0] + "…"


def _survey_link(card: Card) -> str:
    survey = db.session.scalar(sa.select(Survey).where(Survey.card_id == card.id))
    return external(f"/portal/surveys/{quote(surveys.token_for(survey))}") if survey else ""


def _code(row: Outbox) -> Delivery:
    """Send a sign-in code. Nobody gets a late one, and what was really sent is not kept."""
    asked = row.payload
    if asked.get("to") is None:
        return Delivery("dropped", error="not known here")
    if datetime.fromisoformat(asked["expires_at"]) <= utcnow():
        row.body, row.payload = None, {**asked, "code": ""}
        return Delivery("dropped", error="too late")
    language = asked["language"]
    route = Route("sms" if asked["kind"] == "mobile" else "mail", asked["to"])
    with as_viewer(language):
        _write(row, "code", language, route, {"business": setting("business.name"), "secret": asked["code"]})
    if route.channel == "sms":
        # Phones fill the code in by themselves when the last line names our host.
        row.body = f"{row.body}\n\n@{asked['host'].split(':')[0]} #{asked['code']}"
    delivery = send(row, language, is_demo=_is_demo(asked["kind"], asked["to"]))
    if row.provider != BUILT_IN and delivery.state in {"done", "failed", "unknown"}:
        row.body, row.payload = None, {**asked, "code": ""}
    return delivery


def _is_demo(kind: str, address: str) -> bool:
    """Whether the address belongs to demo people only: no provider ever gets it."""
    query = sa.select(Contact.is_demo).join(ContactPoint, ContactPoint.contact_id == Contact.id)
    marks = db.session.scalars(query.where(ContactPoint.kind == kind, ContactPoint.normalised == address)).all()
    return bool(marks) and all(marks)


def _staff_mail(row: Outbox) -> Delivery:
    """A link for a colleague: invitation or new password."""
    user = db.session.get(User, row.user_id or 0)
    if user is None:
        return Delivery("dropped", error="no such user")
    purpose = row.kind.removeprefix("staff_mail.")
    with as_viewer(user.locale):
        subject = _("Your invitation to Kariz") if purpose == "invitation" else _("A new password for Kariz")
        lead = (
            _("You are invited to %(business)s. Choose a password here:", business=setting("business.name"))
            if purpose == "invitation"
            else _("Somebody asked for a new password for your account. Choose it here, or ignore this message:")
        )
        row.channel, row.address, row.subject = "mail", user.email, subject
        row.body = f"{lead}\n{external(f'/{purpose}/' + row.payload['token'])}"
    return send(row, user.locale, is_demo=False)


def _write(row: Outbox, purpose: str, language: str, route: Route, values: dict[str, str]) -> None:
    text = PURPOSES[purpose]
    row.channel, row.address = route.channel, route.address
    row.subject = fill(text.subjects[language], values)
    row.body = fill(body_of(text, language), values)


def send(row: Outbox, language: str, *, is_demo: bool) -> Delivery:
    server = mail.server()
    if row.channel != "mail" or server is None or is_demo:
        row.provider = BUILT_IN
        _log(row)
        return Delivery("done")
    row.provider = "smtp"
    if mail.breaker.is_open():
        return Delivery("postponed", error="the mail server does not answer", until=mail.breaker.until)
    message = mail.compose(row.address or "", row.subject or "", row.body or "", sender=server.sender,
                           reference=f"kariz-{row.id}", language=language)  # fmt: skip
    row.begin_sending()
    return mail.hand_in(message, server)


def _log(row: Outbox) -> None:
    """In the embedded mode the log shows the message, so that a trial needs no provider; elsewhere only that it is."""
    shown = {"to": row.address, "text": row.body} if not current_app.config["PRODUCTION"] else {}
    log.info("message.written", row=row.id, kind=row.kind, channel=row.channel, **shown)


for _kind in ("acknowledgement", "reply", "closing", "promise"):
    outbox.handler(f"message.{_kind}")(_tell)
outbox.handler("message.code")(_code)
for _kind in ("invitation", "reset"):
    outbox.handler(f"staff_mail.{_kind}")(_staff_mail)
