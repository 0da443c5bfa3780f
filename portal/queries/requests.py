"""A customer's requests, and what may be read of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from app.events import PORTAL, Event
from app.extensions import db
from cards.models import Card, Entry, Survey
from cards.promises.words import TOLD
from contacts.models import Contact
from orders.models import CardLink, Order

ROWS_A_PAGE = 20
ENTRIES_A_PAGE = 50
MOST_CHANGES = 40


class Told(NamedTuple):
    """Something that happened to a promise."""

    name: str
    at: datetime
    data: dict[str, Any]


class Found(NamedTuple):
    """A request, the question for an opinion that belongs to it, and what happened to its promises, oldest first."""

    card: Card
    survey: Survey | None
    changes: Sequence[Told]


def requests_of(
    contact: Contact, *, after: str | None = None, limit: int = ROWS_A_PAGE
) -> tuple[list[Card], str | None]:
    """A page of the customer's requests, newest first, and the code to ask the next page with. Two queries at most.

    `after` is the code of the last request seen; one that is out of reach begins anew.
    """
    query = _readable(contact).order_by(Card.opened_at.desc(), Card.id.desc())
    seen = db.session.scalar(Card.visible_in_portal_to(contact).where(Card.code == after)) if after else None
    if seen is not None:
        query = query.where(
            sa.tuple_(Card.opened_at, Card.id) < sa.tuple_(sa.literal(seen.opened_at, Card.opened_at.type), seen.id)
        )
    cards = list(db.session.scalars(query.limit(limit + 1)))
    return cards[:limit], cards[limit - 1].code if len(cards) > limit else None


def latest_requests(contact: Contact, limit: int) -> list[Card]:
    """What the customer follows now: open requests before finished ones, each by its newest news. One query."""
    query = _readable(contact).order_by(Card.resolved_at.is_not(None), Card.portal_changed_at.desc(), Card.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def find_request(contact: Contact, code: str) -> Found | None:
    """A request in reach, with what its page says beside the conversation. One query."""
    query = _readable(contact).where(Card.code == code).options(joinedload(Card.closure), joinedload(Card.department))
    query = query.outerjoin(Survey, Survey.card_id == Card.id).outerjoin(Event, Event.id.in_(_changes_of(Card.id)))
    rows = db.session.execute(query.add_columns(Survey, Event.id, Event.name, Event.at, Event.data)).all()
    if not rows:
        return None
    changes = sorted((row.id, Told(row.name, row.at, row.data)) for row in rows if row.id is not None)
    return Found(rows[0][0], rows[0][1], [told for _id, told in changes])


def _changes_of(card_id: Any) -> sa.Select[int]:
    """Ids of the newest things that happened to the promises of a card, as far as customers may read them."""
    inner = aliased(Event)
    query = sa.select(inner.id).where(inner.card_id == card_id, inner.name.in_(TOLD), inner.visibility == PORTAL)
    return query.order_by(inner.id.desc()).limit(MOST_CHANGES).correlate(Card)


def last_entries(card_ids: Iterable[int]) -> dict[int, Entry]:
    """The newest thing said on each card that the customer may read. One query."""
    newest = sa.select(sa.func.max(Entry.id)).where(
        Entry.card_id.in_(set(card_ids)), Entry.visibility == "portal", Entry.withdrawn_at.is_(None)
    )
    query = sa.select(Entry).where(Entry.id.in_(newest.group_by(Entry.card_id))).options(joinedload(Entry.author))
    return {entry.card_id: entry for entry in db.session.scalars(query)}


def thread_of(card: Card, *, whole: bool = False) -> tuple[Sequence[Entry], bool]:
    """The conversation, oldest first, and whether earlier entries were left out. One query."""
    ids = sa.select(Entry.id).where(Entry.card_id == card.id, Entry.visibility == "portal").order_by(Entry.id.desc())
    if not whole:
        ids = ids.limit(ENTRIES_A_PAGE + 1)
    newest = ids.subquery()
    query = Entry.visible_in_portal(card.id).where(Entry.id.in_(sa.select(newest.c.id)))
    query = query.options(joinedload(Entry.author), joinedload(Entry.contact), joinedload(Entry.attachments))
    entries = list(db.session.scalars(query).unique())
    is_cut = not whole and len(entries) > ENTRIES_A_PAGE
    return entries[1:] if is_cut else entries, is_cut


def linked_orders(contact: Contact, card: Card) -> list[str]:
    """Numbers of the orders a request is about, as far as the customer may see them. One query."""
    linked = sa.select(CardLink.order_id).where(CardLink.card_id == card.id)
    query = Order.visible_in_portal_to(contact).with_only_columns(Order.number).where(Order.id.in_(linked))
    return list(db.session.scalars(query.order_by(Order.id)))


def _readable(contact: Contact) -> sa.Select[Card]:
    return Card.visible_in_portal_to(contact).options(joinedload(Card.assignee), joinedload(Card.contact))
