"""Bills of an order, and what was paid on them."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from orders.forms import InvoiceForm, PaymentForm
from orders.models import Invoice, Order
from orders.pages import page_of_order
from orders.policies import can_change
from orders.routes.orders import back_to, bp, get_order
from orders.services import add_payment, issue_invoice, void_invoice


def get_invoice(order: Order, invoice_id: int) -> Invoice:
    """This order's invoice with this id; 404 for others'."""
    invoice = next((row for row in order.invoices if row.id == invoice_id), None)
    if invoice is None:
        raise NotFound
    return invoice


@bp.post("/<number>/invoices")
def create_invoice(number: str) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    form = InvoiceForm.from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, invoicing=form))
    try:
        issue_invoice(order, by=current_user, due_on=form.due_on.data)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/show.html", error=error, **page_of_order(get_order(number), invoicing=form))
    db.session.commit()
    flash(_("The invoice is issued."))
    return back_to(order, "invoices")


@bp.post("/<number>/invoices/<int:invoice_id>/voidance")
def create_voidance(number: str, invoice_id: int) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    void_invoice(get_invoice(order, invoice_id), by=current_user)
    db.session.commit()
    flash(_("The invoice is taken back."))
    return back_to(order, "invoices")


@bp.post("/<number>/invoices/<int:invoice_id>/payments")
def create_payment(number: str, invoice_id: int) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    form = PaymentForm.from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, payment=form))
    try:
        add_payment(get_invoice(order, invoice_id), int(form.amount.data), by=current_user, method=form.method.data,
                    reference=form.reference.data or "", op_id=form.op_id.data)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/show.html", error=error, **page_of_order(get_order(number), payment=form))
    db.session.commit()
    flash(_("The payment is recorded."))
    return back_to(order, "invoices")
