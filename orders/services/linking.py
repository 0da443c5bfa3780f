"""What a request is about: the order, or one line of it."""

from __future__ import annotations

import sqlalchemy as sa

from app import events
from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from cards.models import Card
from cards.placement import record_on, take_turn, touch
from orders.models import CardLink, Order, OrderLine

events.define("card.linked", "card.unlinked")


def link_card_to_order(card: Card, order: Order, *, by: Actor | None, line: OrderLine | None = None) -> None:
    """Note that the card is about the order; linked twice is linked once.

    Raises a `DomainError` on `order` for an order of somebody who is neither the card's contact nor of its company:
    what is linked shows to the customer.
    """
    turn = take_turn(card)
    is_theirs = order.contact_id == card.contact_id or (
        order.company_id is not None and order.company_id == card.company_id
    )
    if not is_theirs:
        raise DomainError(_("This order belongs to another customer."), code="other_customer", field="order")
    if order.card_id == card.id:
        raise DomainError(_("This card is the order itself."), code="itself", field="order")
    if line is not None and line.order_id != order.id:
        raise DomainError(_("This line belongs to another order."), code="unknown", field="line")
    query = sa.select(CardLink.id).where(CardLink.card_id == card.id, CardLink.order_id == order.id)
    query = query.where(CardLink.line_id == line.id if line else CardLink.line_id.is_(None))
    if db.session.scalar(query) is not None:
        return
    user_id = by.id if by and by.actor_kind == "user" else None
    db.session.add(CardLink(card_id=card.id, order_id=order.id, line_id=line.id if line else None, by_id=user_id))
    touch(card)
    db.session.flush()
    record_on("card.linked", card, turn, by=by, data={"order": order.number, "line": line.name if line else None})


def unlink_card_from_order(card: Card, order: Order, *, by: Actor | None) -> None:
    """The card is not about this order after all, nor about lines of it."""
    turn = take_turn(card)
    query = sa.select(CardLink).where(CardLink.card_id == card.id, CardLink.order_id == order.id)
    links = db.session.scalars(query).all()
    if not links:
        return
    for link in links:
        db.session.delete(link)
    touch(card)
    db.session.flush()
    record_on("card.unlinked", card, turn, by=by, data={"order": order.number})
