"""Invoices and what was paid on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l

if TYPE_CHECKING:
    from orders.models.order import Order

STATES = {"issued": _l("Issued"), "paid": _l("Paid"), "void": _l("Void")}
METHODS = {"card": _l("Card"), "gateway": _l("Payment gateway"), "transfer": _l("Bank transfer"), "cash": _l("Cash"),
           "on_delivery": _l("On delivery")}  # fmt: skip


class Invoice(Model):
    """A bill for an order, in whole rials. Once issued its amounts do not change."""

    __tablename__ = "invoices"
    __table_args__ = (
        sa.CheckConstraint("state IN ('issued', 'paid', 'void')", name="state"),
        sa.Index("ix_invoices_contact", "contact_id", "issued_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    state: Mapped[str] = mapped_column(default="issued")
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    goods_rials: Mapped[int] = mapped_column(sa.BigInteger)
    discount_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    vat_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    shipping_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_rials: Mapped[int] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    order: Mapped[Order] = relationship(back_populates="invoices")
    lines: Mapped[list[InvoiceLine]] = relationship(order_by="InvoiceLine.id", cascade="all, delete-orphan")
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.paid_at", cascade="all, delete-orphan")

    @property
    def paid_rials(self) -> int:
        return sum(payment.amount_rials for payment in self.payments)

    @property
    def due_rials(self) -> int:
        """What is still owed."""
        return 0 if self.state == "void" else max(self.total_rials - self.paid_rials, 0)


class InvoiceLine(Model):
    """A line of an invoice: a copy, so that later changes of the order leave the bill alone."""

    __tablename__ = "invoice_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    quantity: Mapped[int]
    price_rials: Mapped[int] = mapped_column(sa.BigInteger)
    discount_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    vat_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_rials: Mapped[int] = mapped_column(sa.BigInteger)


class Payment(Model):
    """Money received for an invoice."""

    __tablename__ = "payments"
    __table_args__ = (sa.CheckConstraint("amount_rials > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    method: Mapped[str] = mapped_column(default="gateway")
    reference: Mapped[str] = mapped_column(default="")
    amount_rials: Mapped[int] = mapped_column(sa.BigInteger)
    paid_at: Mapped[datetime] = mapped_column(default=utcnow)
