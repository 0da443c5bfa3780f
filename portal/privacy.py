"""What the portal shows a person, as their archive tells it, and the codes they asked for."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.dates import today
from app.db import table_of
from app.extensions import db
from app.i18n import _, _l
from cards.models import Attachment, Card, Entry, Survey
from contacts.models import Contact
from contacts.privacy import erasing, exports
from contacts.privacy.erasing import Going
from contacts.privacy.exports import Bag, plain
from orders.models import Invoice, Order, Shipment
from portal.models import Code
from portal.queries import requests as queries
from portal.queries.steps import reached_by_card, steps_by_pipeline
from portal.serialisers import order_of, request_of, steps_of
from portal.serialisers.steps import Step

CODES = table_of(Code)


def _steps(card: Card, **more: Any) -> tuple[Step, ...]:
    rows, reached = steps_by_pipeline([card.pipeline_id]), reached_by_card([card.id])
    return steps_of(card, rows[card.pipeline_id], reached[card.id], **more)


def _requests(contact: Contact, bag: Bag) -> list[dict[str, Any]]:
    """Their own requests as the portal shows them; those of colleagues in a company are not theirs."""
    query = Card.visible_in_portal_to(contact).where(Card.contact_id == contact.id)
    return [_request(contact, card, bag) for card in db.session.scalars(query.order_by(Card.opened_at, Card.id))]


def _request(contact: Contact, card: Card, bag: Bag) -> dict[str, Any]:
    entries, _cut = queries.thread_of(card, whole=True)
    told = request_of(card, contact, steps=_steps(card), entries=entries, has_earlier=False,
                      orders=queries.linked_orders(contact, card), survey=None, survey_is_open=False)  # fmt: skip
    data: dict[str, Any] = plain(told)
    for name in ("has_earlier", "survey", "is_own", "asked_by"):
        del data[name]
    for entry in data["entries"]:
        for file in entry["files"]:
            file["place"] = _put(file["code"], card, bag)
    return data


def _put(code: str, card: Card, bag: Bag) -> str:
    query = sa.select(Attachment).join(Entry, Entry.id == Attachment.entry_id)
    query = query.where(Attachment.code == code, Attachment.card_id == card.id, Attachment.visibility == "portal")
    row = db.session.scalar(query.where(Entry.visibility == "portal"))
    return bag.add(row.file, row.name) if row else ""


def _orders(contact: Contact, _bag: Bag) -> list[dict[str, Any]]:
    query = sa.select(Order).where(Order.contact_id == contact.id).order_by(Order.ordered_at, Order.id)
    query = query.options(joinedload(Order.card).joinedload(Card.pipeline), selectinload(Order.lines),
                          selectinload(Order.shipments).selectinload(Shipment.events),
                          selectinload(Order.invoices).selectinload(Invoice.payments))  # fmt: skip
    return [_order(contact, order) for order in db.session.scalars(query)]


def _order(contact: Contact, order: Order) -> dict[str, Any]:
    shows = order.card.pipeline.is_in_portal and not order.card.is_internal
    steps = _steps(order.card, promised_on=order.promised_on) if shows else ()
    data: dict[str, Any] = plain(order_of(order, contact, steps, promise=None, today=today()))
    for name in ("is_own", "ordered_by", "new_promise"):
        del data[name]
    data["payments"] = [
        {"paid_at": payment.paid_at, "amount_rials": payment.amount_rials, "invoice": invoice.number}
        for invoice in order.invoices for payment in invoice.payments
    ]  # fmt: skip
    return data


def _surveys(contact: Contact, _bag: Bag) -> list[dict[str, Any]]:
    query = sa.select(Survey, Card.code).join(Card, Card.id == Survey.card_id)
    query = query.where(Survey.contact_id == contact.id, Survey.answered_at.is_not(None)).order_by(Survey.answered_at)
    return [
        {"request": code, "answered_at": survey.answered_at, "speed": survey.speed, "usefulness": survey.usefulness,
         "behaviour": survey.behaviour, "comment": survey.comment} for survey, code in db.session.execute(query)
    ]  # fmt: skip


def _theirs(contact: Contact) -> sa.ColumnElement[bool]:
    return CODES.c.point.in_([point.normalised for point in contact.points])


def _preview(contact: Contact) -> Iterator[Going]:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(CODES).where(_theirs(contact))) or 0
    yield Going(_("Sign-in codes they asked for"), count)


def _erase(contact: Contact) -> int:
    gone = db.session.execute(sa.delete(CODES).where(_theirs(contact)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


exports.add("requests", _l("Your requests"), 30, _requests)
exports.add("orders", _l("Your orders, invoices and payments"), 40, _orders)
exports.add("surveys", _l("Your opinions"), 50, _surveys)
erasing.add("codes", 25, preview=_preview, step=_erase)
