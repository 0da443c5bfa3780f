"""Stock changes by moves alone, so that every number has a cause."""

from __future__ import annotations

import sqlalchemy as sa

from app import events
from app.db import insert_missing
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.money import format_number
from app.text import clean_line
from orders.models import Product, StockLevel, StockMove, Warehouse

events.define("stock.moved")
MOST_UNITS = 1_000_000_000
REASON_LENGTH = 200


def move_stock(
    product: Product, warehouse: Warehouse, quantity: int, *, reason: str, by: Actor | None, silent: bool = False
) -> StockMove | None:
    """Put units into a warehouse, or take them (negative). Zero moves nothing.

    Raises a `DomainError` on `quantity` when there are not that many, on `reason` when none is given.
    """
    reason = _checked(reason)
    level = _hold(product, warehouse)
    if quantity == 0:
        return None
    return _move(level, product, quantity, reason=reason, by=by, silent=silent)


def set_stock(
    product: Product, warehouse: Warehouse, on_hand: int, *, reason: str, by: Actor | None, silent: bool = False
) -> StockMove | None:
    """Record what was counted: the difference is moved; None when the count agrees."""
    reason = _checked(reason)
    level = _hold(product, warehouse)
    if level.on_hand == on_hand:
        return None
    return _move(level, product, on_hand - level.on_hand, reason=reason, by=by, silent=silent)


def _checked(reason: str) -> str:
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Please say why, so that colleagues understand."), code="empty", field="reason")
    return reason[:REASON_LENGTH]


def _hold(product: Product, warehouse: Warehouse) -> StockLevel:
    """The level, locked until the transaction ends; made when there was none."""
    empty = insert_missing(StockLevel, db.engine.dialect.name)
    db.session.execute(empty.values(product_id=product.id, warehouse_id=warehouse.id, on_hand=0, allocated=0))
    query = sa.select(StockLevel).where(StockLevel.product_id == product.id, StockLevel.warehouse_id == warehouse.id)
    query = query.with_for_update(of=StockLevel).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def _move(
    level: StockLevel, product: Product, quantity: int, *, reason: str, by: Actor | None, silent: bool
) -> StockMove:
    after = level.on_hand + quantity
    if after < level.allocated:
        left = format_number(level.available)
        raise DomainError(_("Only %(num)s are available there.", num=left), code="not_enough", field="quantity")
    if after > MOST_UNITS:
        raise DomainError(_("This number is too large."), code="too_many", field="quantity")
    level.on_hand = after
    user_id = by.id if by and by.actor_kind == "user" else None
    move = StockMove(product_id=product.id, warehouse_id=level.warehouse_id, quantity=quantity, reason=reason,
                     by_id=user_id)  # fmt: skip
    db.session.add(move)
    db.session.flush()
    record("stock.moved", product, by=by, silent=silent,
           data={"warehouse": level.warehouse_id, "quantity": quantity, "on_hand": after})  # fmt: skip
    return move
