"""Rows of a file in the order of what they belong to and of time, whatever the order of the file.

They wait in a database of their own on disk, which is thrown away: memory does not grow with the file.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

# Pages of 4 KB that may stand in memory: 8 MB.
CACHE_PAGES = 2000
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Kept(NamedTuple):
    """A row: whose it is, its place in time (an instant, then a count), its number in the file, what it says."""

    key: str
    at: datetime | None
    change: int
    row: int
    said: dict[str, Any]


def in_order(rows: Iterable[Kept]) -> Iterator[list[Kept]]:
    """The rows of each key in the order of time, count and row; keys in the order in which they begin."""
    with (
        tempfile.TemporaryDirectory(prefix="kariz-import-") as folder,
        # Where a run breaks off, whoever cleans up closes it, in any thread.
        closing(sqlite3.connect(Path(folder) / "rows.db", isolation_level=None, check_same_thread=False)) as shelf,
    ):
        _fill(shelf, rows)
        query = """SELECT rows.key, at, change, row, said FROM rows JOIN keys ON keys.key = rows.key
                   ORDER BY keys.first, rows.key, at, change, row"""
        for _key, group in groupby(shelf.execute(query), key=itemgetter(0)):
            yield [Kept(key, _instant(at), change, row, _read(said)) for key, at, change, row, said in group]


def _fill(shelf: sqlite3.Connection, rows: Iterable[Kept]) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", f"cache_size={CACHE_PAGES}"):
        shelf.execute(f"PRAGMA {pragma}")
    shelf.execute("CREATE TABLE rows (key TEXT, at TEXT, change INTEGER, row INTEGER, said TEXT)")
    shelf.execute("BEGIN")
    shelf.executemany(
        "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
        ((kept.key, (kept.at or BEGINNING).isoformat(), kept.change, kept.row, _write(kept.said)) for kept in rows),
    )
    shelf.execute("CREATE INDEX by_key ON rows (key, at, change, row)")
    shelf.execute("CREATE TABLE keys AS SELECT key, min(at) AS first FROM rows GROUP BY key")
    shelf.execute("CREATE INDEX by_first ON keys (first, key)")
    shelf.execute("COMMIT")


def _instant(text: str) -> datetime | None:
    at = datetime.fromisoformat(text)
    return None if at == BEGINNING else at


def _write(said: dict[str, Any]) -> str:
    return json.dumps(said, default=lambda value: {"at": value.isoformat()}, ensure_ascii=False)


def _read(said: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said)
    return {name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
            for name, value in found.items()}  # fmt: skip
