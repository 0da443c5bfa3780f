"""Parcels: what went out, with whom, and what the carrier says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import PORTAL, Actor, record
from app.extensions import db
from app.i18n import _
from app.ids import bare_digits
from app.locks import hold
from app.money import format_number
from app.text import ascii_digits, clean_line
from orders.models import Order, OrderLine, Product, Shipment, ShipmentEvent, Warehouse
from orders.models.shipment import CARRIERS
from orders.services.numbers import done_before, keep_answer
from orders.services.stock import move_stock

events.define("order.shipped", "shipment.changed")
POST_CODE_LENGTHS = (20, 24)


def add_shipment(
    order: Order,
    *,
    by: Actor | None,
    carrier: str = "post",
    carrier_name: str = "",
    tracking_code: str = "",
    quantities: Mapping[int, int] | None = None,
    warehouse: Warehouse | None = None,
    shipped_at: datetime | None = None,
    op_id: str | None = None,
) -> Shipment:
    """Record a parcel and what is in it: {line id: units}; None means everything that is left.

    With a warehouse the units leave its stock. Sent twice with the same `op_id`, it goes out once. Raises a
    `DomainError` on `carrier`, `tracking_code`, `lines` or `warehouse`, and then nothing is shipped.
    """
    hold(order)
    known = done_before(op_id)
    if known is not None:
        return next(shipment for shipment in order.shipments if shipment.id == known["shipment"])
    code = checked_tracking_code(carrier, tracking_code)
    packed = _packed(order, quantities)
    for line, units in packed:
        line.shipped_quantity += units
        if warehouse is not None and line.product is not None:
            _take(line.product, units, warehouse, order.number, by=by)
    shipment = Shipment(
        order_id=order.id, carrier=carrier, carrier_name=clean_line(carrier_name)[:80], tracking_code=code,
        contents=_contents(order, packed), shipped_at=shipped_at or utcnow(),
    )  # fmt: skip
    order.shipments.append(shipment)
    db.session.flush()
    record("order.shipped", order, by=by, at=shipped_at, visibility=PORTAL, data={
        "order": order.number, "shipment": shipment.id, "carrier": carrier, "tracking_code": code,
        "units": {str(line.id): units for line, units in packed},
    })  # fmt: skip
    keep_answer(op_id, {"shipment": shipment.id}, by=by)
    return shipment


def checked_tracking_code(carrier: str, code: str) -> str:
    """The code as it is stored; empty while the carrier has given none. The Post's has 20 or 24 digits."""
    if carrier not in CARRIERS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="carrier")
    if carrier == "post":
        digits = bare_digits(code) if clean_line(code) else ""
        if digits is None or (digits and len(digits) not in POST_CODE_LENGTHS):
            raise DomainError(_("The Post's code has 24 digits, on older receipts 20."), code="invalid",
                              field="tracking_code")  # fmt: skip
        return digits
    code = ascii_digits(clean_line(code))
    if not re.fullmatch(r"[\w\-./ ]{0,40}", code):
        raise DomainError(_("A tracking code has letters, digits and hyphens, at most 40 of them."), code="invalid",
                          field="tracking_code")  # fmt: skip
    return code


def _packed(order: Order, quantities: Mapping[int, int] | None) -> list[tuple[OrderLine, int]]:
    wanted = {line.id: line.left_quantity for line in order.lines} if quantities is None else quantities
    if not set(wanted) <= {line.id for line in order.lines}:
        raise DomainError(_("This line belongs to another order."), code="unknown", field="lines")
    packed = [(line, wanted[line.id]) for line in order.lines if wanted.get(line.id)]
    if not packed:
        raise DomainError(_("Choose what is in the parcel; nothing is left to be shipped otherwise."), code="empty",
                          field="lines")  # fmt: skip
    for line, units in packed:
        if not 0 < units <= line.left_quantity:
            raise DomainError(_("Of “%(name)s” %(num)s are left to be shipped.", name=line.name,
                                num=format_number(line.left_quantity)), code="quantity", field="lines")  # fmt: skip
    return packed


def _take(product: Product, units: int, warehouse: Warehouse, number: str, *, by: Actor | None) -> None:
    try:
        move_stock(product, warehouse, -units, reason=_("Order %(number)s", number=number), by=by)
    except DomainError as error:
        raise DomainError(f"{product.name}: {error.message}", code=error.code, field="warehouse") from error


def _contents(order: Order, packed: list[tuple[OrderLine, int]]) -> str:
    """What a partial parcel holds, for people; empty when it is the whole order."""
    if len(packed) == len(order.lines) and all(units == line.quantity for line, units in packed):
        return ""
    return "، ".join(f"{units} × {line.name}" if units > 1 else line.name for line, units in packed)


def set_tracking_code(shipment: Shipment, code: str, *, by: Actor | None) -> None:
    """Note the code that the carrier gave later."""
    code = checked_tracking_code(shipment.carrier, code)
    if shipment.tracking_code == code:
        return
    change = {"from": {"tracking_code": shipment.tracking_code}, "to": {"tracking_code": code}}
    shipment.tracking_code = code
    db.session.flush()
    record("shipment.changed", shipment.order, by=by, visibility=PORTAL, data={**_data(shipment), **change})


def add_shipment_event(
    shipment: Shipment,
    text: str,
    *,
    by: Actor | None,
    at: datetime | None = None,
    is_delivered: bool = False,
) -> ShipmentEvent:
    """Note what happened to a parcel; customers read it. Told twice at the same instant, it stands once."""
    text = clean_line(text)[:200]
    if not text:
        raise DomainError(_("Please write something."), code="empty", field="text")
    moment = at or utcnow()
    known = next((event for event in shipment.events if event.at == moment and event.text == text), None)
    if known is not None:
        return known
    event = ShipmentEvent(at=moment, text=text)
    shipment.events.append(event)
    if is_delivered:
        shipment.delivered_at = shipment.delivered_at or moment
    db.session.flush()
    data = {**_data(shipment), "text": text}
    record("shipment.changed", shipment.order, by=by, at=at, visibility=PORTAL, data=data)
    return event


def _data(shipment: Shipment) -> dict[str, object]:
    return {"order": shipment.order.number, "shipment": shipment.id, "delivered": shipment.delivered_at is not None}
