"""Products, and how many of them lie where."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import localised
from app.text import clean, search_key, sort_key


class Product(Model):
    """Something we sell. The price is of one unit, in whole rials, without tax."""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint("price_rials >= 0", name="price"),
        sa.CheckConstraint("vat_rate BETWEEN 0 AND 10000", name="vat_rate"),
        sa.Index("ix_products_sort", "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    price_rials: Mapped[int] = mapped_column(sa.BigInteger)
    # Hundredths of a percent: 1000 is 10 %.
    vat_rate: Mapped[int] = mapped_column(default=1000)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    levels: Mapped[list[StockLevel]] = relationship(back_populates="product")

    def rename(self, name: str, name_en: str = "") -> None:
        """Take a name; what search (by the SKU too) and sorting need is derived from it here."""
        self.name, self.name_en = clean(name), clean(name_en)
        self.search_key = search_key(f"{self.name} {self.name_en} {self.sku}")
        self.sort_key = sort_key(self.name)

    @property
    def shown_name(self) -> str:
        return localised(self.name, self.name_en)

    @property
    def available(self) -> int:
        """Units that can be promised, over all warehouses."""
        return sum(level.available for level in self.levels)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "product", "subject_id": self.id}


class Warehouse(Model):
    """A place where stock lies."""

    __tablename__ = "warehouses"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_fa: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="")

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)


class StockLevel(Model):
    """The sum of all moves of a product in a warehouse."""

    __tablename__ = "stock_levels"
    __table_args__ = (
        sa.CheckConstraint("on_hand >= 0", name="on_hand"),
        sa.CheckConstraint("allocated >= 0", name="allocated"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouses.id"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)
    product: Mapped[Product] = relationship(back_populates="levels")
    warehouse: Mapped[Warehouse] = relationship(lazy="joined")

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated


class StockMove(Model):
    """Why a stock number changed; levels change by moves alone."""

    __tablename__ = "stock_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouses.id"))
    quantity: Mapped[int]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
