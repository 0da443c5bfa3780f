"""Parcels of an order."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from orders.forms import ShipmentEventForm, TrackingCodeForm
from orders.models import Order, Shipment, Warehouse
from orders.pages import page_of_order, shipment_form
from orders.policies import can_change
from orders.routes.orders import back_to, bp, get_order
from orders.services import add_shipment, add_shipment_event, set_tracking_code


def get_shipment(order: Order, shipment_id: int) -> Shipment:
    """This order's parcel with this id; 404 for others'."""
    shipment = next((row for row in order.shipments if row.id == shipment_id), None)
    if shipment is None:
        raise NotFound
    return shipment


@bp.post("/<number>/shipments")
def create_shipment(number: str) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    form = shipment_form(order).from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, shipping=form))
    warehouse = db.session.get(Warehouse, form.warehouse_id.data) if form.warehouse_id.data else None
    try:
        add_shipment(order, by=current_user, carrier=form.carrier.data, carrier_name=form.carrier_name.data or "",
                     tracking_code=form.tracking_code.data or "", quantities=form.quantities, warehouse=warehouse,
                     op_id=form.op_id.data)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/show.html", error=error, **page_of_order(get_order(number), shipping=form))
    db.session.commit()
    flash(_("The parcel is recorded."))
    return back_to(order, "shipments")


@bp.post("/<number>/shipments/<int:shipment_id>/tracking-code")
def create_tracking_code(number: str, shipment_id: int) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    shipment = get_shipment(order, shipment_id)
    form = TrackingCodeForm.from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, **{f"tracking_{shipment_id}": form}))
    try:
        set_tracking_code(shipment, str(form.tracking_code.data), by=current_user)
    except DomainError as error:
        db.session.rollback()
        page = page_of_order(get_order(number), **{f"tracking_{shipment_id}": form})
        return refuse(form, "orders/show.html", error=error, **page)
    db.session.commit()
    flash(_("Saved."))
    return back_to(order, "shipments")


@bp.post("/<number>/shipments/<int:shipment_id>/events")
def create_shipment_event(number: str, shipment_id: int) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    shipment = get_shipment(order, shipment_id)
    form = ShipmentEventForm.from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, **{f"news_{shipment_id}": form}))
    add_shipment_event(shipment, str(form.text.data), by=current_user, is_delivered=bool(form.is_delivered.data))
    db.session.commit()
    flash(_("Saved."))
    return back_to(order, "shipments")
