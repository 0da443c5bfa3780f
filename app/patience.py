"""How long a web process waits for PostgreSQL: a server that hangs must not hold up everybody who asks.

The server ends long statements and waits for locks by itself. One that does not answer at all, stopped or cut off,
is given up by us: the connection is closed, and the request is told to come again.
"""

from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from sqlalchemy import event
from sqlalchemy.engine import Engine

SLACK_SECONDS = 0.5


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


def be_patient(engine: Engine, statement_seconds: float) -> None:
    """Limit what the engine's connections wait: for a statement, for a lock, for a server that is silent."""
    settings = {"statement_timeout": int(statement_seconds * 1000), "lock_timeout": int(statement_seconds * 667),
                "idle_in_transaction_session_timeout": 60_000}  # fmt: skip
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> Patient:
        given = parameters.get("options")
        parameters["options"] = f"{given} {options}" if given else options
        return Patient.connect(*arguments, **parameters)

    @event.listens_for(engine, "checkout")
    def taken(connection: Patient, *_rest: Any) -> None:
        connection.patience_seconds = statement_seconds + SLACK_SECONDS

    @event.listens_for(engine, "checkin")
    def given_back(connection: Patient | None, *_rest: Any) -> None:
        if connection is not None:
            # One that rested in the pool is asked for a sign of life before it is used.
            connection.patience_seconds = statement_seconds / 3
