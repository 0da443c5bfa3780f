"""A customer's orders, and what may be read of them."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.events import Event
from app.extensions import db
from cards.models import Card
from contacts.models import Contact
from orders.models import Invoice, Order, OrderLine, Shipment
from pipelines.models import Pipeline

ROWS_A_PAGE = 20
CHOICES = 30


class Listed(NamedTuple):
    """An order in a list: what its first line is called, and how many further lines there are."""

    order: Order
    first_good: str
    more_goods: int


def orders_of(
    contact: Contact, *, after: str | None = None, limit: int = ROWS_A_PAGE
) -> tuple[list[Listed], str | None]:
    """A page of the customer's orders, newest first, and the number to ask the next page with. Two queries at most."""
    query = _readable(contact)
    seen = db.session.scalar(Order.visible_in_portal_to(contact).where(Order.number == after)) if after else None
    if seen is not None:
        last = sa.tuple_(sa.literal(seen.ordered_at, Order.ordered_at.type), seen.id)
        query = query.where(sa.tuple_(Order.ordered_at, Order.id) < last)
    orders = _listed(query, limit + 1)
    return orders[:limit], orders[limit - 1].order.number if len(orders) > limit else None


def own_orders(contact: Contact, limit: int = CHOICES) -> list[Listed]:
    """The customer's own newest orders, to choose one that a request is about. One query."""
    return _listed(_readable(contact).where(Order.contact_id == contact.id), limit)


def find_order(contact: Contact, number: str) -> tuple[Order, dict[str, Any] | None] | None:
    """An order in reach with lines, parcels and invoices, and how its promise changed last, {"from", "to", "reason"}
    or None. Three queries at most."""
    query = _readable(contact).where(Order.number == number)
    query = query.options(joinedload(Order.lines), selectinload(Order.shipments).joinedload(Shipment.events))
    query = query.options(selectinload(Order.invoices).joinedload(Invoice.payments))
    # As text: rows with JSON in them cannot be told apart.
    promise = sa.select(sa.cast(Event.data, sa.Text)).where(Event.subject_kind == "order", Event.subject_id == Order.id)
    promise = promise.where(Event.name == "order.promised", Event.visibility == "portal").correlate(Order)
    promise = promise.order_by(Event.id.desc()).limit(1)
    row = db.session.execute(query.add_columns(promise.scalar_subquery())).unique().one_or_none()
    return (row[0], json.loads(row[1]) if row[1] else None) if row else None


def find_own_order(contact: Contact, number: str) -> Order | None:
    """One of the customer's own orders with its lines. One query."""
    query = _readable(contact).where(Order.contact_id == contact.id, Order.number == number)
    return db.session.scalars(query.options(joinedload(Order.lines))).unique().one_or_none()


def listed(contact: Contact, ids: Collection[int]) -> list[Listed]:
    """These orders, as far as the customer may see them. One query."""
    return _listed(_readable(contact).where(Order.id.in_(ids)), len(ids))


def _listed(query: sa.Select[Order], limit: int) -> list[Listed]:
    """The newest of these orders. The goods are looked up for the rows of the page only."""
    lines = sa.select(OrderLine).where(OrderLine.order_id == Order.id).correlate(Order)
    first = lines.with_only_columns(OrderLine.name).order_by(OrderLine.position, OrderLine.id).limit(1)
    count = lines.with_only_columns(sa.func.count())
    query = query.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(limit)
    rows = db.session.execute(query.add_columns(first.scalar_subquery(), count.scalar_subquery()))
    return [Listed(row[0], row[1] or "", max(row[2] - 1, 0)) for row in rows.all()]


def _readable(contact: Contact) -> sa.Select[Order]:
    """Orders whose board is shown in the portal, with their cards."""
    query = Order.visible_in_portal_to(contact).join(Card, Card.id == Order.card_id)
    query = query.join(Pipeline, Pipeline.id == Card.pipeline_id)
    query = query.where(Pipeline.is_in_portal, Card.is_internal.is_(False))
    return query.options(contains_eager(Order.card), joinedload(Order.contact))
