"""A customer's orders, and what may be read of them."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.extensions import db
from cards.models import Card
from contacts.models import Contact
from orders.models import Invoice, Order, OrderLine, Shipment
from pipelines.models import Pipeline

ROWS_A_PAGE = 20
CHOICES = 30


def orders_of(
    contact: Contact, *, after: str | None = None, limit: int = ROWS_A_PAGE
) -> tuple[list[Order], str | None]:
    """A page of the customer's orders, newest first, and the number to ask the next page with. Two queries at most."""
    query = _readable(contact).order_by(Order.ordered_at.desc(), Order.id.desc())
    seen = db.session.scalar(Order.visible_in_portal_to(contact).where(Order.number == after)) if after else None
    if seen is not None:
        last = sa.tuple_(sa.literal(seen.ordered_at, Order.ordered_at.type), seen.id)
        query = query.where(sa.tuple_(Order.ordered_at, Order.id) < last)
    orders = list(db.session.scalars(query.limit(limit + 1)))
    return orders[:limit], orders[limit - 1].number if len(orders) > limit else None


def goods_of(orders: Iterable[Order]) -> dict[int, tuple[str, int]]:
    """For each order: the name of its first line, and how many further lines there are. One query."""
    count = sa.func.count().over(partition_by=OrderLine.order_id)
    place = sa.func.row_number().over(partition_by=OrderLine.order_id, order_by=(OrderLine.position, OrderLine.id))
    query = sa.select(OrderLine.order_id, OrderLine.name, count, place)
    rows = db.session.execute(query.where(OrderLine.order_id.in_({order.id for order in orders})))
    return {order_id: (name, count - 1) for order_id, name, count, place in rows if place == 1}


def find_order(contact: Contact, number: str) -> Order | None:
    """An order in reach with its lines, parcels and invoices. Three queries at most."""
    query = (
        _readable(contact)
        .where(Order.number == number)
        .options(
            joinedload(Order.lines),
            selectinload(Order.shipments).joinedload(Shipment.events),
            selectinload(Order.invoices).joinedload(Invoice.payments),
        )
    )
    return db.session.scalars(query).unique().one_or_none()


def own_orders(contact: Contact, limit: int = CHOICES) -> list[Order]:
    """The customer's own newest orders, to choose one that a request is about. One query."""
    query = _readable(contact).where(Order.contact_id == contact.id)
    return list(db.session.scalars(query.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(limit)))


def find_own_order(contact: Contact, number: str) -> Order | None:
    """One of the customer's own orders with its lines. One query."""
    query = _readable(contact).where(Order.contact_id == contact.id, Order.number == number)
    return db.session.scalars(query.options(joinedload(Order.lines))).unique().one_or_none()


def _readable(contact: Contact) -> sa.Select[Order]:
    """Orders whose board is shown in the portal, with their cards."""
    query = Order.visible_in_portal_to(contact).join(Card, Card.id == Order.card_id)
    query = query.join(Pipeline, Pipeline.id == Card.pipeline_id).where(
        Pipeline.is_in_portal, Card.is_internal.is_(False)
    )
    return query.options(contains_eager(Order.card), joinedload(Order.contact))
