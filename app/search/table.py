"""The one table of search, and what each database adds to it so that words are found by index.

SQLite keeps the words in an FTS5 index beside the table, PostgreSQL in a GIN index over them, each with the beginnings
of words. Both hold bare words without places or weights: what a hit is worth is decided by the row it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, scoped_session

from app.db import table_of
from app.extensions import Model
from app.search.words import LONGEST_BEGINNING

# Words are found by beginnings of these lengths: both databases keep them, so that a common one costs no more than a
# whole word.
SHORTEST, LONGEST = 2, LONGEST_BEGINNING
MARKS = "=#<>~^"
# Rows of one era lie together: those that are asked for the newest matches read era by era, the newest first.
SMALL_ERA, LARGE_ERA = 13, 16


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
    # Words and marks with spaces between them, never read back.
    words: Mapped[str] = mapped_column(sa.Text)


DOCS = table_of(SearchDoc)

PREFIXES = " ".join(map(str, range(SHORTEST, LONGEST + 1)))
SQLITE = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(words, content='search_docs', content_rowid='id',
        detail=none, columnsize=0, prefix='{PREFIXES}', tokenize="ascii tokenchars '{MARKS}'")""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_added AFTER INSERT ON search_docs BEGIN
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_removed AFTER DELETE ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_docs_changed AFTER UPDATE OF words ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words);
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION search_lexemes(words text, id integer) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_to_tsvector(array(
          SELECT word FROM unnest(string_to_array(words, ' ')) word WHERE word <> ''
          UNION ALL SELECT '^' || left(word, size) FROM unnest(string_to_array(words, ' ')) word,
            generate_series({SHORTEST}, least({LONGEST}, length(word))) size
            WHERE strpos('{MARKS}', left(word, 1)) = 0
          UNION ALL SELECT '=e' || (id >> {SMALL_ERA})
          UNION ALL SELECT '=f' || (id >> {LARGE_ERA}))) $$""",  # noqa: S608
    """CREATE INDEX ix_search_docs_words ON search_docs USING gin (search_lexemes(words, id))
       WITH (fastupdate = off)""",
)


# Takes the index of words away, and brings it back over the rows that are there.
UNINDEX = {
    "sqlite": (
        *(f"DROP TRIGGER search_docs_{change}" for change in ("added", "removed", "changed")),
        "DROP TABLE search_fts",
        "DELETE FROM search_docs",
    ),
    "postgresql": ("DROP INDEX ix_search_docs_words", "TRUNCATE search_docs RESTART IDENTITY"),
}
INDEX = {
    "sqlite": (SQLITE[0], "INSERT INTO search_fts(search_fts) VALUES ('rebuild')", *SQLITE[1:]),
    "postgresql": ("SET LOCAL maintenance_work_mem = '256MB'", POSTGRESQL[1]),
}
# Words of many rows go into PostgreSQL's index several times faster when they are collected for a while.
COLLECT = "ALTER INDEX ix_search_docs_words SET (fastupdate = on, gin_pending_list_limit = 8192)"
COLLECTED = (
    "ALTER INDEX ix_search_docs_words SET (fastupdate = off)",
    "ALTER INDEX ix_search_docs_words RESET (gin_pending_list_limit)",
    "SELECT gin_clean_pending_list('ix_search_docs_words')",
)


@contextmanager
def unindexed(session: scoped_session[Any]) -> Iterator[None]:
    """Empty the table and leave it without its index for the time of the block; part of the session's transaction."""
    dialect = session.connection().dialect.name
    _run(session, UNINDEX[dialect])
    yield
    _run(session, INDEX[dialect])


@contextmanager
def collecting(session: scoped_session[Any]) -> Iterator[None]:
    """Many rows will be written in many transactions; commits."""
    if session.connection().dialect.name == "sqlite":
        yield
        return
    _run(session, [COLLECT])
    session.commit()
    try:
        yield
    finally:
        session.rollback()
        _run(session, COLLECTED)
        session.commit()


def _run(session: scoped_session[Any], statements: Iterable[str]) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)


def _only_on(dialect: str, statement: str) -> Any:
    # A percent sign would be a parameter; there is none in these statements.
    return sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(DOCS, "after_create", _only_on(_dialect, _statement))
event.listen(DOCS, "before_drop", _only_on("sqlite", "DROP TABLE IF EXISTS search_fts"))
