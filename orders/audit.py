"""Orders, bills, products and stock in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.audit.words import FEW
from app.events import Event
from app.extensions import db
from app.i18n import _, _l
from app.text import ascii_digits, search_key
from orders.models import Invoice, Order, Product, Warehouse


def _orders(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.execute(sa.select(Order.id, Order.number).where(Order.id.in_(ids)))
    return {
        row.id: Thing(_("order %(number)s", number=row.number), url_for("orders.show", number=row.number))
        for row in rows
    }


def _find_orders(text: str) -> list[int]:
    """By the number of the order, or of a bill of it."""
    number = ascii_digits(text).upper()
    billed = sa.select(Invoice.order_id).where(sa.func.upper(Invoice.number) == number)
    query = sa.select(Order.id).where(sa.or_(sa.func.upper(Order.number) == number, Order.id.in_(billed)))
    return list(db.session.scalars(query.limit(FEW)))


def _products(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Product).where(Product.id.in_(ids)))
    return {row.id: Thing(row.shown_name, url_for("products.show", product_id=row.id)) for row in rows}


def _find_products(text: str) -> list[int]:
    key = search_key(text)
    query = sa.select(Product.id).where(Product.search_key.contains(key, autoescape=True)).order_by(Product.id)
    return list(db.session.scalars(query.limit(FEW))) if key else []


def _warehouses(ids: Collection[int]) -> Mapping[int, Thing]:
    return {row.id: Thing(row.name) for row in db.session.scalars(sa.select(Warehouse).where(Warehouse.id.in_(ids)))}


things.add("order", _l("Order"), _orders, find=_find_orders)
things.add("product", _l("Product"), _products, find=_find_products)
things.add("warehouse", _l("Warehouse"), _warehouses)


def _shipment(event: Event) -> str:
    if event.data.get("text"):
        return _l("%(who)s noted about a parcel of the %(thing)s: %(text)s")
    return _l("%(who)s changed a parcel of the %(thing)s")


tell("order.created", "orders", _l("%(who)s recorded the %(thing)s, %(total_rials)s"))
tell("order.changed", "orders", _l("%(who)s changed the %(thing)s"))
tell("order.promised", "orders", _l("%(who)s promised the %(thing)s for another day: “%(new)s” instead of “%(old)s”"),
     field="promised_on")  # fmt: skip
tell("order.shipped", "orders", _l("%(who)s sent a parcel of the %(thing)s"))
tell("shipment.changed", "orders", _shipment)
tell("invoice.issued", "orders", _l("%(who)s issued the invoice %(invoice)s of the %(thing)s over %(total_rials)s"))
tell("invoice.voided", "orders", _l("%(who)s voided the invoice %(invoice)s of the %(thing)s"))
tell("payment.received", "orders",
     _l("%(who)s recorded a payment of %(amount_rials)s for the invoice %(invoice)s of the %(thing)s"))  # fmt: skip
tell("card.linked", "cards", _l("%(who)s linked %(card)s to the order %(order)s"))
tell("card.unlinked", "cards", _l("%(who)s took the link of %(card)s to the order %(order)s away"))
tell("product.created", "orders", _l("%(who)s recorded the product %(thing)s at %(price_rials)s"))
tell("product.updated", "orders", _l("%(who)s changed the product %(thing)s"))
tell("product.archived", "orders", _l("%(who)s archived the product %(thing)s"))
tell("product.restored", "orders", _l("%(who)s brought the product %(thing)s back"))
tell("stock.moved", "orders",
     _l("%(who)s changed the stock of %(thing)s in %(warehouse)s by %(quantity)s; now it is %(on_hand)s"),
     warehouse="warehouse")  # fmt: skip
tell("warehouse.added", "orders", _l("%(who)s added the warehouse %(name)s"))

values.fields("order", {
    "recipient": _l("Recipient"), "recipient_phone": _l("Recipient's phone"), "address": _l("Address"),
    "promised_on": _l("Promised for"),
})  # fmt: skip
values.fields("shipment", {"tracking_code": _l("Tracking code")})
values.fields("product", {
    "sku": _l("Code of the product"), "name": _l("Name"), "name_en": _l("Name in English"),
    "price_rials": _l("Price"), "vat_rate": _l("Tax"), "external_id": _l("Number elsewhere"),
})  # fmt: skip
values.show_with("vat_rate", lambda rate: _("%(num)s %%", num=f"{int(rate) / 100:g}"))
