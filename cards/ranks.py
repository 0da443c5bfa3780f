"""Order inside a stage: integer ranks with gaps, relabelled locally when a gap is used up.

Arithmetic and short index scans in SQLAlchemy Core. `cards.placement` is the only caller and holds the pipeline's lock.
Order is always `(rank, id)`. Integers compare the same in every database; text ranks would grow and depend on
collations, floats would run out of halves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from cards.models import Card
from pipelines.models import Stage

TABLE = table_of(Card)

STEP = 2**20
START = 2**51
LOWEST, HIGHEST = 1, 2**52 - 1
# How much thinner each wider block must be before it is the one to relabel.
SPREAD = 1.5


class Neighbour(NamedTuple):
    """A card beside the gap."""

    id: int
    rank: int


@dataclass
class Place:
    """A free rank, the cards relabelled to make room as (id, rank), and whether the wanted anchor had left."""

    rank: int
    relabelled: list[tuple[int, int]] = field(default_factory=list)
    anchor_lost: bool = False


def find_place(stage_id: int, *, moving: int | None = None, after_id: int | None = None,
               before_id: int | None = None, at_end: bool = False) -> Place:  # fmt: skip
    """A rank directly below `after_id`, else directly above `before_id`, else at the top (or end) of the stage."""
    for anchor, follows in ((after_id, True), (before_id, False)):
        if anchor is None or anchor == moving:
            continue
        found = _beside(stage_id, anchor, moving, follows=follows)
        if found:
            near, far = found[0], found[1] if len(found) > 1 else None
            return _place(stage_id, moving, near, far) if follows else _place(stage_id, moving, far, near)
    edge = next(iter(_scan(stage_id, moving, backwards=at_end, limit=1)), None)
    place = _place(stage_id, moving, edge, None) if at_end else _place(stage_id, moving, None, edge)
    place.anchor_lost = after_id is not None or before_id is not None
    return place


class Top(NamedTuple):
    """Room above all other open cards of a stage, how many they are, and whether the stage is still in use."""

    place: Place
    total: int
    is_archived: bool


def find_top(stage_id: int, moving: int) -> Top:
    """A rank for `moving` above all others. One query, where there is room."""
    found = db.session.execute(_top(), {"stage": stage_id, "moving": moving}).one()
    first = Neighbour(found.first_id, found.first_rank) if found.first_id is not None else None
    return Top(_place(stage_id, moving, None, first), found.total, found.archived_at is not None)


def _place(stage_id: int, moving: int | None, left: Neighbour | None, right: Neighbour | None) -> Place:
    if left is None and right is None:
        return Place(START)
    rank = _midpoint(left and left.rank, right and right.rank)
    if rank is not None:
        return Place(rank)
    # Only the end of the range leaves one side open here; then the whole column is spread anew.
    changed = _relabel(stage_id, moving, left.rank) if left and right else _respread(stage_id, moving)
    ranks = dict(changed)
    rank = _midpoint(left and ranks.get(left.id, left.rank), right and ranks.get(right.id, right.rank))
    if rank is None:
        raise RuntimeError("relabelling left no room")
    return Place(rank, changed)


def _midpoint(left: int | None, right: int | None) -> int | None:
    """A rank between two others, or beside the only one; None when there is no room."""
    if left is not None and right is not None:
        return (left + right) // 2 if right - left >= 2 else None
    rank = left + STEP if left is not None else (right or 0) - STEP
    return rank if LOWEST <= rank <= HIGHEST else None


def _relabel(stage_id: int, moving: int | None, rank: int) -> list[tuple[int, int]]:
    """Spread the smallest aligned block around `rank` that is thin enough; answers the changed (id, rank) pairs."""
    for bits in range(4, 53):
        size = 2**bits
        low = rank // size * size
        count = _count(stage_id, moving, low, low + size)
        if count + 1 <= (2 / SPREAD) ** bits and size / (count + 1) >= 4:
            return _write(_scan(stage_id, moving, low=low, high=low + size), low, size)
    raise RuntimeError("no block has room")


def _respread(stage_id: int, moving: int | None) -> list[tuple[int, int]]:
    rows = _scan(stage_id, moving)
    size = STEP * (len(rows) + 1)
    return _write(rows, START - size // 2, size)


def _write(rows: Sequence[Neighbour], low: int, size: int) -> list[tuple[int, int]]:
    spaced = [(row.id, low + size * (index + 1) // (len(rows) + 1)) for index, row in enumerate(rows)]
    changed = [(card_id, rank) for (card_id, rank), row in zip(spaced, rows, strict=True) if rank != row.rank]
    if changed:
        db.session.connection().execute(_RELABEL, [{"card": card_id, "new": rank} for card_id, rank in changed])
    return changed


def _count(stage_id: int, moving: int | None, low: int, high: int) -> int:
    return db.session.scalar(_counted(), {"stage": stage_id, "moving": moving or NOBODY, "low": low, "high": high}) or 0


def _scan(stage_id: int, moving: int | None, *, backwards: bool = False, limit: int | None = None,
          low: int | None = None, high: int | None = None) -> list[Neighbour]:  # fmt: skip
    values = {"stage": stage_id, "moving": moving or NOBODY, "low": low, "high": high, "most": limit}
    query = _scanned(backwards, limit is not None, low is not None)
    return [Neighbour(row.id, row.rank) for row in db.session.execute(query, values)]


def _beside(stage_id: int, anchor: int, moving: int | None, *, follows: bool) -> list[Neighbour]:
    """The anchor and the card on its far side; empty when the anchor is not open in this stage. One query."""
    values = {"stage": stage_id, "moving": moving or NOBODY, "anchor": anchor}
    rows = [Neighbour(row.id, row.rank) for row in db.session.execute(_neighbours(follows), values)]
    return rows if rows and rows[0].id == anchor else []


# The statements, built once each.

OPEN = (TABLE.c.stage_id == sa.bindparam("stage"), TABLE.c.closed_at.is_(None))
OTHERS = (*OPEN, TABLE.c.id != sa.bindparam("moving"))
# No card has this id.
NOBODY = 0
_RELABEL = TABLE.update().where(TABLE.c.id == sa.bindparam("card")).values(rank=sa.bindparam("new"))
_BLOCK = (TABLE.c.rank >= sa.bindparam("low"), TABLE.c.rank < sa.bindparam("high"))


def _order(*, backwards: bool) -> tuple[sa.ColumnElement[int], ...]:
    return (TABLE.c.rank.desc(), TABLE.c.id.desc()) if backwards else (TABLE.c.rank, TABLE.c.id)


@cache
def _counted() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(TABLE).where(*OTHERS, *_BLOCK)


@cache
def _scanned(backwards: bool, is_limited: bool, in_block: bool) -> sa.Select[int, int]:
    query = sa.select(TABLE.c.id, TABLE.c.rank).where(*OTHERS, *(_BLOCK if in_block else ()))
    query = query.order_by(*_order(backwards=backwards))
    return query.limit(sa.bindparam("most", type_=sa.Integer)) if is_limited else query


@cache
def _neighbours(follows: bool) -> sa.Select[int, int]:
    here = sa.select(TABLE.c.rank).where(TABLE.c.id == sa.bindparam("anchor"), *OPEN).scalar_subquery()
    position, mark = sa.tuple_(TABLE.c.rank, TABLE.c.id), sa.tuple_(here, sa.bindparam("anchor", type_=sa.Integer))
    query = sa.select(TABLE.c.id, TABLE.c.rank).where(*OTHERS)
    query = query.where(position >= mark if follows else position <= mark)
    return query.order_by(*_order(backwards=not follows)).limit(2)


@cache
def _top() -> sa.Select[datetime | None, int, int, int]:
    count = sa.select(sa.func.count()).select_from(TABLE).where(*OTHERS).scalar_subquery()
    ids, ranks = (
        sa.select(column).where(*OTHERS).order_by(*_order(backwards=False)).limit(1).scalar_subquery()
        for column in (TABLE.c.id, TABLE.c.rank)
    )
    columns = (Stage.archived_at, ids.label("first_id"), ranks.label("first_rank"), count.label("total"))
    return sa.select(*columns).where(Stage.id == sa.bindparam("stage"))
