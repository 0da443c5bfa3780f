"""Products and stock, orders with their parcels, bills and payments. Where an order stands is the stage of its card."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_login import current_user

from app import navigation
from app.i18n import _
from app.users.models import User
from orders import models  # noqa: F401


@dataclass
class Trade(navigation.Item):
    """The entry for orders, current on the pages of products too."""

    @property
    def is_current(self) -> bool:
        return request.path.startswith(("/orders", "/products"))


def _entries(_user: User) -> list[navigation.Item]:
    return [Trade(_("Orders"), url_for("orders.index"), "box")]


def new_order_url(contact: str | None = None) -> str | None:
    """Where the button "New order" leads, for a contact's code; None for those who open none."""
    from orders.policies import can_order

    is_useful = current_user.is_authenticated and can_order(current_user)
    return url_for("orders.new", contact=contact) if is_useful else None


def init_app(app: Flask) -> None:
    """Register the pages, what other pages show of orders, and the entry of the side navigation."""
    from orders import api, audit, panels, privacy, searching, sections, words  # noqa: F401
    from orders.routes import links_bp, orders_bp, products_bp, warehouses_bp

    for blueprint in (orders_bp, products_bp, warehouses_bp, links_bp):
        app.register_blueprint(blueprint)
    api.init_app(app)
    app.jinja_env.globals["new_order_url"] = new_order_url
    navigation.add("everywhere", 20, _entries)
