"""Orders for programs, with what was shipped."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from app.api.access import me
from app.api.lists import rows_of
from app.api.resource import Answer, Resource
from app.api.shapes import inside
from app.codes import parse_code
from app.errors import Denied, DomainError, NotFound
from app.extensions import db
from app.i18n import _
from app.links import external
from app.policies import require
from app.text import ascii_digits, clean_line
from cards.api.customers import company_for, contact_for
from cards.api.loading import get_card
from cards.models import Card
from cards.pages.blueprint import require_write
from contacts.models import Company, Contact
from orders.api.shapes.orders import (
    NewCardLink,
    NewDelivery,
    NewOrder,
    NewOrderLine,
    NewShipment,
    NewShipmentEvent,
    NewTrackingCode,
    OrderAnswer,
    OrderFilters,
    OrderList,
)
from orders.models import Invoice, Order, OrderLine, Product, Shipment, Warehouse
from orders.policies import boards_for_orders, can_change
from orders.queries import matches_order, order_with_everything
from orders.services import (
    Delivery,
    NewLine,
    add_shipment,
    add_shipment_event,
    change_delivery,
    create_order,
    link_card_to_order,
    set_tracking_code,
)
from pipelines.models import Pipeline

bp = Resource("orders", __name__, tag="Orders")


def get_order(number: str) -> Order:
    """The order with this number, with everything that belongs to it; `NotFound` when there is none."""
    order = order_with_everything(me(), number)
    if order is None:
        raise NotFound
    return order


def get_changeable(number: str) -> Order:
    """An order that the token's user may change."""
    order = get_order(number)
    require(can_change(me(), order))
    return order


def shown(order: Order) -> Answer:
    return Answer(OrderAnswer.of(order), location=external(f"/api/v1/orders/{order.number}"))


def with_everything(query: Select[Order]) -> Select[Order]:
    """With what an answer shows. Seven statements in all, however long the list is."""
    return query.options(
        joinedload(Order.contact), joinedload(Order.company),
        joinedload(Order.card).options(joinedload(Card.stage), joinedload(Card.pipeline)),
        selectinload(Order.lines).joinedload(OrderLine.product),
        selectinload(Order.shipments).selectinload(Shipment.events),
        selectinload(Order.invoices).selectinload(Invoice.payments),
    )  # fmt: skip


@bp.operation("GET", "/orders", scope="orders:read", summary="List orders", query=OrderFilters, answer=OrderList)
def list_orders(query: OrderFilters) -> OrderList:
    """Orders that fit every filter."""
    found = with_everything(Order.visible_to(me()))
    if query.q:
        found = found.where(matches_order(query.q))
    if query.external_id is not None:
        found = found.where(Order.external_id == clean_line(query.external_id))
    if query.contact is not None:
        found = found.where(Order.contact.has(Contact.code == (parse_code(query.contact) or "")))
    if query.company is not None:
        found = found.where(Order.company.has(Company.code == (parse_code(query.company) or "")))
    if query.ordered_from is not None:
        found = found.where(Order.ordered_at >= query.ordered_from)
    if query.ordered_until is not None:
        found = found.where(Order.ordered_at < query.ordered_until)
    rows, following = rows_of(found, Order.id, query)
    return OrderList(items=[OrderAnswer.of(row) for row in rows], next=following)


@bp.operation("POST", "/orders", scope="orders:write", summary="Add an order", body=NewOrder, status=201,
              answer=OrderAnswer)  # fmt: skip
def create_order_(body: NewOrder) -> Answer:
    """With its card, in the first stage of a board for orders. To find or add the customer by anything but the code,
    the token needs the scope `contacts:write` too."""
    board = _board(body.pipeline)
    contact = contact_for(body.contact)
    _refuse_known(body.external_id)
    delivery = Delivery(recipient=body.recipient, recipient_phone=body.recipient_phone, address=body.address,
                        promised_on=body.promised_on, shipping_rials=body.shipping_rials)  # fmt: skip
    order = create_order(
        contact, [_line(place, line) for place, line in enumerate(body.lines)], by=me(), delivery=delivery,
        stage=board.first_stage, number=body.number, company=company_for(body.company, contact), channel=body.channel,
        ordered_at=body.ordered_at, external_id=clean_line(body.external_id or "") or None,
    )  # fmt: skip
    return shown(get_order(order.number))


def _board(slug: str | None) -> Pipeline:
    """Raises `Denied`, or a `DomainError` for a board that is none for orders."""
    boards = boards_for_orders(me())
    if not boards:
        raise Denied(_("You work on no board for orders. A manager of a board can let you in."))
    found = boards[0] if slug is None else next((board for board in boards if board.slug == slug), None)
    if found is None:
        raise DomainError(_("There is no such board."), code="unknown", field="pipeline")
    return found


