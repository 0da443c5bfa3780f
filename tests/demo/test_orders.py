"""The demo's goods and orders hold together."""

import re

import pytest

from demo.content import ORDERS, PEOPLE, PRODUCTS, WAREHOUSES
from orders.models.invoice import METHODS
from orders.models.shipment import CARRIERS

PERSONS = {person.key: person for person in PEOPLE}
PLACED = {order.number: order for order in ORDERS}


def test_products_lie_in_known_warehouses():
    keys = {warehouse.key for warehouse in WAREHOUSES}
    for product in PRODUCTS:
        assert product.stock.keys() == keys
        assert min(product.stock.values()) >= 0
        assert product.price_rials % 10_000 == 0
    assert any(not any(product.stock.values()) for product in PRODUCTS)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.number)
def test_an_order_is_sound(order):
    skus = {product.sku for product in PRODUCTS}
    assert order.contact in PERSONS
    assert order.company is None or order.company in {m.company for m in PERSONS[order.contact].memberships}
    assert 1 <= len(order.lines) <= 4
    assert all(line.sku in skus and line.quantity > 0 and line.discount_percent <= 100 for line in order.lines)
    assert order.parent is None or order.parent in PLACED
    assert sum(payment.percent for payment in order.payments) <= 100
    acts = [*order.payments, *order.shipments, *([order.invoice] if order.invoice else [])]
    assert all(act.after_hours <= order.age_hours for act in acts)
    assert all(payment.method in METHODS for payment in order.payments)
    if order.payments:
        assert order.invoice
        assert order.invoice.after_hours < min(payment.after_hours for payment in order.payments)
        assert not order.invoice.is_void
    for shipment in order.shipments:
        assert shipment.carrier in CARRIERS
        assert (shipment.carrier == "post") == bool(re.fullmatch("[0-9]{24}", shipment.code or ""))
        hours = [scan.after_hours for scan in shipment.scans]
        assert hours == sorted(hours)
        assert shipment.after_hours + max(hours) <= order.age_hours
        assert all(
            any(part.sku == line.sku and part.quantity <= line.quantity for line in order.lines)
            for part in shipment.lines
        )


def test_order_numbers_follow_time():
    ages = [order.age_hours for order in ORDERS]
    assert ages == sorted(ages, reverse=True)
    assert [order.number for order in ORDERS] == sorted(PLACED)
