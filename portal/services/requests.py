"""Asking for something, and writing on."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from app.clock import utcnow
from app.errors import DomainError, TooMany
from app.extensions import db
from app.i18n import _
from cards.models import Card, Entry
from cards.services import open_card, receive_message
from contacts.models import Company, Contact
from orders.models import CardLink, Order
from pipelines.models import Department
from portal.queries.orders import find_own_order

REQUESTS_AN_HOUR = 10
MESSAGES_A_QUARTER = 20


def file_request(
    contact: Contact,
    department: Department,
    *,
    title: str,
    body: str,
    files: Sequence[FileStorage] = (),
    order_number: str = "",
    line_place: int | None = None,
    op_id: str = "",
) -> Card:
    """Open a request of the customer's, perhaps about one of their orders; sent twice, it is opened once.

    Everything else (board, stage, assignee, priority) is decided by the department. Raises a `DomainError` for an order
    that is not the customer's own, `TooMany` beyond ten an hour.
    """
    op_id = _own_op(contact, op_id)
    known = _opened_before(op_id)
    if known is not None:
        return known
    _check_pace(contact)
    order = _own_order(contact, order_number)
    try:
        with db.session.begin_nested():
            card = open_card(
                contact, department.pipeline.first_stage, title=title, body=body, files=files, department=department,
                company=_company_of(contact, order), by=contact, channel="portal", op_id=op_id,
            )  # fmt: skip
            if order is not None:
                _link(card, order, line_place)
    except IntegrityError:
        # The same form arrived twice at once, and the other one was first.
        known = _opened_before(op_id)
        if known is None:
            raise
        return known
    return card


def write_message(
    contact: Contact, card: Card, body: str, *, files: Sequence[FileStorage] = (), op_id: str = ""
) -> Entry:
    """Say something on one's own request; on a finished one this takes it up again."""
    since = utcnow() - timedelta(minutes=15)
    written = sa.select(sa.func.count()).where(
        Entry.card_id == card.id, Entry.contact_id == contact.id, Entry.created_at > since
    )
    if (db.session.scalar(written) or 0) >= MESSAGES_A_QUARTER:
        raise TooMany(_("That is a lot of messages in a short time. Please wait a little, or call us."), field="body")
    return receive_message(card, body, contact=contact, files=files, op_id=_own_op(contact, op_id))


def _own_op(contact: Contact, op_id: str) -> str:
    """The page's number for this act, in the customer's own range: nobody can name another one's act."""
    return f"portal:{contact.id}:{op_id or secrets.token_hex(16)}"


def _opened_before(op_id: str) -> Card | None:
    return db.session.scalar(sa.select(Card).join(Entry, Entry.card_id == Card.id).where(Entry.op_id == op_id))


def _check_pace(contact: Contact) -> None:
    recent = sa.select(sa.func.count()).where(
        Card.contact_id == contact.id, Card.opened_at > utcnow() - timedelta(hours=1)
    )
    if (db.session.scalar(recent.where(Card.channel == "portal")) or 0) >= REQUESTS_AN_HOUR:
        raise TooMany(
            _("You have sent many requests within an hour; we have them all. If something is urgent, please call us."),
            code="too_many", field="title",
        )  # fmt: skip


def _own_order(contact: Contact, number: str) -> Order | None:
    """The order that was named. Unknown ones and those of others are refused in the same words."""
    if not number:
        return None
    order = find_own_order(contact, number)
    if order is None:
        raise DomainError(_("Please choose one of your own orders."), code="unknown_order", field="order")
    return order


def _link(card: Card, order: Order, place: int | None) -> None:
    """Note what the request is about; a line that the order does not have is left out."""
    line = order.lines[place - 1] if place is not None and 0 < place <= len(order.lines) else None
    db.session.add(CardLink(card_id=card.id, order_id=order.id, line_id=line.id if line else None))
    db.session.flush()


def _company_of(contact: Contact, order: Order | None) -> Company | None:
    """For whom the customer asks: the order's company, else the only one they act for."""
    companies = [membership.company for membership in contact.active_memberships]
    if order is not None:
        return next((company for company in companies if company.id == order.company_id), None)
    return companies[0] if len(companies) == 1 else None