def _refuse_known(external_id: str | None) -> None:
    known = clean_line(external_id or "")
    if known and db.session.scalar(sa.select(Order.id).where(Order.external_id == known)):
        raise DomainError(_("There is an order with this number already."), code="taken", field="external_id")


def _line(place: int, given: NewOrderLine) -> NewLine:
    product = None
    if given.sku is not None:
        product = db.session.scalar(sa.select(Product).where(Product.sku == ascii_digits(clean_line(given.sku))))
        if product is None or product.archived_at is not None:
            sentence = _("There is no product of exactly this name or code. Please choose from the list.")
            with inside("lines", place):
                raise DomainError(sentence, code="unknown", field="sku")
    return NewLine(product, given.quantity, price_rials=given.price_rials, discount_rials=given.discount_rials,
                   vat_rate=given.vat_rate, name=given.name)  # fmt: skip


@bp.operation("GET", "/orders/<number>", scope="orders:read", summary="Read an order", answer=OrderAnswer)
def show_order(number: str) -> Answer:
    """With lines, shipments, invoices and payments."""
    return shown(get_order(number))


@bp.operation("POST", "/orders/<number>/delivery", scope="orders:write", summary="Change where an order goes",
              body=NewDelivery, answer=OrderAnswer)  # fmt: skip
def create_delivery(number: str, body: NewDelivery) -> Answer:
    """And by when: the customer is told of another promise."""
    order = get_changeable(number)
    given = body.given()
    reason = given.pop("reason", "")
    same = {name: getattr(order, name) for name in ("recipient", "recipient_phone", "address", "promised_on")}
    change_delivery(order, Delivery(**{**same, **given}), by=me(), reason=reason)
    return shown(order)


@bp.operation("POST", "/orders/<number>/shipments", scope="orders:write", summary="Record a parcel", body=NewShipment,
              status=201, answer=OrderAnswer)  # fmt: skip
def create_shipment(number: str, body: NewShipment) -> Answer:
    """What went out, with whom; the customer sees it."""
    order = get_changeable(number)
    warehouse = db.session.get(Warehouse, body.warehouse_id) if body.warehouse_id else None
    if body.warehouse_id and warehouse is None:
        raise DomainError(_("There is no such warehouse."), code="unknown", field="warehouse_id")
    packed = None if body.lines is None else {line.line_id: line.quantity for line in body.lines}
    add_shipment(order, by=me(), carrier=body.carrier, carrier_name=body.carrier_name, warehouse=warehouse,
                 tracking_code=body.tracking_code, quantities=packed, shipped_at=body.shipped_at)  # fmt: skip
    return shown(get_order(number))


def get_shipment(order: Order, shipment_id: int) -> Shipment:
    """This order's parcel; `NotFound` for others'."""
    shipment = next((row for row in order.shipments if row.id == shipment_id), None)
    if shipment is None:
        raise NotFound
    return shipment


@bp.operation("POST", "/orders/<number>/shipments/<int(max=2147483647):shipment_id>/tracking-code",
              scope="orders:write", summary="Note a tracking code", body=NewTrackingCode,
              answer=OrderAnswer)  # fmt: skip
def create_tracking_code(number: str, shipment_id: int, body: NewTrackingCode) -> Answer:
    """The code that the carrier gave later."""
    order = get_changeable(number)
    set_tracking_code(get_shipment(order, shipment_id), body.tracking_code, by=me())
    return shown(order)


@bp.operation("POST", "/orders/<number>/shipments/<int(max=2147483647):shipment_id>/events", scope="orders:write",
              summary="Note what happened to a parcel", body=NewShipmentEvent, answer=OrderAnswer)  # fmt: skip
def create_shipment_event(number: str, shipment_id: int, body: NewShipmentEvent) -> Answer:
    """The customer reads it. Told twice at the same moment, it stands once."""
    order = get_changeable(number)
    shipment = get_shipment(order, shipment_id)
    add_shipment_event(shipment, body.text, by=me(), at=body.at, is_delivered=body.is_delivered)
    return shown(order)


@bp.operation("POST", "/orders/<number>/cards", scope="orders:write", summary="Say that a card is about an order",
              body=NewCardLink, answer=OrderAnswer)  # fmt: skip
def create_card_link(number: str, body: NewCardLink) -> Answer:
    """Or about one line of it. The customer sees it."""
    order = get_order(number)
    try:
        card = get_card(body.card)
    except NotFound:
        raise DomainError(_("There is no such card."), code="unknown", field="card") from None
    require_write(card)
    line = next((row for row in order.lines if row.id == body.line_id), None)
    if body.line_id is not None and line is None:
        raise DomainError(_("This line belongs to another order."), code="unknown", field="line_id")
    link_card_to_order(card, order, by=me(), line=line)
    return shown(order)
