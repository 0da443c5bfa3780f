"""What the page of an order is drawn from."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask_login import current_user

from app.forms import Form
from orders.forms import DeliveryForm, InvoiceForm, PaymentForm, ShipmentEventForm, ShipmentForm, TrackingCodeForm
from orders.models import Order
from orders.models.invoice import METHODS, STATES
from orders.models.order import CHANNELS
from orders.policies import can_change
from orders.queries import cards_about, rail_of, warehouses
from pipelines.policies import level_on


def page_of_order(order: Order, **forms: Form) -> dict[str, Any]:
    """The context of orders/show.html. `forms` are refused ones, drawn open with their errors; others are fresh."""
    may_change = can_change(current_user, order)
    invoice = order.live_invoice
    fresh: dict[str, Any] = {}
    if may_change:
        fresh = {
            "delivery": DeliveryForm.of(order), "invoicing": InvoiceForm(), "tracking": TrackingCodeForm(),
            "news": ShipmentEventForm(), "shipping": shipment_form(order)(op_id=uuid4().hex),
            "payment": PaymentForm(amount=invoice.due_rials if invoice else None, op_id=uuid4().hex),
        }  # fmt: skip
    about = [(card, level_on(current_user, card.pipeline_id) != "none") for card in cards_about(order)]
    return {
        "order": order, "invoice": invoice, "rail": rail_of(order), "cards": about, "can_change": may_change,
        "is_card_reached": level_on(current_user, order.card.pipeline_id) != "none", "channels": CHANNELS,
        "states": STATES, "methods": METHODS, "forms": {**fresh, **forms}, "refused": set(forms),
    }  # fmt: skip


def shipment_form(order: Order) -> type[ShipmentForm]:
    """The form of a parcel of this order."""
    return ShipmentForm.for_order(order, [(place.id, place.name) for place in warehouses()])
