"""Orders. Where an order stands is the stage of its card."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l
from app.users.models import User
from cards.models import Card
from contacts.models import Company, Contact
from orders.models.invoice import Invoice
from orders.models.product import Product
from orders.models.shipment import Shipment

CHANNELS = {"shop": _l("Online shop"), "agent": _l("Colleague"), "phone": _l("Phone"), "in_person": _l("In person"),
            "import": _l("Import")}  # fmt: skip


class Order(Model):
    """A purchase. Totals are whole rials and equal the sums of the lines plus shipping."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.Index("ix_orders_contact", "contact_id", "ordered_at", "id"),
        sa.Index("ix_orders_company", "company_id", "ordered_at", "id"),
        sa.Index("ix_orders_ordered", "ordered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), unique=True)
    channel: Mapped[str] = mapped_column(default="shop")
    ordered_at: Mapped[datetime] = mapped_column(default=utcnow)
    promised_on: Mapped[date | None]
    recipient: Mapped[str] = mapped_column(default="")
    recipient_phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    goods_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    discount_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    vat_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    shipping_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    contact: Mapped[Contact] = relationship()
    company: Mapped[Company | None] = relationship()
    card: Mapped[Card] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", cascade="all, delete-orphan",
                                                  order_by="OrderLine.position")  # fmt: skip
    shipments: Mapped[list[Shipment]] = relationship(back_populates="order", order_by=Shipment.id)
    invoices: Mapped[list[Invoice]] = relationship(back_populates="order", order_by=Invoice.id)

    @property
    def is_shipped(self) -> bool:
        """Whether nothing is left to be shipped."""
        return all(line.left_quantity <= 0 for line in self.lines)

    @property
    def live_invoice(self) -> Invoice | None:
        """The invoice that counts: the one that is not void."""
        return next((invoice for invoice in self.invoices if invoice.state != "void"), None)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "order", "subject_id": self.id, "card_id": self.card_id, "contact_id": self.contact_id}

    @classmethod
    def visible_to(cls, _user: User) -> Select[Order]:
        """Orders in a user's reach: sales and support share all of them."""
        return sa.select(cls)

    @classmethod
    def visible_in_portal_to(cls, contact: Contact) -> Select[Order]:
        """A customer's own orders, and those of companies whose membership grants it."""
        return cls.visible_in_portal(contact.id, cls.companies_of(contact) or None)

    @staticmethod
    def companies_of(contact: Contact) -> list[int]:
        """Companies whose orders a customer may see too."""
        return [m.company_id for m in contact.active_memberships if m.can_see_company_orders]

    @classmethod
    def visible_in_portal(cls, contact_id: Any, company_ids: Any) -> Select[Order]:
        """The statement of `visible_in_portal_to`. It may be built once, with parameters for whom it is asked."""
        own = cls.contact_id == contact_id
        return sa.select(cls).where(own if company_ids is None else sa.or_(own, cls.company_id.in_(company_ids)))


class OrderLine(Model):
    """A product in an order, with its name and price of that day. `total_rials` is after discount, without tax."""

    __tablename__ = "order_lines"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    quantity: Mapped[int]
    shipped_quantity: Mapped[int] = mapped_column(default=0)
    price_rials: Mapped[int] = mapped_column(sa.BigInteger)
    discount_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    vat_rials: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_rials: Mapped[int] = mapped_column(sa.BigInteger)
    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product | None] = relationship()

    @property
    def left_quantity(self) -> int:
        """How many are still to be shipped."""
        return self.quantity - self.shipped_quantity
