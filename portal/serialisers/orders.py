"""Orders, their goods, parcels and bills. Amounts are rials, and None for readers without the right to prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contacts.models import Contact
from orders.models import Invoice as InvoiceRow
from orders.models import Order as OrderModel
from orders.models import OrderLine, Shipment
from portal.queries.orders import Listed
from portal.serialisers.steps import Step, present


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list."""

    number: str
    ordered_at: datetime
    steps: tuple[Step, ...]
    promised_on: date | None
    is_finished: bool
    first_good: str
    more_goods: int
    total_rials: int | None
    ordered_by: str

    @property
    def step(self) -> Step:
        return present(self.steps)


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """An order that a request may be about."""

    number: str
    ordered_at: datetime
    first_good: str


@dataclass(frozen=True, slots=True)
class Line:
    """`place` counts from 1 and names the line in links."""

    place: int
    name: str
    quantity: int
    shipped_quantity: int
    total_rials: int | None


@dataclass(frozen=True, slots=True)
class ParcelEvent:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Parcel:
    carrier: str
    tracking_code: str
    contents: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: tuple[ParcelEvent, ...]


@dataclass(frozen=True, slots=True)
class Invoice:
    """`state`: issued, paid, void."""

    number: str
    state: str
    issued_on: date
    due_on: date | None
    total_rials: int
    due_rials: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class NewPromise:
    """That another day was promised than before, and why."""

    before_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order on its own page."""

    number: str
    ordered_at: datetime
    steps: tuple[Step, ...]
    promised_on: date | None
    new_promise: NewPromise | None
    finished_at: datetime | None
    is_own: bool
    ordered_by: str
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    goods_rials: int | None
    discount_rials: int | None
    vat_rials: int | None
    shipping_rials: int | None
    total_rials: int | None
    # None where the reader may not see invoices.
    invoices: tuple[Invoice, ...] | None
    recipient: str
    recipient_phone: str
    address: str

    @property
    def step(self) -> Step:
        return present(self.steps)

    @property
    def shipped_count(self) -> int:
        return sum(1 for parcel in self.parcels if parcel.shipped_at)


def sees_prices(order: OrderModel, reader: Contact) -> bool:
    """Whether amounts and invoices are the reader's to see: always of own orders, by right of a company's."""
    rights = (m.can_see_prices for m in reader.active_memberships if m.company_id == order.company_id)
    return order.contact_id == reader.id or any(rights)


def order_row_of(row: Listed, reader: Contact, steps: tuple[Step, ...]) -> OrderRow:
    order = row.order
    return OrderRow(
        number=order.number, ordered_at=order.ordered_at, steps=steps, promised_on=order.promised_on,
        is_finished=order.card.is_resolved, first_good=row.first_good, more_goods=row.more_goods,
        total_rials=order.total_rials if sees_prices(order, reader) else None, ordered_by=_ordered_by(order, reader),
    )  # fmt: skip


def order_choice_of(row: Listed) -> OrderChoice:
    return OrderChoice(row.order.number, row.order.ordered_at, row.first_good)


def line_name(order: OrderModel, place: int) -> str:
    """What stands at this place of the order, from 1; "" where nothing does."""
    return order.lines[place - 1].name if 0 < place <= len(order.lines) else ""


def order_of(
    order: OrderModel, reader: Contact, steps: tuple[Step, ...], *, promise: dict[str, Any] | None, today: date
) -> Order:
    shows = sees_prices(order, reader)
    sums = {name: getattr(order, name) if shows else None for name in
            ("goods_rials", "discount_rials", "vat_rials", "shipping_rials", "total_rials")}  # fmt: skip
    return Order(
        number=order.number, ordered_at=order.ordered_at, steps=steps, promised_on=order.promised_on,
        new_promise=new_promise_of(order, promise), finished_at=order.card.resolved_at,
        is_own=order.contact_id == reader.id, ordered_by=_ordered_by(order, reader),
        lines=lines_of(order.lines, shows=shows), parcels=tuple(parcel_of(parcel) for parcel in order.shipments),
        invoices=tuple(invoice_of(row, today) for row in order.invoices) if shows else None, **sums,
        recipient=order.recipient, recipient_phone=order.recipient_phone, address=order.address,
    )  # fmt: skip


def new_promise_of(order: OrderModel, data: dict[str, Any] | None) -> NewPromise | None:
    """From the data of the newest event about the promise; None when it never changed, or is not the present one."""
    if not data or not data.get("from") or order.promised_on is None or data.get("to") != order.promised_on.isoformat():
        return None
    return NewPromise(date.fromisoformat(data["from"]), str(data.get("reason") or ""))


def lines_of(rows: Iterable[OrderLine], *, shows: bool) -> tuple[Line, ...]:
    return tuple(
        Line(place, row.name, row.quantity, row.shipped_quantity, row.total_rials if shows else None)
        for place, row in enumerate(rows, 1)
    )


def parcel_of(row: Shipment) -> Parcel:
    """With its events, the newest first."""
    events = tuple(ParcelEvent(event.at, event.text) for event in reversed(row.events))
    return Parcel(row.carrier_label, row.tracking_code, row.contents, row.shipped_at, row.delivered_at, events)


def invoice_of(row: InvoiceRow, today: date) -> Invoice:
    due = row.due_rials
    is_overdue = row.state == "issued" and due > 0 and row.due_on is not None and row.due_on < today
    return Invoice(row.number, row.state, row.issued_on, row.due_on, row.total_rials, due, is_overdue)


def _ordered_by(order: OrderModel, reader: Contact) -> str:
    return "" if order.contact_id == reader.id else order.contact.shown_name
