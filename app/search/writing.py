"""Keeping the index right, inside the transaction of the verb that changed the row."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.search.sources import Doc, docs_of
from app.search.table import DOCS

KEY = ("kind", "ref_id")
CHANGING = ("audience", "target_id", "pipeline_id", "contact_id", "company_id", "at", "head", "words")


def put(docs: Iterable[Doc]) -> None:
    """Let new rows be found from this transaction on. One statement for all of them; for rows found already, too."""
    rows = [doc.row() for doc in docs]
    if rows:
        db.session.execute(_upsert(), rows)


def _upsert() -> Any:
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement: Any = dialect.insert(DOCS)
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
