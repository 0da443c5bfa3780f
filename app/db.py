"""How Kariz talks to its database: instants in UTC, and transactions that neither lose updates nor fail on locks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from psycopg import IsolationLevel
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.types import TypeDecorator

from app import patience
from app.cursors import Brief

# Set by every request; a task or a command may always write.
read_only: ContextVar[bool] = ContextVar("read_only", default=False)

WAIT_SECONDS = 15
TURN = "turn"
_writers = threading.Lock()


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table_of(model: type[Any]) -> sa.Table:
    """The table of a model, for statements written in SQLAlchemy Core."""
    table: sa.Table = model.__table__
    return table


def insert_missing(model: type[Any], dialect: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves a row whose key is there already as it is, and then returns nothing.

    One statement that both asks and writes: of two that try at once with one key, neither meets an error.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table_of(model)).on_conflict_do_nothing()


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock and see one instant."""
    token = read_only.set(True)
    try:
        yield
    finally:
        read_only.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write, also after a reading request."""
    token = read_only.set(False)
    try:
        yield
    finally:
        read_only.reset(token)


def tune(engine: Engine, statement_seconds: float | None = None) -> None:
    """Make transactions safe: those that may write do not lose updates, those that read see one instant.

    `statement_seconds`: how long a server may take for a statement; None where nobody waits for the answer.

    On SQLite, with the driver's own transactions, "read, change, write" from two threads silently loses updates; with a
    plain BEGIN it fails with "database is locked" whatever the timeout. BEGIN IMMEDIATE waits for its turn.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "commit", _end_sqlite)
        event.listen(engine, "rollback", _end_sqlite)
        event.listen(engine, "checkin", lambda _connection, record: _give_turn(record.info))
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        if statement_seconds:
            patience.be_patient(engine, statement_seconds)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # What is erased must not stay readable in the file: SQLite overwrites it.
    pragmas = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*pragmas, f"busy_timeout={WAIT_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.cursor_factory = Brief
    # Compiling a statement that reads a few hundred rows takes a hundred times as long as running it.
    connection.execute("SET jit = off")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    # The driver sends both with its BEGIN. Rows and sequence of a board must be of the same instant.
    driver: Any = connection.connection.driver_connection
    driver.isolation_level = IsolationLevel.REPEATABLE_READ if read_only.get() else None
    driver.read_only = True if read_only.get() else None


def _begin_sqlite(connection: Connection) -> None:
    if read_only.get():
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite lets waiting writers sleep and try again, and of many one can starve: in this process they stand in line.
    connection.info[TURN] = _writers.acquire(timeout=WAIT_SECONDS)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _end_sqlite(connection: Connection) -> None:
    _give_turn(connection.info)


def _give_turn(info: dict[Any, Any]) -> None:
    if info.pop(TURN, False):
        _writers.release()
