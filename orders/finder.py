"""Going to an order by its number."""

import sqlalchemy as sa
from flask import url_for

from app.extensions import db
from app.text import ascii_digits
from app.users.models import User
from orders.models import Order


def find_order(text: str, user: User) -> str | None:
    """The page of the order with this number, letters in either case."""
    number = ascii_digits(text).strip()
    query = Order.visible_to(user).where(sa.func.upper(Order.number) == number.upper())
    order = db.session.scalars(query).first()
    return url_for("orders.show", number=order.number) if order else None
