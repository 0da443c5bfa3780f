"""The one table of search, and what each database adds to it so that words are found by index.

SQLite keeps the words in an FTS5 index beside the table, PostgreSQL in a GIN index over them. Both hold bare words
without places or weights: what a hit is worth is decided by the row it stands in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import table_of
from app.extensions import Model

# A beginning of two or three letters stands in so many words that PostgreSQL would read its whole index for it.
SHORT = (2, 3)
MARKS = "=#<>~^"
# Rows of one era lie together: those that are asked for the newest matches read era by era, the newest first.
SMALL_ERA, LARGE_ERA = 13, 16


class Words(TypeDecorator[list[str]]):
    """Words and marks under which a row is found. They are never read back."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return None if value is None else " ".join(value)
        return " ".join(f"'{word}'" for word in with_beginnings(value))


def with_beginnings(words: list[str]) -> list[str]:
    """The words, and their first two and three letters as marks of their own."""
    short = {f"^{word[:size]}" for word in words if word[0] not in MARKS for size in SHORT if len(word) >= size}
    return [*words, *sorted(short)]


class SearchDoc(Model):
    """One thing that is found: a title, an entry, a person, ... `kind` and `ref_id` name the row it stands for, `head`
    is its folded title, `target_id` what is opened: the card of an entry, the order of an invoice, else itself.

    Reach is written in the row: the board, the customer, the company, and who may read it.
    """

    __tablename__ = "search_docs"
    __table_args__ = (
        sa.CheckConstraint("audience IN ('internal', 'portal')", name="audience"),
        sa.UniqueConstraint("kind", "ref_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    ref_id: Mapped[int]
    audience: Mapped[str] = mapped_column(sa.String(10))
    pipeline_id: Mapped[int | None]
    target_id: Mapped[int]
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
    at: Mapped[datetime]
    head: Mapped[str] = mapped_column(sa.Text)
    words: Mapped[list[str]] = mapped_column(Words)


DOCS = table_of(SearchDoc)

SQLITE = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(words, content='search_docs', content_rowid='id',
        detail=none, columnsize=0, prefix='2 3 4 5 6 7 8', tokenize="ascii tokenchars '{MARKS}'")""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_added AFTER INSERT ON search_docs BEGIN
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_removed AFTER DELETE ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_changed AFTER UPDATE OF words ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words);
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION search_docs_era() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       NEW.words := NEW.words || array_to_tsvector(
         ARRAY['=e' || (NEW.id >> {SMALL_ERA}), '=f' || (NEW.id >> {LARGE_ERA})]);
       RETURN NEW; END $$""",
    """CREATE TRIGGER search_docs_era BEFORE INSERT OR UPDATE OF words ON search_docs
       FOR EACH ROW EXECUTE FUNCTION search_docs_era()""",
    "CREATE INDEX ix_search_docs_words ON search_docs USING gin (words) WITH (fastupdate = off)",
)


def _only_on(dialect: str, statement: str) -> Any:
    # A percent sign would be a parameter; there is none in these statements.
    return sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(DOCS, "after_create", _only_on(_dialect, _statement))
event.listen(DOCS, "before_drop", _only_on("sqlite", "DROP TABLE IF EXISTS search_fts"))
