"""The pages of orders and products, and the links between cards and orders."""

from orders.routes import invoices, shipments  # noqa: F401  # they add their addresses to the blueprint of orders
from orders.routes.links import bp as links_bp
from orders.routes.orders import bp as orders_bp
from orders.routes.products import bp as products_bp
from orders.routes.warehouses import bp as warehouses_bp

__all__ = ["links_bp", "orders_bp", "products_bp", "warehouses_bp"]
