"""Orders from the time before Kariz, as files know them: nobody reacts to them or is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import search
from app.clock import utcnow
from app.errors import DomainError
from app.events import PORTAL, Actor, PastFact, record_past
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.text import clean_line
from cards.placement import take_turn, touch
from cards.services.past import Stay, continue_past_card, open_past_card
from contacts.models import Company, Contact
from orders.models import Order, OrderLine, Shipment
from orders.models.shipment import CARRIERS
from orders.searching import FOUND_BY
from orders.services.ordering import (
    MOST_LINES,
    Delivery,
    NewLine,
    checked_sums,
    first_stage,
    line_of,
    reckoned,
    taken_number,
    title_of,
)
from orders.services.shipping import checked_tracking_code
from pipelines.models import Pipeline


@dataclass(frozen=True)
class Parcel:
    """The one parcel of an old order."""

    shipped_at: datetime
    carrier: str = "other"
    carrier_name: str = ""
    tracking_code: str = ""
    delivered_at: datetime | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """What is stored. Raises a `DomainError` on `carrier` or `tracking_code`."""
        if self.carrier not in CARRIERS:
            raise DomainError(_("Please choose one of the choices."), code="unknown", field="carrier")
        return {
            "shipped_at": self.shipped_at, "carrier": self.carrier, "carrier_name": clean_line(self.carrier_name)[:80],
            "tracking_code": checked_tracking_code(self.carrier, self.tracking_code),
            "delivered_at": self.delivered_at,
        }  # fmt: skip

    @property
    def news(self) -> dict[str, Any]:
        """The same without what a file leaves open: a carrier without a name takes no name away."""
        said = self.columns
        is_named = self.carrier != "other" or said["carrier_name"]
        return {
            name: value for name, value in said.items() if (is_named if name.startswith("carrier") else bool(value))
        }


def open_past_order(
    contact: Contact,
    lines: Sequence[NewLine],
    *,
    by: Actor | None,
    number: str,
    ordered_at: datetime,
    company: Company | None = None,
    delivery: Delivery = Delivery(),
    parcel: Parcel | None = None,
) -> Order:
    """An order as it stands: delivered and closed since its parcel arrived, on the way, or still where orders begin.

    Unlike a new order it may come without lines. Raises a `DomainError` on `number`, `lines`, `shipping`, `carrier`,
    `tracking_code`, or on `at` when it was shipped before it was placed.
    """
    board = first_stage().pipeline
    order = reckoned(_rows(lines), delivery.shipping_rials)
    order.number, order.contact, order.company, order.channel = taken_number(number), contact, company, "import"
    order.ordered_at, order.promised_on = ordered_at, delivery.promised_on
    order.recipient, order.recipient_phone, order.address = delivery.columns.values()
    order.recipient = order.recipient or contact.name
    order.card = open_past_card(
        contact, [Stay(board.first_stage, ordered_at), *_way(board, parcel)], title=_title(order), by=by,
        company=company, amount_rials=order.total_rials,
    )  # fmt: skip
    db.session.add(order)
    facts = [PastFact("order.created", ordered_at, {
        "order": order.number, "total_rials": order.total_rials, "lines": len(order.lines)
    }, PORTAL)]  # fmt: skip
    if parcel is not None:
        facts.append(_ship(order, parcel))
    db.session.flush()
    record_past(order, facts, by=by)
    search.renew(FOUND_BY, order.id)
    return order


def continue_past_order(
    order: Order,
    *,
    by: Actor | None,
    lines: Sequence[NewLine] | None = None,
    changes: dict[str, Any] | None = None,
    parcel: Parcel | None = None,
) -> bool:
    """Bring an order up to what a later file says of it; answers whether any of that was new.

    `lines` None leaves the lines, `changes` are columns of the delivery. Raises a `DomainError` on `lines` when they
    differ and are billed already, else as `open_past_order`.
    """
    hold(order)
    fields = _change(order, lines, changes or {}, by=by)
    is_new = bool(fields)
    if fields:
        data = {"order": order.number, "fields": fields}
        record_past(order, [PastFact("order.changed", utcnow(), data, PORTAL)], by=by)
    if parcel is not None:
        is_new |= _follow(order, parcel, by=by)
    if is_new:
        search.renew(FOUND_BY, order.id)
        search.renew(("inside",), order.card_id)
    return is_new


def _rows(lines: Sequence[NewLine]) -> list[OrderLine]:
    if len(lines) > MOST_LINES:
        raise DomainError(_("An order has at most %(num)s lines.", num=MOST_LINES), code="too_many", field="lines")
    return [line_of(line, place) for place, line in enumerate(lines)]


def _title(order: Order) -> str:
    return title_of(order) if order.lines else _("Order %(number)s", number=order.number)


def _way(board: Pipeline, parcel: Parcel | None) -> list[Stay]:
    """Where the order went after it was placed: the last open stage while its parcel is on the way, then the end."""
    if parcel is None:
        return []
    end = board.resolved_stage
    if end is None:
        raise DomainError(_("The board for orders has no stage for delivered ones."), code="no_stage")
    before = [stage for stage in board.stages if stage.position < end.position and not stage.is_closing]
    if parcel.delivered_at is None:
        return [Stay(before[-1], parcel.shipped_at)] if before else []
    way = [Stay(end, parcel.delivered_at)]
    return [Stay(before[-1], parcel.shipped_at), *way] if before and parcel.shipped_at < parcel.delivered_at else way


def _ship(order: Order, parcel: Parcel) -> PastFact:
    shipment = Shipment(**parcel.columns)
    order.shipments.append(shipment)
    for line in order.lines:
        line.shipped_quantity = line.quantity
    return PastFact("order.shipped", parcel.shipped_at, {
        "order": order.number, "carrier": shipment.carrier, "tracking_code": shipment.tracking_code,
    }, PORTAL)  # fmt: skip


def _change(order: Order, lines: Sequence[NewLine] | None, changes: dict[str, Any], *, by: Actor | None) -> list[str]:
    """Set what differs; answers the names of what did."""
    shipping = changes.pop("shipping_rials", order.shipping_rials)
    fields = sorted(name for name, value in changes.items() if getattr(order, name) != value)
    for name in fields:
        setattr(order, name, changes[name])
    rows = order.lines if lines is None else _rows(lines)
    has_new_lines = lines is not None and [_said(row) for row in rows] != [_said(row) for row in order.lines]
    if not has_new_lines and shipping == order.shipping_rials:
        return fields
    if order.live_invoice is not None:
        raise DomainError(
            _("The order is billed, so its lines and sums stay as they are."), code="invoiced", field="lines"
        )
    if has_new_lines:
        for row in rows:
            row.shipped_quantity = row.quantity if order.shipments else 0
        order.lines = list(rows)
    _reckon(order, shipping, by=by)
    return [*fields, "lines" if has_new_lines else "shipping_rials"]


def _said(row: OrderLine) -> tuple[Any, ...]:
    return row.product_id, row.name, row.quantity, row.price_rials, row.discount_rials, row.vat_rials


def _reckon(order: Order, shipping_rials: int, *, by: Actor | None) -> None:
    """The sums of the lines as they are now, on the card too."""
    sums = checked_sums(order.lines, shipping_rials)
    turn, before = take_turn(order.card), order.card.amount_rials
    order.goods_rials, order.discount_rials, order.vat_rials, order.shipping_rials, order.total_rials = sums
    order.card.amount_rials = order.total_rials
    touch(order.card)
    db.session.flush()
    fact = PastFact("card.amount_changed", utcnow(), {"from": before, "to": order.total_rials}, seq=turn.seq)
    record_past(order.card, [fact], by=by)


def _follow(order: Order, parcel: Parcel, *, by: Actor | None) -> bool:
    """Note the parcel, or what is new about it, and let the card go where it stands."""
    is_new = False
    if not order.shipments:
        record_past(order, [_ship(order, parcel)], by=by)
        is_new = True
    elif len(order.shipments) == 1:
        shipment = order.shipments[0]
        for name, value in parcel.news.items():
            if getattr(shipment, name) != value:
                setattr(shipment, name, value)
                is_new = True
    if not order.card.is_closed:
        for stay in _way(order.card.pipeline, parcel):
            if stay.stage.is_closing or order.card.stage.kind == "new":
                is_new |= order.card.stage_id != stay.stage.id
                continue_past_card(order.card, stay, by=by)
    db.session.flush()
    return is_new
