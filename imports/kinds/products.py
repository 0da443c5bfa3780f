"""Products with prices and stock."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.i18n import _, _l
from imports import cells
from imports.facts import Facts, Item
from imports.fields import Field
from imports.kinds.base import CREATED, UNCHANGED, UPDATED, Counts, Kind, Work, blaming, changed_by
from imports.kinds.people import by_external_id, only
from orders.models import Product, StockLevel, Warehouse
from orders.services import add_warehouse, archive_product, create_product, restore_product, set_stock, update_product

FIELDS = (
    Field("sku", _l("Product code (SKU)"), "key", is_required=True, identifies=True, names=(
        "id", "product id", "product code", "product number", "item code", "item number", "code", "barcode", "کد",
        "شناسه", "کد کالا", "کد محصول", "شناسه کالا", "شناسه محصول",
    )),
    Field("external_id", _l("Number elsewhere"), "key", identifies=True, names=(
        "old id", "reference", "شماره در سامانه دیگر",
    )),
    Field("name", _l("Product name"), names=(
        "product", "product name", "item", "item name", "title", "description", "نام", "کالا", "محصول", "نام کالا",
        "نام محصول", "شرح کالا",
    )),
    Field("name_en", _l("Name in English"), names=("english name", "نام انگلیسی", "نام لاتین")),
    Field("price", _l("Price of one"), "money", names=(
        "unit price", "list price", "sale price", "price per unit", "قیمت", "قیمت واحد", "فی", "بها", "مبلغ",
    )),
    Field("vat", _l("VAT rate in percent"), "rate", names=(
        "vat rate", "tax", "tax rate", "مالیات", "درصد مالیات", "ارزش افزوده", "مالیات بر ارزش افزوده", "نرخ مالیات",
    )),
    Field("stock", _l("Units in stock"), "whole", names=(
        "units in stock", "on hand", "quantity", "qty", "stock level", "inventory", "موجودی", "تعداد", "موجودی انبار",
    )),
    Field("warehouse", _l("Warehouse"), names=("location", "انبار", "محل")),
    Field("discontinued", _l("No longer sold (yes or no)"), "flag", names=(
        "is discontinued", "archived", "توقف فروش", "متوقف",
    )),
)  # fmt: skip
FACTS = {"sku": "sku", "name": "name", "name_en": "name_en", "external_id": "external_id", "price_rials": "price",
         "vat_rate": "vat"}  # fmt: skip


class ProductsWork(Work):
    """Products by SKU or by their number elsewhere."""

    def apply(self, item: Item) -> Counts:
        key, value = self.mark(item)
        product = only(by_sku(value) if key == "sku" else by_external_id(Product, value), key)
        facts = self._facts(item.facts, is_new=product is None)
        if product is None:
            self.may_create(item)
            with blaming(FACTS):
                product = create_product(by=self.by, silent=True, **facts)
            self._keep_stock(product, item.facts)
            self._keep_sale(product, item.facts)
            return Counter({("products", CREATED): 1})
        if not self.may_update:
            return Counter({("products", UNCHANGED): 1})
        known = product
        with blaming(FACTS):
            news = changed_by(known, facts, lambda: update_product(known, by=self.by, **facts))
        news |= self._keep_stock(known, item.facts)
        news |= self._keep_sale(known, item.facts)
        return Counter({("products", UPDATED if news else UNCHANGED): 1})

    def _facts(self, said: Facts, *, is_new: bool) -> dict[str, Any]:
        facts = {name: said[field] for name, field in FACTS.items() if field in said}
        if "price_rials" in facts:
            facts["price_rials"] = cells.rials(facts["price_rials"])
        if is_new and self.options.vat_rate is not None:
            facts.setdefault("vat_rate", self.options.vat_rate)
        return facts

    def _keep_stock(self, product: Product, facts: Facts) -> bool:
        if "stock" not in facts:
            return False
        warehouse = self._place(facts.get("warehouse"))
        level = db.session.get(StockLevel, (product.id, warehouse.id))
        if level is not None and level.on_hand == facts["stock"]:
            return False
        with blaming("stock"):
            move = set_stock(product, warehouse, facts["stock"], reason=_("Import"), by=self.by, silent=True)
        return move is not None or level is None

    def _keep_sale(self, product: Product, facts: Facts) -> bool:
        is_over = facts.get("discontinued")
        if is_over is None or is_over == (product.archived_at is not None):
            return False
        (archive_product if is_over else restore_product)(product, by=self.by)
        return True

    def _place(self, name: str | None) -> Warehouse:
        """The warehouse of that name; without a name the first one there is."""
        if name:
            with blaming("warehouse"):
                return add_warehouse(name, by=self.by)
        first = db.session.scalar(sa.select(Warehouse).order_by(Warehouse.id).limit(1))
        return first or add_warehouse("انبار اصلی", "Main warehouse", by=self.by)


def by_sku(sku: str) -> list[Product]:
    return list(db.session.scalars(sa.select(Product).where(Product.sku == sku)))


class Products(Kind):
    key = "products"
    label = _l("Products")
    hint = _l("One row a product, with its price and what lies in the warehouse.")
    work = ProductsWork
    main_fields = FIELDS
