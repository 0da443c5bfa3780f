"""Products: what they cost, and how many of them lie where."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import selectinload

from app.auth.guards import require_staff
from app.errors import DomainError, NotFound
from app.extensions import db
from app.filters import number
from app.forms import Form, refuse
from app.i18n import _
from app.policies import require
from app.text import clean_line
from orders.forms import ProductForm, StockForm, WarehouseForm
from orders.models import Product, Warehouse
from orders.policies import can_manage_products, can_move_stock
from orders.queries import choices_of_products, moves_of, page_of_products, warehouses
from orders.services import archive_product, create_product, move_stock, restore_product, set_stock, update_product

bp = Blueprint("products", __name__, url_prefix="/products")
bp.before_request(require_staff)


def get_product(product_id: int) -> Product:
    """The product with its stock, archived or not; 404 when there is none."""
    product = db.session.get(Product, product_id, options=[selectinload(Product.levels)])
    if product is None:
        raise NotFound
    return product


def page_of_product(product: Product, **forms: Form) -> dict[str, Any]:
    """The context of orders/product.html; `forms` are refused ones."""
    places = warehouses()
    return {
        "product": product, "moves": moves_of(product), "places": places,
        "can_manage": can_manage_products(current_user), "can_move": can_move_stock(current_user),
        "profile": ProductForm(obj=product), "stock": stock_form(StockForm(), places), **forms,
    }  # fmt: skip


def stock_form(form: StockForm, places: list[Warehouse]) -> StockForm:
    """The form with the warehouses to choose from."""
    form.warehouse_id.choices = [(place.id, place.name) for place in places]
    return form


def back_to(product: Product) -> ResponseReturnValue:
    return redirect(url_for("products.show", product_id=product.id), 303)


@bp.get("")
def index() -> ResponseReturnValue:
    text, archived = clean_line(request.args.get("q")), "archived" in request.args
    return render_template(
        "orders/products.html", page=page_of_products(text, request.args.get("after"), archived=archived), q=text,
        archived=archived, places=warehouses(), form=WarehouseForm(), can_manage=can_manage_products(current_user),
    )  # fmt: skip


@bp.get("/choices")
def choices() -> ResponseReturnValue:
    """What a line of an order offers while a name or a code is typed; amounts in rials, rates in hundredths of a
    percent."""
    found = choices_of_products(text) if (text := clean_line(request.args.get("q"))) else []
    return jsonify([
        {"value": row.id, "label": row.shown_name, "price_rials": row.price_rials, "vat_rate": row.vat_rate,
         "hint": _("%(num)s available · %(sku)s", num=number(row.available), sku=row.sku)}
        for row in found
    ])  # fmt: skip


@bp.get("/new")
def new() -> ResponseReturnValue:
    require(can_manage_products(current_user))
    return render_template("orders/new_product.html", form=ProductForm())


@bp.post("")
def create() -> ResponseReturnValue:
    require(can_manage_products(current_user))
    form = ProductForm.from_request()
    if not form.validate():
        return refuse(form, "orders/new_product.html")
    try:
        product = create_product(by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/new_product.html", error=error)
    db.session.commit()
    return back_to(product)


@bp.get("/<int(max=2147483647):product_id>")
def show(product_id: int) -> ResponseReturnValue:
    return render_template("orders/product.html", **page_of_product(get_product(product_id)))


@bp.post("/<int(max=2147483647):product_id>/profile")
def create_profile(product_id: int) -> ResponseReturnValue:
    product = get_product(product_id)
    require(can_manage_products(current_user))
    form = ProductForm.from_request()
    if not form.validate():
        return refuse(form, "orders/product.html", **page_of_product(product, profile=form))
    try:
        update_product(product, by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/product.html", error=error, **page_of_product(product, profile=form))
    db.session.commit()
    flash(_("Saved."))
    return back_to(product)


@bp.post("/<int(max=2147483647):product_id>/stock-moves")
def create_stock_move(product_id: int) -> ResponseReturnValue:
    product = get_product(product_id)
    require(can_move_stock(current_user))
    form = stock_form(StockForm.from_request(), warehouses())
    if not form.validate():
        return refuse(form, "orders/product.html", **page_of_product(product, stock=form))
    try:
        _move(product, form)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "orders/product.html", error=error, **page_of_product(product, stock=form))
    db.session.commit()
    flash(_("The stock is recorded."))
    return back_to(product)


def _move(product: Product, form: StockForm) -> None:
    place, units, reason = (
        db.get_or_404(Warehouse, form.warehouse_id.data),
        int(form.quantity.data),
        str(form.reason.data),
    )
    if form.act.data == "count":
        set_stock(product, place, units, reason=reason, by=current_user)
    else:
        move_stock(product, place, units if form.act.data == "in" else -units, reason=reason, by=current_user)


@bp.post("/<int(max=2147483647):product_id>/archival")
def create_archival(product_id: int) -> ResponseReturnValue:
    product = get_product(product_id)
    require(can_manage_products(current_user))
    archive_product(product, by=current_user)
    db.session.commit()
    flash(_("%(name)s is in the archive now.", name=product.shown_name))
    return back_to(product)


@bp.post("/<int(max=2147483647):product_id>/restoration")
def create_restoration(product_id: int) -> ResponseReturnValue:
    product = get_product(product_id)
    require(can_manage_products(current_user))
    restore_product(product, by=current_user)
    db.session.commit()
    flash(_("%(name)s is back.", name=product.shown_name))
    return back_to(product)
