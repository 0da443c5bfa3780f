"""Lists of orders and products, one order with all that belongs to it, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask import g
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.dates import format_date, parse_date
from app.extensions import db
from app.i18n import _
from app.paging import Page, mark, older_than
from app.text import ascii_digits, clean_line, compact_key, search_key
from app.users.models import User
from cards.models import Card, StageTransition
from contacts.models import Company, Contact
from contacts.queries import LONGEST_SEARCH, matches_contact
from orders.models import CardLink, Invoice, Order, OrderLine, Product, Shipment, StockMove, Warehouse
from pipelines.models import Stage

PAGE = 30
LOST_KINDS = ("cancelled", "returned")


def matches_order(text: str) -> ColumnElement[bool]:
    """Whether an order is meant by what was typed: a part of its number, or its customer or company."""
    text = clean_line(text)[:LONGEST_SEARCH]
    number = ascii_digits(text).removeprefix("#")
    owners = Order.contact_id.in_(sa.select(Contact.id).where(matches_contact(text)))
    key = search_key(text)
    companies = sa.select(Company.id).where(Company.search_key.contains(key, autoescape=True)) if key else None
    found = [Order.number.icontains(number, autoescape=True), owners]
    return sa.or_(*found, *([Order.company_id.in_(companies)] if companies is not None else []))


def _listed(query: Select[Order]) -> Select[Order]:
    """With what a row of a list shows. One query in all."""
    query = query.join(Card, Card.id == Order.card_id).join(Stage, Stage.id == Card.stage_id)
    return query.options(
        contains_eager(Order.card).contains_eager(Card.stage), joinedload(Order.contact), joinedload(Order.company)
    )


def page_of_orders(
    user: User, text: str = "", after: str | None = None, *, owner: ColumnElement[bool] | None = None
) -> Page[Order]:
    """Orders, the newest first, `PAGE` at a time; `owner` narrows them to somebody's. One query."""
    query = _listed(Order.visible_to(user)).where(older_than(after, Order.ordered_at, Order.id))
    if text:
        query = query.where(matches_order(text))
    if owner is not None:
        query = query.where(owner)
    rows = list(db.session.scalars(query.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], mark(last.ordered_at, last.id) if last else None)


