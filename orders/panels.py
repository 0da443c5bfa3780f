"""What a card's page shows of the customer's purchases: orders with the stock of their goods, and invoices.

Both panels are drawn from one query, whatever the customer has bought.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_login import current_user

from app.extensions import db
from app.i18n import localised
from cards.models import Card
from cards.pages import panels
from cards.policies import can_write
from orders.models import CardLink, Invoice, Order, OrderLine, Payment, StockLevel, Warehouse
from pipelines.models import Stage

LATEST = 3


@dataclass
class Good:
    """A line of an order; `places` says where how many of the product are available, None where it is no product."""

    name: str
    quantity: int
    left: int
    rials: int
    is_linked: bool
    places: dict[str, int] | None


@dataclass
class Bill:
    """An invoice of an order, and what was paid on it."""

    invoice: Invoice
    paid: int

    @property
    def due(self) -> int:
        return 0 if self.invoice.state == "void" else max(self.invoice.total_rials - self.paid, 0)


@dataclass
class Purchase:
    """An order of the card's customer. `is_own`: the card is the order itself; `is_linked`: the card is about it."""

    number: str
    ordered_at: datetime
    rials: int
    stage: str
    is_own: bool
    is_linked: bool
    goods: dict[int, Good] = field(default_factory=dict)
    bills: dict[int, Bill] = field(default_factory=dict)

    @property
    def is_about(self) -> bool:
        return self.is_own or self.is_linked


def purchases(card: Card) -> dict[str, Any] | None:
    """The order that the card is about first, then the customer's newest ones, with the stock of every line."""
    found = purchases_for(card)
    may_link = can_write(current_user, card) and card.pipeline.kind != "order"
    if not found and not may_link:
        return None
    return {"template": "orders/_panel_purchases.html", "orders": found, "may_link": may_link}


def invoices(card: Card) -> dict[str, Any] | None:
    """The bills of the same orders, with what is still due."""
    orders = [order for order in purchases_for(card) if order.bills]
    return {"template": "orders/_panel_invoices.html", "orders": orders} if orders else None


def purchases_for(card: Card) -> list[Purchase]:
    """What both panels are drawn from. One query a request."""
    known: dict[int, list[Purchase]] = g.setdefault("purchases_for_cards", {})
    if card.id not in known:
        known[card.id] = _grouped(db.session.execute(_rows(), {"card": card.id, "contact": card.contact_id}))
    return known[card.id]


@cache
def _rows() -> sa.Select[*tuple[Any, ...]]:
    """Rows of (order, line, warehouse, invoice) for `card` and its `contact`."""
    card_id, contact_id = sa.bindparam("card", type_=sa.Integer), sa.bindparam("contact", type_=sa.Integer)
    newest = sa.select(Order.id).where(Order.contact_id == contact_id)
    newest = newest.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(LATEST)
    linked = sa.select(CardLink.order_id).where(CardLink.card_id == card_id)
    is_own, is_linked = (Order.card_id == card_id).label("is_own"), Order.id.in_(linked).label("is_linked")
    line_is_linked = sa.exists().where(CardLink.card_id == card_id, CardLink.line_id == OrderLine.id)
    paid = sa.select(sa.func.coalesce(sa.func.sum(Payment.amount_rials), 0)).where(Payment.invoice_id == Invoice.id)
    return (
        sa.select(
            Order.id, Order.number, Order.ordered_at, Order.total_rials, is_own, is_linked,
            Stage.name_fa.label("stage_fa"), Stage.name_en.label("stage_en"),
            OrderLine.id.label("line_id"), OrderLine.name, OrderLine.quantity, OrderLine.shipped_quantity,
            OrderLine.total_rials.label("line_rials"), OrderLine.vat_rials, OrderLine.product_id,
            line_is_linked.label("line_is_linked"), (StockLevel.on_hand - StockLevel.allocated).label("available"),
            Warehouse.name_fa.label("place_fa"), Warehouse.name_en.label("place_en"),
            Invoice, paid.scalar_subquery().label("paid"),
        )
        .join(Card, Card.id == Order.card_id)
        .join(Stage, Stage.id == Card.stage_id)
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .outerjoin(StockLevel, StockLevel.product_id == OrderLine.product_id)
        .outerjoin(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .outerjoin(Invoice, Invoice.order_id == Order.id)
        .where(sa.or_(Order.card_id == card_id, Order.id.in_(linked), Order.id.in_(newest)))
        .order_by(is_own.desc(), is_linked.desc(), Order.ordered_at.desc(), Order.id.desc(), OrderLine.position,
                  OrderLine.id, Warehouse.id, Invoice.id)
    )  # fmt: skip


def _grouped(rows: Iterable[Any]) -> list[Purchase]:
    found: dict[int, Purchase] = {}
    for row in rows:
        if row.id not in found:
            stage = localised(row.stage_fa, row.stage_en)
            found[row.id] = Purchase(row.number, row.ordered_at, row.total_rials, stage, row.is_own, row.is_linked)
        order = found[row.id]
        if row.line_id is not None and row.line_id not in order.goods:
            order.goods[row.line_id] = Good(
                row.name, row.quantity, row.quantity - row.shipped_quantity, row.line_rials + row.vat_rials,
                row.line_is_linked, None if row.product_id is None else {},
            )  # fmt: skip
        places = order.goods[row.line_id].places if row.line_id is not None else None
        if places is not None and row.available:
            places[localised(row.place_fa, row.place_en)] = row.available
        if row.Invoice is not None:
            order.bills[row.Invoice.id] = Bill(row.Invoice, row.paid)
    return list(found.values())


panels.add("purchases", 10, purchases)
panels.add("invoices", 20, invoices)
