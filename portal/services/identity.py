"""Who a proven telephone number or mailbox belongs to.

Several people may share a number, and a colleague may have typed one wrongly or long ago, so the code alone does not
always decide:

1. One contact has proven the point before and shares it with nobody: it is theirs, whoever else it is noted for.
2. Only one contact has the point, and it is not marked as shared: the code proves it now.
3. Otherwise the person writes their name, which must be exactly that of one of them. No name is offered or confirmed
   in part, and the point stays unproven, so that the next one who shares it is asked too.
4. Nobody has the point: a newcomer, who becomes a contact by giving a name, where the business allows that.

A number that was silent for half a year may have been given to somebody else: then one known fact is asked for.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import settings
from app.auth import sessions
from app.auth.models import PORTAL, Session
from app.clock import utcnow
from app.codes import parse_code
from app.db import table_of
from app.errors import DomainError, TooMany
from app.events import record
from app.extensions import db
from app.i18n import _, viewer
from app.text import ascii_digits, clean_line, compact_key
from cards.models import Card
from contacts.models import Contact, ContactPoint
from contacts.services import create_contact
from orders.models import Order
from portal.models import MOST_ANSWERS, Code

SILENCE = timedelta(days=180)


@dataclass(frozen=True)
class Question:
    """What is still asked after the code: "name" (of a newcomer), "which" (of several), "fact", or nothing ("")."""

    kind: str
    contact: Contact | None = None


def is_known(kind: str, point: str) -> bool:
    """Whether any contact in use has this point. One query."""
    return bool(db.session.scalar(sa.select(_points(kind, point).where(Contact.archived_at.is_(None)).exists())))


def question_after(code: Code) -> Question:
    """What to ask whoever entered this code. Raises a `DomainError` when the portal is not open to them."""
    query = _points(code.kind, code.point).options(joinedload(ContactPoint.contact).joinedload(Contact.points))
    points = list(db.session.scalars(query.order_by(ContactPoint.id)).unique())
    current = [point for point in points if point.contact.archived_at is None]
    if not current:
        if points or not settings.get("portal.self_registration"):
            raise DomainError(
                _("We could not open the portal for you. Please call us, we are glad to help."), code="closed"
            )
        return Question("name")
    owner = _owner(current)
    if owner is None:
        return Question("which")
    return Question("fact" if _is_silent(owner) else "", owner)


def answer(code: Code, question: Question, text: str) -> Contact:
    """Who the answer shows the person to be. The caller commits anyway: a wrong answer counts, three end it."""
    text = clean_line(text)
    if not text:
        raise DomainError(_("Please fill this in."), code="empty", field="answer")
    if question.kind == "name":
        return _register(code, text)
    counted = db.session.execute(
        sa.update(Code)
        .where(Code.id == code.id, Code.answers < MOST_ANSWERS, Code.finished_at.is_(None))
        .values(answers=Code.answers + 1)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        raise TooMany(_("That did not match. Please call us, we are glad to help."), code="spent", field="answer")
    found = _by_name(code, text) if question.kind == "which" else _by_fact(question.contact, text)
    if found is None:
        raise DomainError(_("That does not match what we have on record. Please look again, or call us."),
                          code="wrong", field="answer")  # fmt: skip
    return found


def let_in(code: Code, contact: Contact, question: Question) -> Session:
    """Open the portal for the contact, once for each code."""
    now = utcnow()
    table = table_of(Code)
    finished = sa.update(table).where(table.c.id == code.id, table.c.finished_at.is_(None)).values(finished_at=now)
    if db.session.execute(finished).rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This code is no longer good. Please ask for a new one."), code="expired", field="code")
    if question.kind != "which":
        _mark_proven(code, contact)
    row = sessions.open_session(PORTAL, contact_id=contact.id)
    record("contact.signed_in", contact, by=contact)
    return row


def _points(kind: str, point: str) -> sa.Select[ContactPoint]:
    query = sa.select(ContactPoint).join(Contact, Contact.id == ContactPoint.contact_id)
    return query.where(ContactPoint.kind == kind, ContactPoint.normalised == point)


def _owner(points: list[ContactPoint]) -> Contact | None:
    """The one contact whom the point alone identifies; None when a name has to decide."""
    proven = [point for point in points if point.verified_at is not None and not point.is_shared]
    if len(proven) == 1:
        return proven[0].contact
    return points[0].contact if len(points) == 1 and not points[0].is_shared else None


def _is_silent(contact: Contact) -> bool:
    """Whether nothing was heard of the contact for so long that the number may be somebody else's by now."""
    heard = db.session.execute(sa.select(
        sa.select(sa.func.max(Session.seen_at)).where(Session.contact_id == contact.id).scalar_subquery(),
        sa.select(sa.func.max(Order.ordered_at)).where(Order.contact_id == contact.id).scalar_subquery(),
        sa.select(sa.func.max(Card.opened_at)).where(Card.contact_id == contact.id).scalar_subquery(),
    )).one()  # fmt: skip
    proven = [point.verified_at for point in contact.points]
    return utcnow() - max(moment for moment in (contact.created_at, *heard, *proven) if moment) > SILENCE


def _by_name(code: Code, text: str) -> Contact | None:
    wanted = compact_key(text)
    points = db.session.scalars(_points(code.kind, code.point).options(joinedload(ContactPoint.contact)))
    people = {point.contact.id: point.contact for point in points if point.contact.archived_at is None}
    fitting = [who for who in people.values() if wanted in {compact_key(who.name), compact_key(who.name_en)} - {""}]
    return fitting[0] if len(fitting) == 1 else None


def _by_fact(contact: Contact | None, text: str) -> Contact | None:
    """The contact, if the text is an order's number or a request's code of theirs; their name if they have none."""
    if contact is None:
        return None
    orders = sa.select(Order.number).where(Order.contact_id == contact.id)
    requests = sa.select(Card.code).where(Card.contact_id == contact.id)
    number, code = ascii_digits(text).upper(), parse_code(text)
    if db.session.scalar(orders.where(sa.func.upper(Order.number) == number)):
        return contact
    if code and db.session.scalar(requests.where(Card.code == code)):
        return contact
    has_facts = db.session.scalar(sa.select(sa.or_(orders.exists(), requests.exists())))
    names = {compact_key(contact.name), compact_key(contact.name_en)} - {""}
    return contact if not has_facts and compact_key(text) in names else None


def _register(code: Code, name: str) -> Contact:
    try:
        return create_contact(by=None, points=[(code.kind, code.point)], name=name, language=viewer().locale)
    except DomainError as error:
        raise DomainError(error.message, code=error.code, field="answer") from error


def _mark_proven(code: Code, contact: Contact) -> None:
    """The code was entered by the one owner of the point: from now on it is proven."""
    for point in contact.points:
        if (point.kind, point.normalised) == (code.kind, code.point) and point.verified_at is None:
            point.verified_at = utcnow()
