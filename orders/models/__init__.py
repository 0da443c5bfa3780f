"""Products and their stock, orders and what follows from them."""

from orders.models.invoice import Invoice, InvoiceLine, Payment
from orders.models.link import CardLink
from orders.models.number import NumberSeries
from orders.models.order import Order, OrderLine
from orders.models.product import Product, StockLevel, StockMove, Warehouse
from orders.models.shipment import Shipment, ShipmentEvent

__all__ = ["CardLink", "Invoice", "InvoiceLine", "NumberSeries", "Order", "OrderLine", "Payment", "Product", "Shipment",
           "ShipmentEvent", "StockLevel", "StockMove", "Warehouse"]  # fmt: skip
