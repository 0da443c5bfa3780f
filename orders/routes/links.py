"""Which order a card is about: set and taken off on the card's page."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.errors import DomainError
from app.extensions import db
from app.i18n import _
from app.policies import require
from app.text import ascii_digits
from cards.pages.blueprint import checked, done, get_card
from cards.policies import can_write
from orders.forms import LinkForm
from orders.models import Order
from orders.services import link_card_to_order, unlink_card_from_order

bp = Blueprint("order_links", __name__, url_prefix="/cards")
bp.before_request(require_staff)


def named_order(number: str) -> Order:
    """The order with this number. Raises a `DomainError` on `order` when there is none in reach."""
    wanted = ascii_digits(number).removeprefix("#").lower()
    query = Order.visible_to(current_user).where(sa.func.lower(Order.number) == wanted)
    order = db.session.scalar(query)
    if order is None:
        raise DomainError(_("There is no order with this number."), code="unknown_order", field="order")
    return order


@bp.post("/<code>/order-links")
def create_order_link(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require(can_write(current_user, card))
    form = checked(LinkForm.from_request())
    link_card_to_order(card, named_order(str(form.order.data)), by=current_user)
    db.session.commit()
    return done(card)


@bp.post("/<code>/order-links/removal")
def create_order_link_removal(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require(can_write(current_user, card))
    form = checked(LinkForm.from_request())
    unlink_card_from_order(card, named_order(str(form.order.data)), by=current_user)
    db.session.commit()
    return done(card)
