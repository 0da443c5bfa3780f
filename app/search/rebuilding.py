"""Making the index anew from the rows, and comparing it with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.extensions import db
from app.search.sources import Source, sources
from app.search.table import DOCS
from app.search.writing import put

# One step of a rebuild: short enough that nobody who writes notices the wait.
STEP = 500


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


def rebuild() -> Iterator[tuple[str, int]]:
    """Make every doc anew, in transactions of `STEP` rows that commit themselves; answers (kind, rows so far) as it
    goes on. What is written meanwhile stays found."""
    for source in sources():
        done, last = 0, -1
        while True:
            ids = _next_ids(source, last)
            _renew(source, last, ids)
            done += len(ids)
            yield source.kind, done
            if len(ids) < STEP:
                break
            last = ids[-1]


def _next_ids(source: Source, last: int) -> list[int]:
    query = source.wanted()
    (ref,) = query.selected_columns
    ids = list(db.session.scalars(query.where(ref > last).order_by(ref).limit(STEP)))
    db.session.rollback()
    return ids


def _renew(source: Source, last: int, ids: list[int]) -> None:
    """The docs of a stretch of rows. They are deleted before the rows are read: whoever changes a row meanwhile waits
    here, and writes after us what is true then."""
    stretch: Any = DOCS.c.ref_id > last
    if len(ids) == STEP:
        stretch = sa.and_(stretch, DOCS.c.ref_id <= ids[-1])
    db.session.execute(sa.delete(DOCS).where(DOCS.c.kind == source.kind, stretch))
    db.session.expire_all()
    put(source.build(ids))
    db.session.commit()
