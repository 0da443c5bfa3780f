"""Carrying out an order of a file: its customer, its products, its parcel."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.text import search_key
from contacts.models import Company, Contact, Membership
from imports import cells
from imports.facts import Facts, Item, Line, Reader, Refused
from imports.kinds.base import CREATED, UNCHANGED, UPDATED, Counts, Work, blaming
from imports.kinds.people import by_external_id, by_point, only
from imports.kinds.products import by_sku
from imports.plans import CARRIERS, Plan
from imports.reading import Row
from orders.models import Order, Product
from orders.services.ordering import Delivery, NewLine
from orders.services.past import Parcel, continue_past_order, open_past_order
from orders.totals import vat_of

BLAMED = {"number": "number", "shipping": "shipping", "carrier": "carrier", "tracking_code": "tracking_code",
          "at": "shipped_at"}  # fmt: skip
CARRIER_WORDS = {
    **dict.fromkeys(("post", "پست", "پست پیشتاز", "پیشتاز"), "post"),
    **dict.fromkeys(("tipax", "تیپاکس"), "tipax"),
    **dict.fromkeys(("courier", "پیک", "پیک ما"), "courier"),
}


class OrdersWork(Work):
    """Orders by number. They are of the past: nobody is told, and stock stays as it is."""

    def __init__(self, plan: Plan, by: Actor | None) -> None:
        super().__init__(plan, by)
        # Held, so that they are not read again for every order.
        self._customers: dict[str, tuple[Contact, Company | None]] = {}
        self._products: dict[str, Product] = {}
        self._carriers = _carrier_names(plan) if CARRIERS in plan.sources else {}

    def apply(self, item: Item) -> Counts:
        facts = item.facts
        order = db.session.scalar(sa.select(Order).where(Order.number == facts["number"]))
        if order is None:
            self.may_create(item)
            return self._open(item)
        if not self.may_update:
            return Counter({("orders", UNCHANGED): 1})
        self._check_customer(order, facts)
        with blaming(BLAMED):
            news = continue_past_order(order, by=self.by, changes=_changes(facts), parcel=self._parcel(facts),
                                       lines=self._lines(item) if item.lines else None)  # fmt: skip
        return Counter({("orders", UPDATED if news else UNCHANGED): 1})

    def _open(self, item: Item) -> Counts:
        facts = item.facts
        if "ordered_at" not in facts:
            raise Refused(_("Please fill this in."), "ordered_at")
        contact, company = self._customer(facts)
        delivery = Delivery(**{name: value for name, value in _delivery(facts).items() if value})
        lines = self._lines(item)
        with blaming(BLAMED):
            open_past_order(
                contact, lines, by=self.by, number=facts["number"], company=company, ordered_at=facts["ordered_at"],
                delivery=delivery, parcel=self._parcel(facts),
            )  # fmt: skip
        return Counter({("orders", CREATED): 1, ("lines", CREATED): len(lines)})

    def _customer(self, facts: Facts) -> tuple[Contact, Company | None]:
        """Who ordered, and for which company."""
        field = next((key for key in ("customer", "mobile", "email") if key in facts), None)
        if field is None:
            raise Refused(_("The row does not say who ordered."), "customer")
        key = f"{field}:{facts[field]}"
        if key not in self._customers:
            by_number = field == "customer"
            self._customers[key] = _by_number(facts[field]) if by_number else (_by_point(field, facts[field]), None)
        return self._customers[key]

    def _check_customer(self, order: Order, facts: Facts) -> None:
        if not {"customer", "mobile", "email"} & facts.keys():
            return
        contact, company = self._customer(facts)
        if order.contact_id != contact.id and (company is None or order.company_id != company.id):
            raise Refused(_("The order with this number belongs to another customer."), "customer")

    def _lines(self, item: Item) -> list[NewLine]:
        return [self._line(line) for line in item.lines]

    def _line(self, line: Line) -> NewLine:
        facts = line.facts
        if "quantity" not in facts:
            raise Refused(_("Please fill this in."), "quantity", line)
        product = self._product(line)
        if product is None and not ("name" in facts and "price" in facts):
            raise Refused(_("A line needs a product, or a name and a price."), "product", line)
        price = cells.rials(facts["price"]) if "price" in facts else product.price_rials if product else 0
        gross, discount = price * facts["quantity"], facts.get("discount", 0)
        is_share = self.options.discount != "amount"
        return NewLine(
            product, facts["quantity"], price_rials=price, vat_rate=facts.get("vat", self.options.vat_rate),
            # The name in the file is of that day; without one it is the product's.
            name=facts.get("name", ""), discount_rials=vat_of(gross, discount) if is_share else cells.rials(discount),
        )  # fmt: skip

    def _product(self, line: Line) -> Product | None:
        code = line.facts.get("product")
        if not code:
            return None
        if code not in self._products:
            product = only(by_sku(code) or by_external_id(Product, code), "product")
            if product is None:
                raise Refused(_("There is no product with this code."), "product", line)
            self._products[code] = product
        return self._products[code]

    def _parcel(self, facts: Facts) -> Parcel | None:
        """The parcel; where the file knows no day of arrival, what was shipped has arrived."""
        shipped: datetime | None = facts.get("shipped_at") or facts.get("delivered_at")
        if shipped is None:
            return None
        knows_arrival = "delivered_at" in self.plan.main.places
        said: str = facts.get("carrier", "")
        # A bare number is no name that people could read.
        name: str = self._carriers.get(cells.key(said), "" if cells.key(said).isdecimal() else said)
        carrier = CARRIER_WORDS.get(search_key(name), "other")
        return Parcel(
            shipped_at=shipped, delivered_at=facts.get("delivered_at") if knows_arrival else shipped, carrier=carrier,
            carrier_name=name if carrier == "other" else "", tracking_code=facts.get("tracking_code", ""),
        )  # fmt: skip


def _delivery(facts: Facts) -> dict[str, Any]:
    said = {name: facts[name] for name in ("recipient", "recipient_phone", "address", "promised_on") if name in facts}
    return said | ({"shipping_rials": cells.rials(facts["shipping"])} if "shipping" in facts else {})


def _changes(facts: Facts) -> dict[str, Any]:
    """What the file says of the delivery, as it is stored."""
    said = _delivery(facts)
    stored = Delivery(**said).columns
    return {name: stored.get(name, value) for name, value in said.items()}


def _by_number(number: str) -> tuple[Contact, Company | None]:
    """The customer with this number: a company, for whom its first person acts, or a person."""
    company: Company | None = only(by_external_id(Company, number), "customer")
    contact: Contact | None = only(by_external_id(Contact, number), "customer")
    if company is None and contact is None:
        raise Refused(_("There is no customer with this number. Import the customers first."), "customer")
    if company is None:
        return _known(contact), None
    people = _people_of(company)
    if contact is not None:
        if contact not in people:
            raise Refused(_("A company and a person bear this number, so it is not clear who is meant."), "customer")
        return contact, company
    if not people:
        raise Refused(_("The company has nobody yet who acts for it."), "customer")
    return people[0], company


def _people_of(company: Company) -> list[Contact]:
    """Who acts for the company, managers first."""
    query = sa.select(Membership).where(Membership.company_id == company.id)
    rows = db.session.scalars(query.order_by(Membership.is_manager.desc(), Membership.id))
    return [row.contact for row in rows if row.is_active and row.contact.archived_at is None]


def _by_point(kind: str, value: str) -> Contact:
    contact = only(by_point(kind, value), kind)
    if contact is None:
        raise Refused(_("There is no customer who is reached like this. Import the customers first."), kind)
    return _known(contact)


def _known(contact: Contact | None) -> Contact:
    if contact is None:
        raise DomainError(_("There is nothing at this address."), code="not_found")
    return contact


def _carrier_names(plan: Plan) -> dict[str, str]:
    """Names by number, of the file of carriers."""
    reader = Reader(plan, CARRIERS)
    rows = (reader.facts(row)[0] for row in reader.source.table.rows() if isinstance(row, Row))
    return {facts["number"]: facts["name"] for facts in rows if {"number", "name"} <= facts.keys()}
