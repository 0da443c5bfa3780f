"""Shapes of invoices and payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes import Code, Listing, Moment, Rials, Shape, Text, one_of
from contacts.api.shapes import ContactMark
from orders.models import Invoice, Payment
from orders.models.invoice import METHODS, STATES

Number = Annotated[Text, Field(max_length=60)]
Reference = Annotated[Text, Field(max_length=80)]


class PaymentAnswer(Shape):
    """Money that came in."""

    id: int
    amount_rials: int
    method: Annotated[str, one_of(METHODS)]
    reference: str
    paid_at: datetime

    @classmethod
    def of(cls, payment: Payment) -> PaymentAnswer:
        same = ("id", "amount_rials", "method", "reference", "paid_at")
        return cls(**{name: getattr(payment, name) for name in same})


class InvoiceAnswer(Shape):
    """A bill of an order. Once issued its amounts do not change."""

    number: str
    order: str
    contact: ContactMark
    state: Annotated[str, one_of(STATES)]
    issued_on: date
    due_on: date | None
    goods_rials: int
    discount_rials: int
    vat_rials: int
    shipping_rials: int
    total_rials: int
    due_rials: int
    """What is still owed."""
    payments: list[PaymentAnswer]

    @classmethod
    def of(cls, invoice: Invoice) -> InvoiceAnswer:
        same = ("number", "state", "issued_on", "due_on", "goods_rials", "discount_rials", "vat_rials",
                "shipping_rials", "total_rials", "due_rials")  # fmt: skip
        return cls(**{name: getattr(invoice, name) for name in same}, order=invoice.order.number,
                   contact=ContactMark.of(invoice.order.contact),
                   payments=[PaymentAnswer.of(payment) for payment in invoice.payments])  # fmt: skip


class InvoiceList(Shape):
    items: list[InvoiceAnswer]
    next: str | None


class InvoiceFilters(Listing):
    contact: Code | None = None
    order: Number | None = None
    state: Literal["issued", "paid", "void"] | None = None


class NewInvoice(Shape):
    number: Annotated[Text, Field(max_length=40)] | None = None
    """Null: the next one of the year."""
    issued_on: date | None = None
    due_on: date | None = None


class NewPayment(Shape):
    amount_rials: Rials
    method: Literal["card", "gateway", "transfer", "cash", "on_delivery"] = "gateway"
    reference: Reference = ""
    paid_at: Moment | None = None
