"""Shapes of orders and shipments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes import Code, Id, Listing, Moment, Rials, Shape, Text, asked, one_of
from app.links import external
from cards.api.shapes import Customer, StageMark
from contacts.api.shapes import CompanyMark, ContactMark
from orders.api.shapes.invoices import InvoiceAnswer
from orders.api.shapes.products import Rate, Sku
from orders.models import Order, OrderLine, Shipment
from orders.models.order import CHANNELS
from orders.models.shipment import CARRIERS
from orders.services.ordering import MOST_LINES
from orders.totals import MOST_QUANTITY

Quantity = Annotated[int, Field(ge=1, le=MOST_QUANTITY)]


class LineAnswer(Shape):
    """A product of an order, with name and price of that day."""

    id: int
    sku: str | None
    name: str
    quantity: int
    shipped_quantity: int
    price_rials: int
    discount_rials: int
    vat_rials: int
    total_rials: int
    """After discount, without tax."""

    @classmethod
    def of(cls, line: OrderLine) -> LineAnswer:
        same = ("id", "name", "quantity", "shipped_quantity", "price_rials", "discount_rials", "vat_rials",
                "total_rials")  # fmt: skip
        return cls(**{name: getattr(line, name) for name in same}, sku=line.product.sku if line.product else None)


class ShipmentEventAnswer(Shape):
    at: datetime
    text: str


class ShipmentAnswer(Shape):
    """A parcel."""

    id: int
    carrier: Annotated[str, one_of(CARRIERS)]
    carrier_name: str
    tracking_code: str
    contents: str
    """Empty: the whole order."""
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: list[ShipmentEventAnswer]

    @classmethod
    def of(cls, shipment: Shipment) -> ShipmentAnswer:
        same = ("id", "carrier", "carrier_name", "tracking_code", "contents", "shipped_at", "delivered_at")
        events = [ShipmentEventAnswer(at=event.at, text=event.text) for event in shipment.events]
        return cls(**{name: getattr(shipment, name) for name in same}, events=events)


class OrderAnswer(Shape):
    """A purchase. Where it stands is the stage of its card."""

    number: str
    external_id: str | None
    """Its number in your shop."""
    contact: ContactMark
    company: CompanyMark | None
    card: str
    """The code of its card."""
    pipeline: str
    stage: StageMark
    channel: Annotated[str, one_of(CHANNELS)]
    ordered_at: datetime
    promised_on: date | None
    recipient: str
    recipient_phone: str
    address: str
    lines: list[LineAnswer]
    goods_rials: int
    discount_rials: int
    vat_rials: int
    shipping_rials: int
    total_rials: int
    shipments: list[ShipmentAnswer]
    invoices: list[InvoiceAnswer]
    url: str
    """The page of the order, for colleagues."""

    @classmethod
    def of(cls, order: Order) -> OrderAnswer:
        same = ("number", "external_id", "channel", "ordered_at", "promised_on", "recipient", "recipient_phone",
                "address", "goods_rials", "discount_rials", "vat_rials", "shipping_rials", "total_rials")  # fmt: skip
        stage = order.card.stage
        return cls(
            **{name: getattr(order, name) for name in same}, contact=ContactMark.of(order.contact),
            company=CompanyMark.of(order.company) if order.company else None, card=order.card.code,
            pipeline=order.card.pipeline.slug, lines=[LineAnswer.of(line) for line in order.lines],
            stage=StageMark(id=stage.id, name_fa=stage.name_fa, name_en=stage.name_en, kind=stage.kind),
            shipments=[ShipmentAnswer.of(row) for row in order.shipments],
            invoices=[InvoiceAnswer.of(row) for row in order.invoices], url=external(f"/orders/{order.number}"),
        )  # fmt: skip


class OrderList(Shape):
    items: list[OrderAnswer]
    next: str | None


class OrderFilters(Listing):
    q: Annotated[Text, Field(max_length=80)] | None = None
    """A part of the number, or the customer."""
    external_id: Annotated[Text, Field(max_length=80)] | None = None
    contact: Code | None = None
    company: Code | None = None
    ordered_from: Moment | None = None
    """Orders of this moment or later."""
    ordered_until: Moment | None = None
    """Orders before this moment."""


class NewOrderLine(Shape):
    """A product by its code; or, for something that is no product of ours, a name and a price."""

    sku: Sku | None = None
    quantity: Quantity = 1
    discount_rials: Rials = 0
    price_rials: Rials | None = None
    """Null: the product's price of today."""
    vat_rate: Rate | None = None
    """Null: the product's."""
    name: Annotated[Text, Field(max_length=200)] = ""


class NewOrder(Shape):
    """An order of your shop."""

    contact: Customer
    lines: Annotated[list[NewOrderLine], Field(max_length=MOST_LINES)] = Field(
        default_factory=list, examples=[[{"sku": "KEY-01", "quantity": 2}]]
    )
    pipeline: Annotated[Text, Field(max_length=64)] | None = None
    """The board for orders; null: the first one on which the token's user works."""
    company: Code | None = None
    number: Annotated[Text, Field(max_length=40)] | None = None
    """Null: the next one of the business."""
    external_id: Annotated[Text, Field(max_length=80)] | None = None
    channel: Literal["shop", "agent", "phone", "in_person"] = "shop"
    ordered_at: Moment | None = None
    """Null: now."""
    promised_on: date | None = None
    recipient: Annotated[Text, Field(max_length=120)] = ""
    """Empty: the customer."""
    recipient_phone: Annotated[Text, Field(max_length=40)] = ""
    address: Annotated[Text, Field(max_length=600)] = ""
    shipping_rials: Rials = 0


class NewDelivery(Shape):
    """Where the order goes and by when; what is left out stays as it is."""

    recipient: Annotated[Text, Field(max_length=120)] = ""
    recipient_phone: Annotated[Text, Field(max_length=40)] = ""
    address: Annotated[Text, Field(max_length=600)] = ""
    promised_on: date | None = None
    reason: Annotated[Text, Field(max_length=200)] = ""
    """Why the promise changes: the customer reads it."""


class PackedLine(Shape):
    line_id: Id
    quantity: Quantity


class NewShipment(Shape):
    """A parcel and what is in it."""

    carrier: Literal["post", "tipax", "courier", "other"] = "post"
    carrier_name: Annotated[Text, Field(max_length=80)] = ""
    """When it is another one."""
    tracking_code: Annotated[Text, Field(max_length=60)] = ""
    lines: Annotated[list[PackedLine], Field(max_length=MOST_LINES)] | None = None
    """Null: everything that is left."""
    warehouse_id: Id | None = None
    """Where the units are taken from; null: the stock stays as it is."""
    shipped_at: Moment | None = None


class NewTrackingCode(Shape):
    tracking_code: Annotated[Text, Field(max_length=60)] = asked()


class NewShipmentEvent(Shape):
    text: Annotated[Text, Field(max_length=200)] = asked()
    at: Moment | None = None
    is_delivered: bool = False


class NewCardLink(Shape):
    card: Code = asked()
    line_id: Id | None = None
