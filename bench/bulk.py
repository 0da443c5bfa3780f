"""Rows by the thousand, with ids of our own: PostgreSQL takes them as a stream, SQLite as one prepared statement."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db

Row = dict[str, Any]


def next_id(model: type[Any]) -> int:
    """The first id that is free. Nobody else may write meanwhile."""
    return (db.session.scalar(sa.select(sa.func.max(table_of(model).c.id))) or 0) + 1


def write(model: type[Any], rows: list[Row]) -> None:
    """Insert rows with the same keys; left out means the model's default, or the next id."""
    if not rows:
        return
    if db.engine.dialect.name == "sqlite":
        db.session.connection().execute(sa.insert(table_of(model)), rows)
        return
    _stream(table_of(model), rows)
    if "id" in rows[0]:
        sequence = sa.func.pg_get_serial_sequence(table_of(model).name, "id")
        db.session.execute(sa.select(sa.func.setval(sequence, rows[-1]["id"])))


def _stream(table: sa.Table, rows: list[Row]) -> None:
    columns = [column for column in table.columns if column.name in rows[0] or column.default is not None]
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = [_value_of(column, is_given=column.name in rows[0]) for column in columns]
    driver: Any = db.session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([value(row) for value in values])


def _value_of(column: sa.Column[Any], *, is_given: bool) -> Callable[[Row], Any]:
    """How the driver's value of a column is read from a row."""
    name, default = column.name, column.default
    encode = column.type.dialect_impl(db.engine.dialect).bind_processor(db.engine.dialect)
    if is_given:
        return (lambda row: encode(row[name])) if encode else (lambda row: row[name])
    made: Any = getattr(default, "arg", None)
    if getattr(default, "is_callable", False):
        return (lambda _row: encode(made(None))) if encode else (lambda _row: made(None))
    constant = encode(made) if encode else made
    return lambda _row: constant
