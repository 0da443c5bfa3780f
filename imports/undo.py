"""What an undo may take back: which rows of an import nobody has worked on since, and why the others stay."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import table_of
from app.events import Event
from app.extensions import Model, db
from imports.models import ImportRecord

RECORDS = table_of(ImportRecord)
EVENTS = table_of(Event)
# What people know by a name of its own, and how events call it; other rows belong to one of these.
SUBJECTS = {"cards": "card", "orders": "order", "products": "product", "contacts": "contact", "companies": "company",
            "teams": "team", "users": "user", "stages": "stage"}  # fmt: skip
PAGES = {"cards": "cards.show", "contacts": "contacts.show", "companies": "companies.show"}
# Looking is not working.
PASSING = ("card.seen",)
REMOVED, RESTORED, KEPT = "removed", "restored", "kept"
# Rows that go along with theirs without being anybody's work.
OWN = {
    "contacts": {"contact_points", "memberships", "outbox"}, "companies": {"memberships"}, "teams": {"team_members"},
    "users": {"team_members", "notifications"}, "products": {"stock_levels", "stock_moves"},
    "orders": {"order_lines", "shipments", "card_orders"},
}  # fmt: skip


def worked_on(table: str) -> sa.ColumnElement[bool]:
    """Whether somebody did something to the row of a record after the import left it, or a later import did."""
    row_id = sa.cast(RECORDS.c.row_id, sa.Integer)
    since = EVENTS.c.id > RECORDS.c.last_event_id
    if table == "cards":
        about = sa.and_(EVENTS.c.card_id == row_id, EVENTS.c.name.not_in(PASSING))
    else:
        about = sa.and_(EVENTS.c.subject_kind == SUBJECTS[table], EVENTS.c.subject_id == row_id)
    acted = sa.exists().where(about, since, EVENTS.c.actor_kind.is_not(None)).correlate(RECORDS)
    return sa.or_(acted, _by_later_import())


def _by_later_import() -> sa.ColumnElement[bool]:
    later = RECORDS.alias("later")
    undone = sa.or_(later.c.outcome.is_(None), later.c.outcome == KEPT)
    same = sa.and_(later.c.row_table == RECORDS.c.row_table, later.c.row_id == RECORDS.c.row_id)
    return sa.exists().where(same, later.c.import_id > RECORDS.c.import_id, undone).correlate(RECORDS)


def is_worked_on(record: ImportRecord) -> bool:
    """The same for one record; for a row that belongs to another one, it is asked of that."""
    table = record.row_table
    if table in SUBJECTS:
        query = sa.select(RECORDS.c.id).where(RECORDS.c.id == record.id, worked_on(table))
        return db.session.scalar(query) is not None or _is_leant_on(table, int(record.row_id))
    owner = _owner(record)
    if owner is None:
        return False
    name, row_id = owner
    about = EVENTS.c.card_id == row_id if name == "cards" else sa.and_(
        EVENTS.c.subject_kind == SUBJECTS[name], EVENTS.c.subject_id == row_id
    )  # fmt: skip
    since = [EVENTS.c.id > record.last_event_id, EVENTS.c.actor_kind.is_not(None), EVENTS.c.name.not_in(PASSING)]
    return db.session.scalar(sa.select(EVENTS.c.id).where(about, *since).limit(1)) is not None


def _owner(record: ImportRecord) -> tuple[str, int] | None:
    """The subject that a row belongs to: the first of its foreign keys that names one."""
    table = Model.metadata.tables[record.row_table]
    row = db.session.execute(sa.select(table).where(is_row(table, record.row_id))).mappings().first()
    for column in table.columns if row is not None else ():
        for foreign in column.foreign_keys:
            name = foreign.column.table.name
            if (
                name in SUBJECTS
                and name not in {"users", "stages"}
                and row is not None
                and row[column.name] is not None
            ):
                return name, row[column.name]
    return None


def _is_leant_on(table: str, row_id: int) -> bool:
    """Whether rows that are somebody's work would go along, or lose what they point to."""
    if table not in OWN:
        return False
    for other in Model.metadata.tables.values():
        if other.name in OWN[table] or other.name.startswith(("search", "import")):
            continue
        for column in other.columns:
            for foreign in column.foreign_keys:
                if foreign.column.table.name == table and foreign.ondelete in {"CASCADE", "SET NULL"}:
                    found = sa.select(sa.literal(1)).where(column == row_id).select_from(other).limit(1)
                    if db.session.scalar(found) is not None:
                        return True
    return table == "users" and _acted(row_id)


