"""Tables as text that both databases read: which there are, their columns, and their rows in one order.

Tables are asked of the database and not of the models, so that a database of an older version can be saved before it is
upgraded. Left out is what a database makes by itself: generated columns, and the inside of a full-text index.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

REVISION = "alembic_version"
ROWS_AT_ONCE = 2000
_NUMERIC = frozenset("-0123456789")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# From the special to the general: a Float is a Numeric too.
KINDS: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.DateTime, "instant"),
    (sa.Date, "date"),
    (sa.JSON, "json"),
    (sa.Float, "float"),
    (sa.Numeric, "number"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


@dataclass(frozen=True)
class Table:
    """A table and how its columns are written. `key`: the columns that order it."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"columns": [list(column) for column in self.columns], "key": list(self.key)}

    @classmethod
    def parse(cls, name: str, data: dict[str, Any]) -> Table:
        return cls(name, tuple((str(column), str(kind)) for column, kind in data["columns"]), tuple(data["key"]))


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; None when there are none."""
    if not sa.inspect(connection).has_table(REVISION):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def tables_of(connection: Connection) -> list[Table]:
    """All tables with data of their own, by name."""
    inspector = sa.inspect(connection)
    return [_describe(inspector, name) for name in sorted(_names(connection, inspector)) if name != REVISION]


def _names(connection: Connection, inspector: sa.Inspector) -> list[str]:
    if connection.dialect.name != "sqlite":
        return inspector.get_table_names()
    # Full-text indexes are virtual, and keep themselves in shadow tables.
    listed = connection.exec_driver_sql("PRAGMA main.table_list").mappings()
    return [row["name"] for row in listed if row["type"] == "table" and not row["name"].startswith("sqlite_")]


def _describe(inspector: sa.Inspector, name: str) -> Table:
    columns = []
    for column in inspector.get_columns(name):
        kind = next((kind for sort, kind in KINDS if isinstance(column["type"], sort)), None)
        if kind and "computed" not in column:
            columns.append((column["name"], kind))
    key = inspector.get_pk_constraint(name)["constrained_columns"] or [name for name, _kind in columns]
    return Table(name, tuple(columns), tuple(key))


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table.name))) or 0


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line of JSON with its end, in the order of the key; one statement, read as it comes."""
    is_sqlite = connection.dialect.name == "sqlite"
    columns = [_sqlite_column if is_sqlite else _postgresql_column, _sqlite_key if is_sqlite else _postgresql_key]
    kinds = dict(table.columns)
    quote = connection.dialect.identifier_preparer.quote
    selected = ", ".join(columns[0](quote(name), kind) for name, kind in table.columns)
    order = ", ".join(columns[1](quote(name), kinds.get(name, "text")) for name in table.key)
    statement = f"SELECT {selected} FROM {quote(table.name)} ORDER BY {order}"  # noqa: S608  # names of our own tables
    readers = _readers(table, is_sqlite)
    # For this statement only: what is written on the same connection has no cursor.
    streaming = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
    with connection.exec_driver_sql(statement, execution_options=streaming) as result:
        while rows := result.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                values = list(row)
                for position, read in readers:
                    if values[position] is not None:
                        values[position] = read(values[position])
                yield _encode(values).encode() + b"\n"


def digest_of(connection: Connection, table: Table) -> str:
    """A checksum of a table's content, the same for the same rows in either database."""
    digest = hashlib.sha256()
    for line in lines_of(connection, table):
        digest.update(line)
    return digest.hexdigest()


def _sqlite_column(name: str, _kind: str) -> str:
    return name


def _sqlite_key(name: str, _kind: str) -> str:
    return name


def _postgresql_column(name: str, kind: str) -> str:
    if kind == "instant":
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f"{name}::text" if kind in {"date", "json", "number"} else name


def _postgresql_key(name: str, kind: str) -> str:
    # As SQLite compares: byte by byte, whatever the language of the server.
    return f'{name} COLLATE "C"' if kind == "text" else name


def _readers(table: Table, is_sqlite: bool) -> list[tuple[int, Callable[[Any], Any]]]:
    """Which columns are rewritten, by position, and how."""
    known = _FROM_SQLITE if is_sqlite else _FROM_POSTGRESQL
    return [(position, known[kind]) for position, (_name, kind) in enumerate(table.columns) if kind in known]


def _instant(stored: str) -> str:
    """The one way in which instants are written; statements written by hand leave out what is zero."""
    if len(stored) == 26 and stored[10] == " ":
        return stored
    moment = datetime.fromisoformat(stored)
    moment = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(sep=" ", timespec="microseconds")


def _json_text(stored: Any) -> str:
    """As it is stored; but a column of SQLite that is called JSON keeps a bare 5.0 as the number 5."""
    if isinstance(stored, str) and stored[:1] not in _NUMERIC:
        return stored
    value = json.loads(stored) if isinstance(stored, str) else stored
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)


def _number(stored: Any) -> str:
    return format(Decimal(str(stored)).normalize(), "f")


def _base64(stored: bytes) -> str:
    return base64.b64encode(stored).decode()


_FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "instant": _instant,
    "json": _json_text,
    "bytes": _base64,
    "number": _number,
    "float": float,
}
_FROM_POSTGRESQL: dict[str, Callable[[Any], Any]] = {"bytes": _base64, "json": _json_text, "number": _number}
