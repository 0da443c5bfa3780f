"""Two requests that hold what the other one waits for: PostgreSQL ends one of them, and it is simply done again.

Nothing of it was written, and nobody has been told. A request that has committed something is not repeated.
"""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, g, has_request_context, request
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db

log = structlog.get_logger()
TRIES = 3
RACES = (DeadlockDetected, SerializationFailure)


def init_app(app: Flask) -> None:
    """Repeat what lost a race for locks. What is asked before a view, limits and tokens, is asked once."""
    dispatch = app.dispatch_request
    app.dispatch_request = lambda: _repeated(dispatch)  # type: ignore[method-assign]


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if has_request_context() and session.get_nested_transaction() is None:
        g.has_committed = True


def _repeated(dispatch: Callable[[], Any]) -> Any:
    for attempt in range(1, TRIES):
        try:
            return dispatch()
        except OperationalError as error:
            if not isinstance(error.orig, RACES) or g.get("has_committed"):
                raise
            log.warning("request.repeated", attempt=attempt, cause=type(error.orig).__name__)
            _begin_anew()
    return dispatch()


def _begin_anew() -> None:
    db.session.rollback()
    for name in request.files:
        for file in request.files.getlist(name):
            file.stream.seek(0)
