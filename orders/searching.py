"""Orders, invoices and products in the search. What customers may find of an order is a row apart from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, selectinload

from app import events, search
from app.events import PORTAL, Event
from app.extensions import db
from app.filters import toman
from app.i18n import _l
from app.search import Doc, Found, Group, Hit
from app.search.sources import among
from app.search.words import exact_mark, kept_words, number_marks, total_marks
from app.text import search_key
from app.users.models import User
from cards.models import Card
from contacts.models import Contact
from orders.models import Invoice, Order, Product

FOUND_BY = ("order", "terms")
KINDS = (*FOUND_BY, "invoice")
GOODS_SHOWN = 3


def docs_of_orders(ids: Sequence[int]) -> list[Doc]:
    """Number, goods and tracking codes: what the customer reads too. Three queries."""
    query = sa.select(Order).where(among(Order.id, ids))
    query = query.options(selectinload(Order.lines), selectinload(Order.shipments))
    return [_doc(order) for order in db.session.scalars(query.execution_options(populate_existing=True))]


def _doc(order: Order) -> Doc:
    codes = [parcel.tracking_code for parcel in order.shipments if parcel.tracking_code]
    words = [*kept_words(order.number, *codes), *map(exact_mark, (order.number, *codes)),
             *kept_words(*(line.name for line in order.lines))]  # fmt: skip
    return Doc(kind="order", ref_id=order.id, words=words, head=search_key(order.number), at=order.ordered_at,
               audience=PORTAL, contact_id=order.contact_id, company_id=order.company_id)  # fmt: skip


def docs_of_terms(ids: Sequence[int]) -> list[Doc]:
    """Sums, the recipient and the shop's own number, for colleagues. One query.

    Whoever was forgotten is not found by the name that their bills keep.
    """
    query = sa.select(Order).join(Contact, Contact.id == Order.contact_id).where(Contact.erased_at.is_(None))
    return [_terms(order) for order in db.session.scalars(query.where(among(Order.id, ids)))]


def _terms(order: Order) -> Doc:
    words = [
        *kept_words(order.recipient, pairs=True), *kept_words(order.address), *number_marks(order.recipient_phone),
        *total_marks([order.total_rials]),
        *([exact_mark(order.external_id), *kept_words(order.external_id)] if order.external_id else []),
    ]  # fmt: skip
    return Doc(kind="terms", ref_id=order.id, words=words, at=order.ordered_at, contact_id=order.contact_id)


def docs_of_invoices(ids: Sequence[int]) -> list[Doc]:
    """Numbers of invoices lead to their orders; of customers only the one who is billed finds them. One query."""
    query = sa.select(Invoice).where(among(Invoice.id, ids))
    return [
        Doc(kind="invoice", ref_id=row.id, target_id=row.order_id, audience=PORTAL, contact_id=row.contact_id,
            words=[exact_mark(row.number), *kept_words(row.number)],
            at=datetime.combine(row.issued_on, time(), UTC))
        for row in db.session.scalars(query)
    ]  # fmt: skip


def docs_of_products(ids: Sequence[int]) -> list[Doc]:
    """Products by name and article number; archived ones are not found. One query."""
    query = sa.select(Product).where(among(Product.id, ids), Product.archived_at.is_(None))
    return [
        Doc(kind="product", ref_id=row.id, at=row.created_at, head=search_key(f"{row.name} {row.name_en}"),
            words=[*kept_words(row.name, row.name_en, pairs=True), *kept_words(row.sku), exact_mark(row.sku)])
        for row in db.session.scalars(query)
    ]  # fmt: skip


def _orders(found: Sequence[Found], user: User) -> dict[int, Hit]:
    query = Order.visible_to(user).where(Order.id.in_([row.target_id for row in found]))
    query = query.options(joinedload(Order.contact), joinedload(Order.card).joinedload(Card.stage))
    query = query.options(selectinload(Order.lines))
    return {order.id: _hit(order) for order in db.session.scalars(query)}


def _hit(order: Order) -> Hit:
    goods = "، ".join(line.name for line in order.lines[:GOODS_SHOWN])
    return Hit(
        url_for("orders.show", number=order.number), order.number, "box", state=order.card.stage.name, text=goods,
        details=f"{order.contact.shown_name} · {toman(order.total_rials)}", at=order.ordered_at,
    )  # fmt: skip


def _products(found: Sequence[Found], _user: User) -> dict[int, Hit]:
    query = sa.select(Product).where(Product.id.in_([row.target_id for row in found]), Product.archived_at.is_(None))
    return {
        row.id: Hit(url_for("products.show", product_id=row.id), row.shown_name, "bag", details=toman(row.price_rials),
                    code=row.sku)
        for row in db.session.scalars(query)
    }  # fmt: skip


@events.on("order.created", "order.changed", "order.shipped", "shipment.changed")
def _order_changed(event: Event) -> None:
    if event.subject_id is not None:
        search.renew(FOUND_BY, event.subject_id)


@events.on("contact.erased")
def _person_erased(event: Event) -> None:
    """What was erased is found no more."""
    orders = db.session.scalars(sa.select(Order.id).where(Order.contact_id == event.subject_id)).all()
    db.session.expire_all()
    search.put([*docs_of_orders(orders), *docs_of_terms(orders)])


@events.on("invoice.issued")
def _invoice_issued(event: Event) -> None:
    query = sa.select(Invoice.id).where(Invoice.order_id == event.subject_id).order_by(Invoice.id.desc()).limit(1)
    invoice_id = db.session.scalar(query)
    if invoice_id is not None:
        search.renew(("invoice",), invoice_id)


@events.on("product.created", "product.updated", "product.archived", "product.restored")
def _product_changed(event: Event) -> None:
    if event.subject_id is not None:
        search.renew(("product",), event.subject_id)


search.add_source("order", lambda: sa.select(Order.id), docs_of_orders)
search.add_source("terms", lambda: sa.select(Order.id), docs_of_terms)
search.add_source("invoice", lambda: sa.select(Invoice.id), docs_of_invoices)
search.add_source("product", lambda: sa.select(Product.id).where(Product.archived_at.is_(None)), docs_of_products)
search.add_group(Group("order", _l("Orders"), "box", 40, KINDS, _orders))
search.add_group(Group("product", _l("Products"), "bag", 50, ("product",), _products))
