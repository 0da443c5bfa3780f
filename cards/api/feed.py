"""Cards in the feed of events. Of notes, and of who is asked in them, programs hear with a scope of their own."""

from app.api import feed
from app.extensions import db
from app.users.models import User
from cards.models import Card


def _codes(user: User, ids: set[int]) -> dict[int, str]:
    query = Card.visible_to(user).with_only_columns(Card.id, Card.code).where(Card.id.in_(ids))
    return {row.id: row.code for row in db.session.execute(query)}


CHANGE = ("from", "to")
feed.name_by_code("card_id", _codes)
feed.tell("cards:read", {
    "card.opened": ("stage", "title", "channel"), "card.moved": CHANGE, "card.reopened": CHANGE,
    "card.progressed": (), "card.resolved": ("entry",), "card.closed": (), "card.left": (),
    "card.assigned": CHANGE, "card.prioritised": CHANGE, "card.renamed": CHANGE, "card.tagged": CHANGE,
    "card.amount_changed": CHANGE, "reply.sent": ("entry",), "reply.withdrawn": ("entry",),
    "message.received": ("entry",), "request.received": (),
})  # fmt: skip
feed.tell("notes:read", {"note.added": ("entry", "mentions"), "user.mentioned": ("entry", "user")})
