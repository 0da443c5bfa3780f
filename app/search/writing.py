"""Keeping the index right, inside the transaction of the verb that changed the row."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from app.extensions import db
from app.search.sources import Doc, docs_of
from app.search.table import DOCS

KEY = ("kind", "ref_id")
CHANGING = ("audience", "target_id", "pipeline_id", "contact_id", "company_id", "at", "head", "words")
COLUMNS = (*KEY, *CHANGING)


def put(docs: Iterable[Doc]) -> None:
    """Let new rows be found from this transaction on. One statement for all of them; for rows found already, too."""
    rows = list({(doc.kind, doc.ref_id): doc.row() for doc in docs}.values())
    if not rows:
        return
    if db.engine.dialect.name == "sqlite":
        db.session.execute(_each(), rows)
    else:
        db.session.execute(_many(), {name: [row[name] for row in rows] for name in COLUMNS})


@cache
def _each() -> Any:
    return _upsert(sqlite.insert(DOCS))


@cache
def _many() -> Any:
    """PostgreSQL makes the words of rows that come one by one far slower than those of rows that come together: each
    column is an array."""
    given = sa.func.unnest(*(sa.bindparam(name, type_=ARRAY(DOCS.c[name].type)) for name in COLUMNS))
    rows = given.table_valued(*(sa.column(name, DOCS.c[name].type) for name in COLUMNS), name="given").render_derived()
    return _upsert(postgresql.insert(DOCS).from_select(COLUMNS, sa.select(*rows.c)))


def _upsert(statement: Any) -> Any:
    return statement.on_conflict_do_update(
        index_elements=KEY, set_={name: statement.excluded[name] for name in CHANGING}
    )


def drop(kind: str, ref_ids: Iterable[int]) -> None:
    """Let rows be found no more."""
    ids = list(ref_ids)
    if ids:
        db.session.execute(sa.delete(DOCS).where(DOCS.c.kind == kind, DOCS.c.ref_id.in_(ids)))


def renew(kinds: Sequence[str], ref_id: int) -> None:
    """Bring the docs of one row up to what the row says now; what it no longer has is dropped."""
    db.session.flush()
    docs = docs_of(kinds, [ref_id])
    put(docs)
    left = {doc.kind for doc in docs}
    gone = [kind for kind in kinds if kind not in left]
    if gone:
        db.session.execute(sa.delete(DOCS).where(DOCS.c.kind.in_(gone), DOCS.c.ref_id == ref_id))
