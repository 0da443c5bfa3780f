"""Making the index anew from the rows, and comparing it with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.extensions import db
from app.search import table
from app.search.sources import Source, sources
from app.search.table import DOCS
from app.search.writing import put

# One step of a rebuild: short enough that nobody who writes notices the wait.
STEP = 1000
STEP_AT_REST = 5000


class Difference(NamedTuple):
    """How the docs of a kind differ from the rows: `rows` that should be found, those that are not, docs of nothing."""

    kind: str
    rows: int
    missing: int
    extra: int


def state() -> list[Difference]:
    """The index compared with the rows, kind by kind. Reads everything; for checks, not for pages."""
    return [_compare(source) for source in sources()]


def _compare(source: Source) -> Difference:
    wanted = source.wanted().order_by(None).subquery("wanted")
    docs = sa.select(DOCS.c.ref_id).where(DOCS.c.kind == source.kind).subquery("docs")
    (ref,) = wanted.c
    rows = sa.select(sa.func.count()).select_from(wanted).scalar_subquery()
    lost = sa.select(sa.func.count()).select_from(wanted.outerjoin(docs, docs.c.ref_id == ref))
    vain = sa.select(sa.func.count()).select_from(docs.outerjoin(wanted, docs.c.ref_id == ref))
    query = sa.select(
        rows, lost.where(docs.c.ref_id.is_(None)).scalar_subquery(), vain.where(ref.is_(None)).scalar_subquery()
    )
    return Difference(source.kind, *db.session.execute(query).one())


def rebuild(*, at_rest: bool = False) -> Iterator[tuple[str, int]]:
    """Make every doc anew; answers (kind, rows so far) as it goes on.

    Kariz may keep running: each `STEP` rows are a transaction that commits itself, and what is written meanwhile stays
    found. `at_rest` is faster and for a Kariz that nobody uses: one transaction, during which everybody waits.
    """
    collect = table.unindexed if at_rest else table.collecting
    with collect(db.session):
        for source in sources():
            yield from _renew_all(source, at_rest=at_rest)
    db.session.commit()


def _renew_all(source: Source, *, at_rest: bool) -> Iterator[tuple[str, int]]:
    done, last, size = 0, -1, STEP_AT_REST if at_rest else STEP
    while True:
        ids = _next_ids(source, last, size)
        if not at_rest:
            db.session.rollback()
            _forget(source, last, ids)
        docs = source.build(ids) if ids else []
        # The newest are found first, and newest means written last.
        put(sorted(docs, key=lambda doc: doc.ref_id))
        if not at_rest:
            db.session.commit()
        done += len(ids)
        yield source.kind, done
        if len(ids) < size:
            break
        last = ids[-1]


def _next_ids(source: Source, last: int, size: int) -> list[int]:
    query = source.wanted()
    (ref,) = query.selected_columns
    return list(db.session.scalars(query.where(ref > last).order_by(ref).limit(size)))


def _forget(source: Source, last: int, ids: list[int]) -> None:
    """The docs of a stretch of rows are deleted before the rows are read: whoever changes a row meanwhile waits here,
    and writes after us what is true then."""
    stretch: Any = DOCS.c.ref_id > last
    if len(ids) == STEP:
        stretch = sa.and_(stretch, DOCS.c.ref_id <= ids[-1])
    db.session.execute(sa.delete(DOCS).where(DOCS.c.kind == source.kind, stretch))
    db.session.expire_all()
