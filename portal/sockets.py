"""Live news for customers: that something they can read has changed, and nothing about what.

A frame names the request or the order; the page then fetches its own part as its reader. Frames leave only for events
that are visible in the portal and listed here, so that internal work makes no sound, not even by its timing.
"""

from functools import cache

import sqlalchemy as sa

from app import events
from app.clock import utcnow
from app.db import reading
from app.events import Fact
from app.extensions import db
from app.realtime import PORTAL, emit
from cards.models import Card
from contacts.models import Membership
from orders.models import Order
from pipelines.models import Pipeline

# What a customer may notice. An event of another name is silent here even when it is visible in the portal.
HEARD = frozenset({
    "request.received", "message.received", "reply.sent", "reply.withdrawn", "card.progressed", "card.resolved",
    "card.reopened", "promise.changed", "promise.paused", "promise.resumed", "order.created", "order.changed",
    "order.promised", "order.shipped", "shipment.changed", "invoice.issued", "invoice.voided", "payment.received",
})  # fmt: skip


def announce(fact: Fact) -> None:
    """Tell the customer of a card, and the colleagues who may read it, after the commit. One query of its own."""
    if fact.name not in HEARD or fact.visibility != events.PORTAL or fact.card_id is None:
        return
    # The session has just committed and must not begin anew here; a connection of its own takes no write lock.
    with reading(), db.engine.connect() as connection:
        rows = connection.execute(_readers(), {"card": fact.card_id, "today": utcnow().date()}).all()
    for row in rows:
        for contact_id in {row.contact_id, row.colleague_id} - {None}:
            subject = {"order": row.number} if row.number else {"request": row.code}
            emit("changed", subject, f"portal:{contact_id}", PORTAL)


@cache
def _readers() -> sa.Select[str, int, str | None, int | None]:
    """(code, contact, order number or None, colleague or None) for each colleague with the right, at least one row."""
    today = sa.bindparam("today", type_=sa.Date)
    member = sa.and_(
        Membership.company_id == Card.company_id, Membership.contact_id != Card.contact_id,
        sa.or_(Membership.since_on.is_(None), Membership.since_on <= today),
        sa.or_(Membership.until_on.is_(None), Membership.until_on > today),
        sa.case((Order.id.is_not(None), Membership.can_see_company_orders), else_=Membership.can_see_company_tickets),
    )  # fmt: skip
    query = sa.select(Card.code, Card.contact_id, Order.number, Membership.contact_id.label("colleague_id"))
    query = query.join(Pipeline, Pipeline.id == Card.pipeline_id).outerjoin(Order, Order.card_id == Card.id)
    query = query.outerjoin(Membership, member)
    is_followed = sa.or_(Order.id.is_not(None), Card.are_requests())
    return query.where(
        Card.id == sa.bindparam("card", type_=sa.Integer),
        Card.is_internal.is_(False),
        Pipeline.is_in_portal,
        is_followed,
    )


events.on_publish(announce)
