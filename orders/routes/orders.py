"""Orders: the list, a new one, one with everything that belongs to it."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.dates import in_digits
from app.errors import Denied, DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.phones import show_phone
from app.policies import require
from app.text import clean_line
from contacts.models import Contact
from contacts.queries import contact_with_points
from orders.forms import DeliveryForm, OrderForm
from orders.models import Order
from orders.pages import page_of_order
from orders.policies import boards_for_orders, can_change, can_order
from orders.queries import order_with_everything, page_of_orders
from orders.services import change_delivery, create_order
from pipelines.models import Pipeline

bp = Blueprint("orders", __name__, url_prefix="/orders")
bp.before_request(require_staff)


def get_order(number: str) -> Order:
    """The order with this number, with everything that belongs to it; 404 when there is none."""
    order = order_with_everything(current_user, number)
    if order is None:
        raise NotFound
    return order


def back_to(order: Order, part: str = "") -> ResponseReturnValue:
    return redirect(url_for("orders.show", number=order.number, _anchor=part or None), 303)


@bp.get("")
def index() -> ResponseReturnValue:
    text = clean_line(request.args.get("q"))
    page = page_of_orders(current_user, text, request.args.get("after"))
    return render_template("orders/index.html", page=page, q=text, can_order=can_order(current_user))


def get_boards() -> list[Pipeline]:
    """Boards on which the current user opens orders; 403 when there is none."""
    boards = boards_for_orders(current_user)
    if not boards:
        raise Denied(_("You work on no board for orders. A manager of a board can let you in."))
    return boards


def offered(form: OrderForm, boards: list[Pipeline]) -> OrderForm:
    """The form with the boards to choose from."""
    form.pipeline_id.choices = [(board.id, board.name) for board in boards]
    if form.pipeline_id.data is None:
        form.pipeline_id.data = boards[0].id
    return form


@bp.get("/new")
def new() -> ResponseReturnValue:
    boards = get_boards()
    contact = contact_with_points(current_user, request.args.get("contact", ""))
    form = offered(OrderForm(data=prefilled(contact), op_id=uuid4().hex), boards)
    return render_template("orders/new.html", form=form, boards=boards)


def prefilled(contact: Contact | None) -> dict[str, Any]:
    """What is known of the customer already."""
    if contact is None or contact.archived_at is not None:
        return {}
    companies = [membership.company for membership in contact.active_memberships]
    company = companies[0] if len(companies) == 1 else None
    return {
        "contact": contact.shown_name, "contact_code": contact.code, "address": contact.address_of("address") or "",
        "recipient": contact.name, "recipient_phone": in_digits(show_phone(contact.mobile or "")),
        "company": company.shown_name if company else "", "company_code": company.code if company else "",
    }  # fmt: skip


@bp.post("")
def create() -> ResponseReturnValue:
    boards = get_boards()
    form = offered(OrderForm.from_request(), boards)
    if not form.validate():
        return refuse(form, "orders/new.html", boards=boards)
    board = next(board for board in boards if board.id == form.pipeline_id.data)
    try:
        order = create_order(
            form.contact.found, form.new_lines, by=current_user, stage=board.first_stage, company=form.company.found,
            channel=form.channel.data, delivery=form.delivery(form.shipping.data or 0), op_id=form.op_id.data,
        )  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/new.html", error=error, boards=boards)
    db.session.commit()
    return back_to(order)


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    return render_template("orders/show.html", **page_of_order(get_order(number)))


@bp.post("/<number>/delivery")
def create_delivery(number: str) -> ResponseReturnValue:
    order = get_order(number)
    require(can_change(current_user, order))
    form = DeliveryForm.from_request()
    if not form.validate():
        return refuse(form, "orders/show.html", **page_of_order(order, delivery=form))
    change_delivery(order, form.delivery(), by=current_user, reason=form.reason.data or "")
    db.session.commit()
    flash(_("Saved."))
    return back_to(order)
