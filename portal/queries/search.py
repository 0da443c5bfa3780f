"""What a customer finds: their own requests, orders and invoices, and the answers that customers may read.

Rows of colleagues are not asked at all, so that what stands in them moves nothing: no result, no order, no count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.events import PORTAL
from app.extensions import db
from app.search.asking import Scope, ask
from app.search.finding import EXACT, readings, score_of
from app.search.table import DOCS
from app.search.words import Asked
from cards.models import Card, Entry
from contacts.models import Contact
from knowledge.models import FaqEntry
from orders.models import Order
from pipelines.models import Department, Pipeline
from portal.queries.orders import Listed, listed

REQUESTS, ORDERS, ANSWERS = ("card", "entry"), ("order", "invoice"), ("article",)
SHOWN = 20


@dataclass
class Results:
    """What was found, best first. `words`: by request, the newest entry that was found. `said`: see `Answer.said`."""

    asked: Asked
    said: str = ""
    requests: list[Card] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    orders: list[Listed] = field(default_factory=list)
    answers: list[FaqEntry] = field(default_factory=list)


def search_of(contact: Contact, text: str) -> Results:
    """What the customer means. Five queries at most, two more when another reading of the words is tried."""
    scope = _scope(contact)
    for asked, exact, said in readings(text):
        rows = ask(asked, exact, scope)
        if rows:
            return _results(contact, rows, asked, said)
    return Results(Asked(()))


def _scope(contact: Contact) -> Scope:
    memberships = contact.active_memberships
    own = f"=o{contact.id}"
    tickets = tuple(f"=y{m.company_id}" for m in memberships if m.can_see_company_tickets)
    orders = tuple(f"=y{m.company_id}" for m in memberships if m.can_see_company_orders)
    cards = Card.visible_in_portal_to(contact).with_only_columns(Card.id)
    goods = Order.visible_in_portal_to(contact).with_only_columns(Order.id).join(Card, Card.id == Order.card_id)
    goods = goods.join(Pipeline, Pipeline.id == Card.pipeline_id).where(Pipeline.is_in_portal, ~Card.is_internal)
    departments = Department.in_portal().with_only_columns(Department.id).order_by(None)
    answers = sa.select(FaqEntry.id).where(FaqEntry.is_active, FaqEntry.department_id.in_(departments))
    rule = sa.or_(
        sa.and_(DOCS.c.kind.in_(REQUESTS), DOCS.c.target_id.in_(cards)),
        sa.and_(DOCS.c.kind == "order", DOCS.c.target_id.in_(goods)),
        sa.and_(DOCS.c.kind == "invoice", DOCS.c.contact_id == contact.id, DOCS.c.target_id.in_(goods)),
        sa.and_(DOCS.c.kind == "article", DOCS.c.ref_id.in_(answers)),
    )
    marks = {**dict.fromkeys(REQUESTS, (own, *tickets)), "order": (own, *orders), "invoice": (own,), "article": None}
    return Scope(marks, sa.and_(DOCS.c.audience == PORTAL, rule))


def _results(contact: Contact, rows: Sequence[tuple[str, Any]], asked: Asked, said: str) -> Results:
    requests, orders = _best(rows, REQUESTS, asked), _best(rows, ORDERS, asked)
    entries: dict[int, int] = {}
    for _name, row in rows:
        if row.kind == "entry":
            entries.setdefault(row.target_id, row.ref_id)
    return Results(
        asked, said, requests=_cards(contact, requests), words=_words(entries, requests),
        orders=_orders(contact, orders), answers=_answers(_best(rows, ANSWERS, asked)),
    )  # fmt: skip


def _best(rows: Sequence[tuple[str, Any]], kinds: tuple[str, ...], asked: Asked) -> list[int]:
    """Ids of what was found, each once: codes first, then titles, then texts, each by their age."""
    found: dict[int, tuple[int, float]] = {}
    for name, row in rows:
        if row.kind in kinds:
            rank = (EXACT if name == "exact" else score_of(row.head, asked), row.at.timestamp())
            found[row.target_id] = max(rank, found.get(row.target_id, rank))
    return sorted(found, key=lambda target: (*found[target], target), reverse=True)[:SHOWN]


def _in_order(rows: Sequence[Any], ids: Sequence[int]) -> list[Any]:
    known = {row.id: row for row in rows}
    return [known[target] for target in ids if target in known]


def _cards(contact: Contact, ids: Sequence[int]) -> list[Card]:
    if not ids:
        return []
    query = Card.visible_in_portal_to(contact).where(Card.id.in_(ids))
    rows = db.session.scalars(query.options(joinedload(Card.portal_step), joinedload(Card.contact))).all()
    return _in_order(rows, ids)


def _words(entries: dict[int, int], ids: Sequence[int]) -> dict[int, str]:
    wanted = [entries[target] for target in ids if target in entries]
    if not wanted:
        return {}
    query = sa.select(Entry.card_id, Entry.body).where(Entry.id.in_(wanted), Entry.visibility == PORTAL)
    return {row.card_id: row.body for row in db.session.execute(query.where(Entry.withdrawn_at.is_(None)))}


def _orders(contact: Contact, ids: Sequence[int]) -> list[Listed]:
    if not ids:
        return []
    found = {row.order.id: row for row in listed(contact, ids)}
    return [found[target] for target in ids if target in found]


def _answers(ids: Sequence[int]) -> list[FaqEntry]:
    if not ids:
        return []
    return _in_order(db.session.scalars(sa.select(FaqEntry).where(FaqEntry.id.in_(ids), FaqEntry.is_active)).all(), ids)
