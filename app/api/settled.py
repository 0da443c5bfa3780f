"""Up to which event nothing can come between any more: numbers are given out before the commit that shows them."""

import time

import sqlalchemy as sa

from app.events import Event
from app.extensions import db

WAIT_SECONDS = 2.0
LOOK_SECONDS = 0.02
_LAST = sa.text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_id_seq")
# Who is writing events holds this lock on the table from before its first number until its end.
_WRITERS = sa.text(
    "SELECT virtualtransaction FROM pg_locks WHERE relation = 'events'::regclass AND granted "
    "AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def settled_id() -> int | None:
    """The newest event id with no unfinished one below it; None when a writer takes too long. Begins a new read.

    On PostgreSQL two transactions may commit in another order than they took their numbers in. The last number is
    read first and the writers after it: once those have ended, all events up to that number are there for good.
    """
    if db.engine.dialect.name != "postgresql":
        return db.session.scalar(sa.select(sa.func.max(Event.id))) or 0
    last = int(db.session.execute(_LAST).scalar_one())
    writers, until = set(db.session.scalars(_WRITERS)), time.monotonic() + WAIT_SECONDS
    while writers:
        if time.monotonic() > until:
            return None
        time.sleep(LOOK_SECONDS)
        writers &= set(db.session.scalars(_WRITERS))
    # What was begun before the writers ended does not see what they wrote.
    db.session.commit()
    return last
