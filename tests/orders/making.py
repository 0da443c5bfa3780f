"""An order as tests need one: two goods, one parcel on its way, a paid invoice."""

from datetime import timedelta

from app.clock import utcnow
from cards.placement import move
from orders.models import Order
from orders.services import NewLine, add_payment, add_shipment, create_order, create_product, issue_invoice
from orders.services.ordering import Delivery
from tests.world import World


def an_order(world: World) -> Order:
    """nika's order, packed and handed to the post; the caller commits."""
    pot = create_product(
        by=None, sku="POT-1", name="قوری چینی گل‌سرخ", name_en="Porcelain teapot", price_rials=21_500_000
    )
    cups = create_product(by=None, sku="CUP-6", name="فنجان شش‌تایی", name_en="Six cups", price_rials=48_000_000)
    delivery = Delivery(promised_on=(utcnow() + timedelta(days=3)).date(), address="تهران، خیابان شریعتی، کوچهٔ بهار")
    order = create_order(world.nika, [NewLine(pot, 1), NewLine(cups, 2)], by=world.omid, delivery=delivery)
    for name in ("Packing", "Shipped"):
        move(order.card, world.stage(name, world.orders).id, by=world.omid)
    add_shipment(order, by=world.omid, tracking_code="214500113052771088240114", quantities={order.lines[0].id: 1})
    invoice = issue_invoice(order, by=world.omid)
    add_payment(invoice, invoice.total_rials, by=world.omid, reference="77120455")
    return order
