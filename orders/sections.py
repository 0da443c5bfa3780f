"""Orders and invoices on the pages of contacts and companies, and what somebody's purchases amount to."""

from __future__ import annotations

import sqlalchemy as sa
from flask import render_template
from flask_login import current_user

from app.extensions import db
from app.filters import ago, digits, toman
from app.i18n import _, _l, _n
from contacts import figures, sections
from contacts.figures import Figure
from contacts.models import Company, Contact
from orders.models import Invoice, Order
from orders.policies import can_order
from orders.queries import page_of_invoices, page_of_orders, purchases_of


def _orders(contact: Contact, args: sections.Args) -> str:
    page = page_of_orders(current_user, after=args.get("after"), owner=Order.contact_id == contact.id)
    return render_template("orders/_of_contact.html", page=page, endpoint="contacts.show", code=contact.code,
                           new_for=contact.code if can_order(current_user) else None)  # fmt: skip


def _of_company(company: Company, args: sections.Args) -> str:
    page = page_of_orders(current_user, after=args.get("after"), owner=Order.company_id == company.id)
    return render_template("orders/_of_contact.html", page=page, endpoint="companies.show", code=company.code,
                           by_person=True)  # fmt: skip


def _invoices(contact: Contact, args: sections.Args) -> str:
    page = page_of_invoices(contact, args.get("after"))
    return render_template("orders/_invoices_of_contact.html", page=page, code=contact.code)


def _count_of_invoices(contact: Contact) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Invoice.contact_id == contact.id)) or 0


def _count_of_company(company: Company) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Order.company_id == company.id)) or 0


def _figures(contact: Contact) -> list[Figure]:
    found = purchases_of(contact)
    if not found.bought:
        return [Figure(_("Purchases to date"), "–", _("a new customer"))]
    small = digits(_n("in %(num)s order", "in %(num)s orders", found.bought))
    return [
        Figure(_("Purchases to date"), toman(found.rials), small),
        Figure(_("Last purchase"), ago(found.last_at)),
    ]


sections.add("orders", _l("Orders"), 20, _orders, count=lambda contact: purchases_of(contact).orders)
sections.add("invoices", _l("Invoices"), 30, _invoices, count=_count_of_invoices)
sections.add_to_companies("orders", _l("Orders"), 20, _of_company, count=_count_of_company)
figures.add("orders", 10, _figures)
