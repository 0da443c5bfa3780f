"""What the shop sells, and what was counted on its shelves."""

from __future__ import annotations

from demo.content import PRODUCTS, WAREHOUSES
from demo.shop import Shop
from orders.services import add_warehouse, create_product, set_stock


def stock_up(shop: Shop) -> None:
    """Put the products on the shelves."""
    keeper = shop.staff["siavash"]
    warehouses = {drawn.key: add_warehouse(drawn.name_fa, drawn.name_en, by=keeper) for drawn in WAREHOUSES}
    for drawn in PRODUCTS:
        product = create_product(by=keeper, sku=drawn.sku, name=drawn.name, name_en=drawn.name_en,
                                 price_rials=drawn.price_rials, vat_rate=drawn.vat_rate)  # fmt: skip
        shop.products[drawn.sku] = product
        for key, units in drawn.stock.items():
            set_stock(product, warehouses[key], units, reason="شمارش آغاز کار", by=keeper)