def page_of_invoices(contact: Contact, after: str | None = None) -> Page[Invoice]:
    """A contact's invoices, the newest first, with payments and orders. Two queries."""
    query = sa.select(Invoice).where(Invoice.contact_id == contact.id)
    match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})", after or "")
    day = parse_date(match[1]) if match else None
    if match and day:
        is_older = sa.or_(Invoice.issued_on < day, sa.and_(Invoice.issued_on == day, Invoice.id < int(match[2])))
        query = query.where(is_older)
    query = query.options(joinedload(Invoice.order), selectinload(Invoice.payments))
    rows = list(db.session.scalars(query.order_by(Invoice.issued_on.desc(), Invoice.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.issued_on.isoformat()}.{last.id}" if last else None)


def order_with_everything(user: User, number: str) -> Order | None:
    """An order with customer, card, lines with stock, parcels and invoices. Five queries."""
    query = Order.visible_to(user).where(Order.number == ascii_digits(number))
    return db.session.scalar(query.options(
        joinedload(Order.contact), joinedload(Order.company),
        joinedload(Order.card).options(joinedload(Card.stage), joinedload(Card.pipeline), joinedload(Card.assignee)),
        selectinload(Order.lines).joinedload(OrderLine.product).joinedload(Product.levels),
        selectinload(Order.shipments).joinedload(Shipment.events),
        selectinload(Order.invoices).options(joinedload(Invoice.payments)),
    ))  # fmt: skip


def cards_about(order: Order) -> list[Card]:
    """Requests that are about the order, the newest first, with stage and board. One query."""
    linked = sa.select(CardLink.card_id).where(CardLink.order_id == order.id)
    query = sa.select(Card).where(Card.id.in_(linked)).order_by(Card.opened_at.desc(), Card.id.desc()).limit(PAGE)
    return list(db.session.scalars(query.options(joinedload(Card.stage), joinedload(Card.pipeline))))


@dataclass(frozen=True)
class Step:
    """A stage on the rail of an order: done, now or next; `when` it was first reached."""

    label: str
    state: str
    when: str = ""
    hint: str = ""


def rail_of(order: Order) -> list[Step]:
    """The stages of the order's board in their order; side tracks (cancelled, returned) only for those on them. Two
    queries."""
    card = order.card
    stages = [stage for stage in card.pipeline.all_stages if stage.archived_at is None or stage.id == card.stage_id]
    stages = [stage for stage in stages if stage.kind not in LOST_KINDS or stage.id == card.stage_id]
    query = sa.select(StageTransition.stage_id, sa.func.min(StageTransition.entered_at))
    query = query.where(StageTransition.card_id == card.id).group_by(StageTransition.stage_id)
    reached: dict[int, datetime] = {row[0]: row[1] for row in db.session.execute(query)}
    return [_step(stage, card, reached) for stage in stages]


def _step(stage: Stage, card: Card, reached: dict[int, datetime]) -> Step:
    when = format_date(reached[stage.id], "short") if stage.id in reached else ""
    if stage.id == card.stage_id:
        return Step(stage.name, "done" if card.is_closed else "now", when)
    if stage.position < card.stage.position:
        return Step(stage.name, "done", when, "" if when else _("passed over"))
    return Step(stage.name, "next")


class Purchases(NamedTuple):
    """How many orders somebody has, how many of them count as bought, for how much, and when the last one was."""

    orders: int
    bought: int
    rials: int
    last_at: datetime | None


def purchases_of(contact: Contact) -> Purchases:
    """What a contact has bought; cancelled and returned orders do not count. One query a request."""
    known: dict[int, Purchases] = g.setdefault("purchases", {})
    if contact.id not in known:
        counts = Stage.kind.not_in(LOST_KINDS)
        query = sa.select(
            sa.func.count(), sa.func.count(sa.case((counts, 1))),
            sa.func.coalesce(sa.func.sum(sa.case((counts, Order.total_rials), else_=0)), 0),
            sa.func.max(sa.case((counts, Order.ordered_at))).label("last_at"),
        ).select_from(Order)  # fmt: skip
        query = query.join(Card, Card.id == Order.card_id).join(Stage, Stage.id == Card.stage_id)
        row = db.session.execute(query.where(Order.contact_id == contact.id)).one()
        known[contact.id] = Purchases(row[0], row[1], int(row[2]), row[3])
    return known[contact.id]


def matches_product(text: str) -> ColumnElement[bool]:
    """Whether a product is meant: words of its name in any spelling, or a part of its code."""
    text = clean_line(text)[:LONGEST_SEARCH]
    words = search_key(text).split()
    each = sa.and_(*(Product.search_key.contains(word, autoescape=True) for word in words)) if words else sa.false()
    together = sa.func.replace(Product.search_key, " ", "").contains(compact_key(text), autoescape=True)
    is_code = Product.sku.icontains(ascii_digits(text), autoescape=True)
    return sa.or_(each, together, is_code) if words else is_code


def page_of_products(text: str = "", after: str | None = None, *, archived: bool = False) -> Page[Product]:
    """Products by name with their stock, `PAGE` at a time. Two queries."""
    query = sa.select(Product).options(selectinload(Product.levels))
    query = query.where(Product.archived_at.is_not(None) if archived else Product.archived_at.is_(None))
    if text:
        query = query.where(matches_product(text))
    match = re.fullmatch(r"([a-z0-9]*)\.([0-9]{1,18})", after or "")
    if match:
        query = query.where(sa.tuple_(Product.sort_key, Product.id) > sa.tuple_(sa.literal(match[1]), int(match[2])))
    rows = list(db.session.scalars(query.order_by(Product.sort_key, Product.id).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.sort_key}.{last.id}" if last else None)


def choices_of_products(text: str, limit: int = 8) -> list[Product]:
    """The first few products that are meant by what is typed so far. Two queries."""
    query = sa.select(Product).where(Product.archived_at.is_(None), matches_product(text))
    query = query.options(selectinload(Product.levels)).order_by(Product.sort_key, Product.id)
    return list(db.session.scalars(query.limit(limit)))


def find_product(chosen: str, typed: str) -> Product | None:
    """The product that a list offered (its id), else the one of exactly this code or name."""
    query = sa.select(Product).where(Product.archived_at.is_(None))
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
        found = db.session.scalar(query.where(Product.id == int(chosen)))
        if found is not None:
            return found
    found = db.session.scalar(query.where(Product.sku == ascii_digits(typed)))
    if found is not None:
        return found
    key = search_key(typed)
    if not key:
        return None
    named = db.session.scalars(query.where(Product.search_key.contains(key, autoescape=True)).limit(50))
    exact = [row for row in named if key in {search_key(row.name), search_key(row.name_en)}]
    return exact[0] if len(exact) == 1 else None


def warehouses() -> list[Warehouse]:
    """All places where stock lies, in the order in which they were added. One query."""
    return list(db.session.scalars(sa.select(Warehouse).order_by(Warehouse.id)))


def moves_of(product: Product, limit: int = 30) -> list[tuple[StockMove, str, User | None]]:
    """The newest moves of a product with the warehouse's name and the colleague. One query."""
    query = (
        sa.select(StockMove, Warehouse, User)
        .join(Warehouse, Warehouse.id == StockMove.warehouse_id)
        .outerjoin(User, User.id == StockMove.by_id)
        .where(StockMove.product_id == product.id)
    )
    rows = db.session.execute(query.order_by(StockMove.id.desc()).limit(limit))
    return [(move, warehouse.name, user) for move, warehouse, user in rows]