def _acted(user_id: int) -> bool:
    """Whether a history that stays names the colleague."""
    query = sa.select(EVENTS.c.id).where(EVENTS.c.actor_kind == "user", EVENTS.c.actor_id == user_id)
    return db.session.scalar(query.limit(1)) is not None


def is_row(table: sa.Table, row_id: str) -> sa.ColumnElement[bool]:
    """The row with this key."""
    values = row_id.split(":")
    return sa.and_(*(column == int(value) if isinstance(column.type, sa.Integer) else column == value
                     for column, value in zip(table.primary_key.columns, values, strict=True)))  # fmt: skip


def can_be_undone(import_id: int) -> bool:
    """Whether anything of the import is left to take back."""
    query = sa.select(RECORDS.c.id).where(RECORDS.c.import_id == import_id, RECORDS.c.outcome.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def preview(import_id: int) -> Counter[tuple[str, str]]:
    """How many would be removed, restored and kept, by (table, outcome), of what people know by a name.

    Two queries for each kind of thing. Customers, colleagues and teams of tickets that stay are kept as well.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for table in SUBJECTS:
        mine = sa.and_(RECORDS.c.import_id == import_id, RECORDS.c.row_table == table, RECORDS.c.outcome.is_(None))
        stays = sa.or_(worked_on(table), _needed_by_kept(import_id, table))
        query = sa.select(RECORDS.c.is_new, sa.case((stays, True), else_=False), sa.func.count()).where(mine)
        for is_new, is_kept, count in db.session.execute(query.group_by(sa.text("1"), sa.text("2"))):
            counts[table, KEPT if is_kept else REMOVED if is_new else RESTORED] += count
    return counts


def _needed_by_kept(import_id: int, table: str) -> sa.ColumnElement[bool]:
    """Whether a card that stays needs the row."""
    from cards.models import Card

    columns: dict[str, tuple[Any, ...]] = {
        "contacts": (Card.contact_id,), "companies": (Card.company_id,), "teams": (Card.team_id,),
        "users": (Card.assignee_id, Card.last_assignee_id), "stages": (Card.stage_id,),
    }  # fmt: skip
    if table not in columns:
        return sa.false()
    cards = RECORDS.alias("cards_of_import")
    going = sa.select(sa.cast(cards.c.row_id, sa.Integer)).where(
        cards.c.import_id == import_id, cards.c.row_table == "cards", cards.c.is_new
    )
    row_id = sa.cast(RECORDS.c.row_id, sa.Integer)
    staying = sa.or_(Card.id.not_in(going), Card.id.in_(kept_ids(import_id)))
    return sa.exists().where(sa.or_(*(column == row_id for column in columns[table])), staying).correlate(RECORDS)


def kept_ids(import_id: int) -> sa.Select[Any]:
    """Ids of the cards of an import that stay, or stayed."""
    mine = sa.and_(RECORDS.c.import_id == import_id, RECORDS.c.row_table == "cards")
    stays = sa.or_(RECORDS.c.outcome == KEPT, sa.and_(RECORDS.c.outcome.is_(None), worked_on("cards")))
    return sa.select(sa.cast(RECORDS.c.row_id, sa.Integer)).where(mine, stays)


class Staying(NamedTuple):
    """Something that stays: its name, and where it has a page of its own, the code and the endpoint of that."""

    table: str
    name: str
    code: str = ""

    @property
    def endpoint(self) -> str:
        return PAGES.get(self.table, "")


def staying(import_id: int, *, is_over: bool = False, most: int = 30) -> list[Staying]:
    """What an undo leaves, or left where it `is_over`; at most so many of each kind."""
    found: list[Staying] = []
    for table, names in _names().items():
        mine = sa.and_(RECORDS.c.import_id == import_id, RECORDS.c.row_table == table)
        open_ones = sa.and_(RECORDS.c.outcome.is_(None), worked_on(table))
        stays = RECORDS.c.outcome == KEPT if is_over else open_ones
        here = Model.metadata.tables[table]
        query = sa.select(*(here.c[name] for name in names)).join(
            RECORDS, RECORDS.c.row_id == sa.cast(here.c.id, sa.String)
        )
        rows = db.session.execute(query.where(mine, stays).order_by(here.c.id).limit(most))
        found += [Staying(table, *row) for row in rows]
    return found


def _names() -> dict[str, tuple[str, ...]]:
    """Which columns name a row, and lead to its page."""
    plain = dict.fromkeys(("products", "users"), ("name",)) | dict.fromkeys(("teams", "stages"), ("name_fa",))
    paged = {"cards": ("title", "code"), "contacts": ("name", "code"), "companies": ("name", "code")}
    return {**paged, "orders": ("number",), **plain}
