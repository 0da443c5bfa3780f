"""Copies that the house itself makes of what is written: the index of the search, and answers kept for programs."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.api.models import ApiAnswer
from app.db import table_of
from app.extensions import db
from app.i18n import _
from app.search.table import DOCS
from contacts.models import Contact
from contacts.privacy import erasing
from contacts.privacy.erasing import BATCH, Going, values_of

ANSWERS = table_of(ApiAnswer)
MERGE_PAGES = 500


def _answers(contact: Contact) -> sa.ColumnElement[bool]:
    return sa.or_(*(ANSWERS.c.body.contains(text, autoescape=True) for text in (contact.code, *values_of(contact))))


def _preview(contact: Contact) -> Iterator[Going]:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(ANSWERS).where(_answers(contact))) or 0
    yield Going(_("Answers kept for programs"), count)


def _erase_answers(contact: Contact) -> int:
    gone = db.session.execute(sa.delete(ANSWERS).where(_answers(contact)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _erase_index(contact: Contact) -> int:
    """What the search knows of the person."""
    own = sa.and_(DOCS.c.kind == "contact", DOCS.c.ref_id == contact.id)
    wanted = sa.select(DOCS.c.id).where(sa.or_(DOCS.c.contact_id == contact.id, own)).limit(BATCH)
    gone = db.session.execute(sa.delete(DOCS).where(DOCS.c.id.in_(wanted)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


erasing.add("answers", 7, preview=_preview, step=_erase_answers)
erasing.add("index", 95, preview=lambda _contact: (), step=_erase_index)


def clear_traces() -> None:
    """Take what was erased out of the files of SQLite: words that its index only crossed out, and its journal.

    PostgreSQL's own cleaning does the same later.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        if raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_fts'").fetchone():
            _tidy(raw)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tidy(raw: Any) -> None:
    """Merge the index until nothing crossed out is left, in short steps between which others may write."""
    pages = -MERGE_PAGES
    while True:
        before = raw.total_changes
        raw.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('merge', ?)", (pages,))
        # The table of commands counts one change itself.
        if raw.total_changes - before < 2:
            return
        pages = MERGE_PAGES
