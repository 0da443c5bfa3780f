"""Shapes of products and stock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes import Id, Listing, Rials, Shape, Text, asked
from orders.models import Product
from orders.totals import WHOLE

Rate = Annotated[int, Field(ge=0, le=WHOLE, description="Hundredths of a percent: 1000 is 10 %.")]
Sku = Annotated[Text, Field(max_length=60)]


class StockAnswer(Shape):
    """How many of a product lie where."""

    warehouse_id: int
    warehouse: str
    on_hand: int
    available: int


class ProductAnswer(Shape):
    """Something we sell."""

    sku: str
    name: str
    name_en: str
    price_rials: int
    """Of one unit, without tax."""
    vat_rate: int
    """Hundredths of a percent: 1000 is 10 %."""
    external_id: str | None
    available: int
    stock: list[StockAnswer]
    archived_at: datetime | None

    @classmethod
    def of(cls, product: Product) -> ProductAnswer:
        stock = [StockAnswer(warehouse_id=level.warehouse_id, warehouse=level.warehouse.name, on_hand=level.on_hand,
                             available=level.available) for level in product.levels]  # fmt: skip
        return cls(sku=product.sku, name=product.name, name_en=product.name_en, price_rials=product.price_rials,
                   vat_rate=product.vat_rate, external_id=product.external_id, available=product.available,
                   stock=stock, archived_at=product.archived_at)  # fmt: skip


class ProductList(Shape):
    items: list[ProductAnswer]
    next: str | None


class ProductFilters(Listing):
    q: Annotated[Text, Field(max_length=80)] | None = None
    """Words of the name, or a part of the code."""
    sku: Sku | None = None
    external_id: Annotated[Text, Field(max_length=80)] | None = None
    archived: bool = False


class ProductChanges(Shape):
    """What is to change; what is left out stays as it is."""

    sku: Annotated[Text, Field(max_length=200)] = ""
    name: Annotated[Text, Field(max_length=200)] = ""
    name_en: Annotated[Text, Field(max_length=200)] = ""
    price_rials: Rials = 0
    vat_rate: Rate = 1000
    external_id: Annotated[Text, Field(max_length=80)] | None = None


class NewProduct(Shape):
    """A new product."""

    sku: Annotated[Text, Field(max_length=200)] = asked(examples=["KEY-01"])
    name: Annotated[Text, Field(max_length=200)] = asked(examples=["کلید سه‌راهی"])
    name_en: Annotated[Text, Field(max_length=200)] = ""
    price_rials: Rials
    vat_rate: Rate = 1000
    external_id: Annotated[Text, Field(max_length=80)] | None = None


class NewStockMove(Shape):
    """What came in or went out, or how many were counted."""

    warehouse_id: Id
    act: Literal["in", "out", "count"]
    quantity: Annotated[int, Field(ge=0, le=1_000_000)]
    reason: Annotated[Text, Field(max_length=200)] = asked(examples=["خرید تازه"])


class WarehouseAnswer(Shape):
    id: int
    name_fa: str
    name_en: str


class WarehouseList(Shape):
    items: list[WarehouseAnswer]
