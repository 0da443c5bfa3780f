"""How long a web process waits for PostgreSQL: a server that hangs must not hold up everybody who asks.

The server ends long statements and waits for locks by itself. One that does not answer at all, stopped or cut off,
is given up by us: the connection is closed, and the request is told to come again. Whoever needs a new connection in
the second after that is told at once, so that people do not wait in line for a server that is silent.
"""

import time
from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import Engine

# Together with the usual time for a statement less than the five seconds that people wait.
SLACK_SECONDS = 0.25
SILENCE_SECONDS = 1.0


class Patient(psycopg.Connection[Any]):
    """A connection that waits so long for each answer, and no longer."""

    patience_seconds: float | None = None

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """Raises psycopg's `OperationalError`, with the connection closed, when no answer comes."""
        kwargs.setdefault("timeout", self.patience_seconds)
        try:
            return super().wait(gen, *args, **kwargs)
        except errors._WaitTimeout:  # noqa: SLF001  # what the library's own wait raises
            self.pgconn.finish()
            raise psycopg.OperationalError("the database server does not answer") from None

    def rollback(self) -> None:
        """End the transaction without its changes.

        A rollback makes the driver forget every statement that the server has prepared and planned; one that could
        only read has nothing to undo, so it is committed.
        """
        if self.read_only and self.info.transaction_status == TransactionStatus.INTRANS:
            self.commit()
        else:
            super().rollback()


class Door:
    """The way to the server: shut for a moment when nobody opened in time."""

    def __init__(self) -> None:
        self._shut_until = 0.0

    def enter(self, *arguments: Any, **parameters: Any) -> Patient:
        """A new connection. Raises psycopg's `OperationalError`."""
        if time.monotonic() < self._shut_until:
            raise psycopg.OperationalError("the database server did not answer a moment ago")
        try:
            return Patient.connect(*arguments, **parameters)
        except errors.ConnectionTimeout:
            self._shut_until = time.monotonic() + SILENCE_SECONDS
            raise


def be_patient(engine: Engine, statement_seconds: float) -> None:
    """Limit what the engine's connections wait: for a statement, for a lock, for a server that is silent."""
    # To wait for a lock once is better than to ask twice: who asks again stands at the end of the line.
    settings = {"statement_timeout": int(statement_seconds * 1000), "lock_timeout": int(statement_seconds * 900),
                "idle_in_transaction_session_timeout": 60_000}  # fmt: skip
    door, rested_seconds = Door(), statement_seconds / 3
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> Patient:
        given = parameters.get("options")
        parameters["options"] = f"{given} {options}" if given else options
        connection = door.enter(*arguments, **parameters)
        connection.patience_seconds = rested_seconds
        return connection

    @event.listens_for(engine, "checkout")
    def taken(connection: Patient, *_rest: Any) -> None:
        connection.patience_seconds = statement_seconds + SLACK_SECONDS

    @event.listens_for(engine, "checkin")
    def given_back(connection: Patient | None, *_rest: Any) -> None:
        if connection is not None:
            # One that rested in the pool is asked for a sign of life before it is used.
            connection.patience_seconds = rested_seconds
