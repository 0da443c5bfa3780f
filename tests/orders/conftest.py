"""A small shop: tea pots and trays, two warehouses, an order of nika's."""

import pytest

from app.extensions import db
from orders.models import Order, Product, Warehouse
from orders.services import Delivery, NewLine, add_warehouse, create_order, create_product, set_stock


@pytest.fixture
def tea(world) -> Product:
    """A tea pot for 2,150,000 toman, 10 % tax, seven in stock."""
    product = create_product(
        by=world.admin, sku="GS-POT", name="قوری چینی گل‌سرخ", name_en="Teapot", price_rials=21_500_000
    )
    set_stock(product, add_warehouse("شورآباد", "Shurabad", by=world.admin), 7, reason="شمارش", by=world.admin)
    db.session.commit()
    return product


@pytest.fixture
def tray(world) -> Product:
    """A brass tray for 1,700,000 toman that nobody has in stock."""
    product = create_product(
        by=world.admin, sku="BR-TRAY", name="سینی برنجی", name_en="Brass tray", price_rials=17_000_000
    )
    db.session.commit()
    return product


@pytest.fixture
def depot(tea) -> Warehouse:
    place: Warehouse = tea.levels[0].warehouse
    return place


@pytest.fixture
def order(world, tea, tray) -> Order:
    """Two pots and a tray for nika, not shipped and not billed."""
    order = create_order(world.nika, [NewLine(tea, 2), NewLine(tray, 1)], by=world.sara,
                         delivery=Delivery(address="تهران، کوچهٔ بهار", shipping_rials=850_000))  # fmt: skip
    db.session.commit()
    return order
