"""Empty places that an archive is loaded into: a SQLite file beside the one to be, or a PostgreSQL database.

A place takes everything in one transaction or is left as it was. Rows come as `app.backup.tables` wrote them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from app import schema
from app.backup.errors import BackupError
from app.backup.tables import Table, count, revision_of, tables_of
from app.db import tune

# Where people's work is; what migrations and a first start write by themselves is elsewhere.
WORK = {"users", "contacts", "companies", "cards", "orders", "events", "outbox", "files"}
FILLED = (
    "The database is not empty ({tables}). A backup is restored into an empty place only: set {setting} to a new one, "
    "or move the old one away."
)


def worked_on(connection: Connection) -> list[str]:
    """The tables that hold somebody's work."""
    return [table.name for table in tables_of(connection) if table.name in WORK and count(connection, table)]


class SQLitePlace:
    """A new SQLite file at `path`; until it is whole it is built beside it."""

    setting = "INSTANCE_DIR"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.building = path.with_name(f"{path.name}.restoring")

    def check_empty(self) -> None:
        """Raise `BackupError` when there is work in it."""
        if not self.path.exists():
            return
        engine = sa.create_engine(f"sqlite:///{self.path}")
        with engine.connect() as connection:
            found = worked_on(connection)
        engine.dispose()
        if found:
            raise BackupError(FILLED.format(tables=", ".join(found), setting=self.setting))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is there at the end, or nothing is."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._remove(self.building)
        engine = sa.create_engine(f"sqlite:///{self.building}")
        tune(engine)
        try:
            with engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                # Nobody else reads it yet: what a fall leaves behind is thrown away.
                driver.execute("PRAGMA foreign_keys=OFF")
                driver.execute("PRAGMA synchronous=OFF")
                with connection.begin():
                    yield connection
                driver.execute("PRAGMA synchronous=FULL")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except BaseException:
            engine.dispose()
            self._remove(self.building)
            raise
        engine.dispose()
        self._remove(self.path)
        self.building.replace(self.path)
        self.path.chmod(0o600)

    def make_tables(self, connection: Connection, revision: str) -> None:
        """The tables of a revision, without rows."""
        schema.upgrade(revision, connection)
        for table in tables_of(connection):
            connection.execute(sa.delete(sa.table(table.name)))

    def load(self, connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
        """Insert rows; answers how many."""
        writers = [(position, SQLITE[kind]) for position, (_name, kind) in enumerate(table.columns) if kind in SQLITE]
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name, _kind in table.columns)
        places = ", ".join("?" * len(table.columns))
        driver: Any = connection.connection.driver_connection
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({places})"  # noqa: S608  # checked by `fits`
        return int(driver.executemany(statement, _rows(lines, writers)).rowcount)

    def finish(self, connection: Connection) -> None:
        """Raise `BackupError` when a row points nowhere."""
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if wrong:
            raise BackupError(f"A row of {wrong[0]} points to a row of {wrong[2]} that the archive does not have.")

    @staticmethod
    def _remove(path: Path) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


class PostgreSQLPlace:
    """The database of an engine; everything is one transaction of it."""

    setting = "DATABASE_URL"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.foreign_keys: list[tuple[str, str, str]] = []

    def check_empty(self) -> None:
        """Raise `BackupError` when there is work in it."""
        with self.engine.connect() as connection:
            found = worked_on(connection)
        if found:
            raise BackupError(FILLED.format(tables=", ".join(found), setting=self.setting))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is there at the end, or nothing is."""
        with self.engine.connect() as connection, connection.begin():
            connection.execute(sa.text("SET LOCAL TimeZone = 'UTC'"))
            yield connection

    def make_tables(self, connection: Connection, revision: str) -> None:
        """The tables of a revision, without rows; and for now without foreign keys, which are checked at the end."""
        if revision_of(connection) is not None:
            schema.downgrade("base", connection)
        schema.upgrade(revision, connection)
        self.foreign_keys = self._take_foreign_keys(connection)
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table in tables_of(connection))
        connection.execute(sa.text(f"TRUNCATE {names}"))

    def load(self, connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
        """Copy rows in; answers how many."""
        writers = [
            (position, POSTGRESQL[kind]) for position, (_name, kind) in enumerate(table.columns) if kind in POSTGRESQL
        ]
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name, _kind in table.columns)
        driver: Any = connection.connection.driver_connection
        rows = 0
        with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
            for row in _rows(lines, writers):
                copy.write_row(row)
                rows += 1
        return rows

    def finish(self, connection: Connection) -> None:
        """Put foreign keys back, which checks them all, and let new rows be numbered after these."""
        for owner, name, definition in self.foreign_keys:
            try:
                connection.exec_driver_sql(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}")
            except sa.exc.IntegrityError as error:
                raise BackupError(f"A row of {owner} points to a row that the archive does not have.") from error
        for table in tables_of(connection):
            for column, kind in table.columns:
                if kind == "integer":
                    self._set_sequence(connection, table.name, column)

    @staticmethod
    def _take_foreign_keys(connection: Connection) -> list[tuple[str, str, str]]:
        found = connection.execute(
            sa.text(
                "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
            )
        ).all()
        for table, name, _definition in found:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return [(row[0], row[1], row[2]) for row in found]

    @staticmethod
    def _set_sequence(connection: Connection, table: str, column: str) -> None:
        quote = connection.dialect.identifier_preparer.quote
        found = connection.scalar(
            sa.text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": quote(table), "column": column}
        )
        if found:
            newest = f"(SELECT max({quote(column)}) FROM {quote(table)})"  # noqa: S608  # names of our own tables
            connection.exec_driver_sql(f"SELECT setval('{found}', coalesce({newest}, 1), {newest} IS NOT NULL)")


Place = SQLitePlace | PostgreSQLPlace


def _rows(lines: Iterable[bytes], writers: list[tuple[int, Any]]) -> Iterator[list[Any]]:
    for line in lines:
        row = json.loads(line)
        for position, write in writers:
            if row[position] is not None:
                row[position] = write(row[position])
        yield row


def _without_nul(text: str) -> str:
    # The one character that PostgreSQL does not keep.
    return text.replace("\x00", "") if "\x00" in text else text


SQLITE = {"bytes": base64.b64decode}
POSTGRESQL = {"bytes": base64.b64decode, "text": _without_nul}
