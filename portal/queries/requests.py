"""A customer's requests, and what may be read of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from app.events import PORTAL, Event
from app.extensions import db
from app.users.models import User
from cards.models import Card, Entry, Survey
from cards.promises.words import TOLD
from contacts.models import Contact
from orders.models import CardLink, Order
from pipelines.models import Department
from portal.queries.reach import READER, companies

ROWS_A_PAGE = 20
ENTRIES_A_PAGE = 50
MOST_CHANGES = 40
MOST = sa.bindparam("most", type_=sa.Integer)


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
    seen = db.session.scalar(Card.visible_in_portal_to(contact).where(Card.code == after)) if after else None
    values = {"most": limit + 1} | ({"seen_at": seen.opened_at, "seen_id": seen.id} if seen else {})
    cards = list(
        db.session.scalars(_page(bool(Card.companies_of(contact)), seen is not None), _reach(contact) | values)
    )
    return cards[:limit], cards[limit - 1].code if len(cards) > limit else None


def latest_requests(contact: Contact, limit: int) -> list[Card]:
    """What the customer follows now: open requests before finished ones, each by its newest news. One query."""
    query = _latest(bool(Card.companies_of(contact)))
    return list(db.session.scalars(query, _reach(contact) | {"most": limit}))


def find_request(contact: Contact, code: str, *, whole: bool = False) -> Found | None:
    """A request in reach, with what its page says beside the conversation. `whole`: with the columns that only verbs
    read. One query."""
    query = _one(bool(Card.companies_of(contact)), whole)
    rows = db.session.execute(query, _reach(contact) | {"code": code}).all()
    if not rows:
        return None
    changes = [Told(row.name, row.at, row.data) for row in reversed(rows) if row.name is not None]
    return Found(rows[0][0], rows[0][1], changes)


def last_entries(card_ids: Iterable[int]) -> dict[int, Entry]:
    """The newest thing said on each card that the customer may read. One query."""
    return {entry.card_id: entry for entry in db.session.scalars(_last(), {"cards": list(set(card_ids))})}


def thread_of(card: Card, *, whole: bool = False) -> tuple[Sequence[Entry], bool]:
    """The conversation, oldest first, and whether earlier entries were left out. One query."""
    most = {} if whole else {"most": ENTRIES_A_PAGE + 1}
    entries = list(db.session.scalars(_thread(whole), {"card": card.id, **most}).unique())
    is_cut = not whole and len(entries) > ENTRIES_A_PAGE
    return entries[1:] if is_cut else entries, is_cut


def linked_orders(contact: Contact, card: Card) -> list[str]:
    """Numbers of the orders a request is about, as far as the customer may see them. One query."""
    granted = Order.companies_of(contact)
    values = {"reader": contact.id, "companies": granted, "card": card.id}
    return list(db.session.scalars(_linked(bool(granted)), values))


def _reach(contact: Contact) -> dict[str, Any]:
    return {"reader": contact.id, "companies": Card.companies_of(contact)}


# The statements, built once each.


# What pages show of a card; the rest is work inside.
SHOWN = (
    Card.code, Card.title, Card.pipeline_id, Card.contact_id, Card.company_id, Card.department_id, Card.assignee_id,
    Card.opened_at, Card.resolved_at, Card.waiting_since, Card.portal_step_id, Card.portal_step_at,
    Card.portal_changed_at, Card.promise_told_at, Card.promise_left_seconds, Card.promise_waits_for,
)  # fmt: skip


def _readable(has_companies: bool, *, whole: bool = False) -> sa.Select[Card]:
    query = Card.visible_in_portal(READER, companies(has_companies))
    if not whole:
        query = query.options(load_only(*SHOWN))
    return query.options(_agent(Card.assignee), joinedload(Card.contact).load_only(Contact.name, Contact.name_en))


def _agent(who: Any) -> Any:
    """With as much of a colleague as customers may be shown."""
    return joinedload(who).load_only(User.name, User.name_en, User.display_name)


@cache
def _page(has_companies: bool, goes_on: bool) -> sa.Select[Card]:
    query = _readable(has_companies).order_by(Card.opened_at.desc(), Card.id.desc()).limit(MOST)
    if not goes_on:
        return query
    seen = sa.tuple_(sa.bindparam("seen_at", type_=Card.opened_at.type), sa.bindparam("seen_id", type_=sa.Integer))
    return query.where(sa.tuple_(Card.opened_at, Card.id) < seen)


@cache
def _latest(has_companies: bool) -> sa.Select[Card]:
    newest = (Card.resolved_at.is_not(None), Card.portal_changed_at.desc(), Card.id.desc())
    return _readable(has_companies).order_by(*newest).limit(MOST)


@cache
def _one(has_companies: bool, whole: bool) -> Any:
    """A request, its survey, and the newest things that happened to its promises: a row for each of these."""
    query = _readable(has_companies, whole=whole).where(Card.code == sa.bindparam("code"))
    department = joinedload(Card.department).load_only(Department.name_fa, Department.name_en)
    query = query.options(joinedload(Card.closure), department).outerjoin(Survey, Survey.card_id == Card.id)
    told = sa.and_(Event.card_id == Card.id, Event.name.in_(TOLD), Event.visibility == PORTAL)
    query = query.outerjoin(Event, told).order_by(Event.id.desc()).limit(MOST_CHANGES)
    return query.add_columns(Survey, Event.name, Event.at, Event.data)


@cache
def _last() -> sa.Select[Entry]:
    cards = sa.bindparam("cards", type_=sa.Integer, expanding=True)
    newest = sa.select(sa.func.max(Entry.id)).where(
        Entry.card_id.in_(cards), Entry.visibility == "portal", Entry.withdrawn_at.is_(None)
    )
    return sa.select(Entry).where(Entry.id.in_(newest.group_by(Entry.card_id))).options(_agent(Entry.author))


@cache
def _thread(whole: bool) -> sa.Select[Entry]:
    query = Entry.visible_in_portal(sa.bindparam("card", type_=sa.Integer))
    if not whole:
        newest = query.with_only_columns(Entry.id).order_by(None).order_by(Entry.id.desc()).limit(MOST).subquery()
        query = query.where(Entry.id.in_(sa.select(newest.c.id)))
    who = joinedload(Entry.contact).load_only(Contact.name, Contact.name_en)
    return query.options(_agent(Entry.author), who, joinedload(Entry.attachments))


@cache
def _linked(has_companies: bool) -> sa.Select[Any]:
    linked = sa.select(CardLink.order_id).where(CardLink.card_id == sa.bindparam("card", type_=sa.Integer))
    query = Order.visible_in_portal(READER, companies(has_companies)).with_only_columns(Order.number)
    return query.where(Order.id.in_(linked)).order_by(Order.id)
