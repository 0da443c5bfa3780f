"""Products, orders, invoices and payments for programs."""

from flask import Flask

from orders.api import feed, invoices, orders, products  # noqa: F401  # invoices are operations too; what is told


def init_app(app: Flask) -> None:
    """Register the operations."""
    app.register_blueprint(products.bp)
    app.register_blueprint(orders.bp)
