"""Invoices and payments for programs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from app.api.access import me
from app.api.lists import rows_of
from app.api.resource import Answer
from app.codes import parse_code
from app.errors import NotFound
from app.extensions import db
from app.links import external
from app.policies import require
from app.text import ascii_digits, clean_line
from cards.models import Card
from contacts.models import Contact
from orders.api.orders import bp, get_changeable
from orders.api.shapes.invoices import InvoiceAnswer, InvoiceFilters, InvoiceList, NewInvoice, NewPayment
from orders.models import Invoice, Order
from orders.policies import can_change
from orders.services import add_payment, issue_invoice, void_invoice


def with_everything(query: Select[Invoice]) -> Select[Invoice]:
    """With what an answer shows. Two statements in all."""
    order, board = joinedload(Invoice.order), joinedload(Order.card).joinedload(Card.pipeline)
    return query.options(order.options(joinedload(Order.contact), board), selectinload(Invoice.payments))


def get_invoice(number: str) -> Invoice:
    """The invoice with this number; `NotFound` when there is none."""
    query = with_everything(sa.select(Invoice).where(Invoice.number == ascii_digits(number)))
    invoice = db.session.scalar(query.join(Order.visible_to(me()).subquery()))
    if invoice is None:
        raise NotFound
    return invoice


def get_changeable_invoice(number: str) -> Invoice:
    """An invoice that the token's user may change."""
    invoice = get_invoice(number)
    require(can_change(me(), invoice.order))
    return invoice


def shown(invoice: Invoice) -> Answer:
    return Answer(InvoiceAnswer.of(invoice), location=external(f"/api/v1/invoices/{invoice.number}"))


@bp.operation("GET", "/invoices", scope="orders:read", summary="List invoices", query=InvoiceFilters,
              answer=InvoiceList)  # fmt: skip
def list_invoices(query: InvoiceFilters) -> InvoiceList:
    """Invoices that fit every filter."""
    reached = Order.visible_to(me()).with_only_columns(Order.id)
    found = sa.select(Invoice).where(Invoice.order_id.in_(reached))
    if query.contact is not None:
        is_theirs = sa.select(Contact.id).where(Contact.code == (parse_code(query.contact) or ""))
        found = found.where(Invoice.contact_id.in_(is_theirs))
    if query.order is not None:
        found = found.where(Invoice.order.has(Order.number == ascii_digits(clean_line(query.order))))
    if query.state is not None:
        found = found.where(Invoice.state == query.state)
    rows, following = rows_of(with_everything(found), Invoice.id, query)
    return InvoiceList(items=[InvoiceAnswer.of(row) for row in rows], next=following)


@bp.operation("GET", "/invoices/<invoice_number>", scope="orders:read", summary="Read an invoice",
              answer=InvoiceAnswer)  # fmt: skip
def show_invoice(invoice_number: str) -> Answer:
    """With its payments."""
    return shown(get_invoice(invoice_number))


@bp.operation("POST", "/orders/<number>/invoices", scope="orders:write", summary="Bill an order", body=NewInvoice,
              status=201, answer=InvoiceAnswer)  # fmt: skip
def create_invoice(number: str, body: NewInvoice) -> Answer:
    """Lines and amounts of the order are copied. An order has one invoice that counts."""
    order = get_changeable(number)
    return shown(issue_invoice(order, by=me(), number=body.number, issued_on=body.issued_on, due_on=body.due_on))


@bp.operation("POST", "/invoices/<invoice_number>/voidance", scope="orders:write", summary="Take an invoice back",
              answer=InvoiceAnswer)  # fmt: skip
def create_voidance(invoice_number: str) -> Answer:
    """Only while nothing is paid on it; its number stays used."""
    invoice = get_changeable_invoice(invoice_number)
    void_invoice(invoice, by=me())
    return shown(invoice)


@bp.operation("POST", "/invoices/<invoice_number>/payments", scope="orders:write", summary="Record a payment",
              body=NewPayment, status=201, answer=InvoiceAnswer)  # fmt: skip
def create_payment(invoice_number: str, body: NewPayment) -> Answer:
    """Never more than is due; when all is covered the invoice is paid."""
    invoice = get_changeable_invoice(invoice_number)
    add_payment(invoice, body.amount_rials, by=me(), method=body.method, reference=body.reference,
                paid_at=body.paid_at)  # fmt: skip
    return shown(invoice)
