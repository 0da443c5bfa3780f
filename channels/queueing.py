"""After an outage: a customer hears things in their order, and of an old matter only the newest word."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.clock import utcnow
from app.db import table_of
from app.extensions import db
from app.hooks import after_commit
from app.outbox import Outbox, wake

ROWS = table_of(Outbox)
# Codes are asked for again, they never wait in line.
IN_LINE = ("message.acknowledgement", "message.reply", "message.closing")
# A message that waited longer than this is told by a newer one of the same card and kind.
STALE = timedelta(minutes=15)
A_MOMENT = timedelta(seconds=2)


def ahead_of(row: Outbox) -> datetime | None:
    """When to look again, while an earlier message to the same customer is still to be sent; None: it is our turn."""
    earlier = _neighbour(row, ROWS.c.id < row.id, ROWS.c.state.in_(("waiting", "sending")))
    return None if earlier is None else max(earlier.due_at, utcnow()) + A_MOMENT


def call_next(row: Outbox) -> None:
    """Let the customer's next message come at once, when this one is off. Call it when the attempt is over."""
    following = _neighbour(row, ROWS.c.id > row.id, ROWS.c.state == "waiting", ROWS.c.claimed_until.is_(None))
    if following is not None:
        db.session.execute(sa.update(ROWS).where(ROWS.c.id == following.id).values(due_at=utcnow()))
        after_commit(lambda: wake(following.id))


def _neighbour(row: Outbox, *which: sa.ColumnElement[bool]) -> sa.Row[Any, Any] | None:
    """Id and due time of the first of the same customer's messages in line that is meant by `which`.

    In line is what is due, or was put off when it was; what is meant for later neither waits nor lets others wait.
    """
    stands_in_line = sa.and_(ROWS.c.kind.in_(IN_LINE), sa.or_(ROWS.c.due_at <= utcnow(), ROWS.c.error.is_not(None)))
    query = sa.select(ROWS.c.id, ROWS.c.due_at).where(ROWS.c.contact_id == row.contact_id, stands_in_line, *which)
    return db.session.execute(query.order_by(ROWS.c.id).limit(1)).first()


def is_outdated(row: Outbox) -> bool:
    """Whether it waited so long that a newer one, which waits too, makes it superfluous."""
    if utcnow() - row.created_at < STALE:
        return False
    newer = sa.select(ROWS.c.id).where(ROWS.c.card_id == row.card_id, ROWS.c.kind == row.kind, ROWS.c.id > row.id)
    return db.session.scalar(newer.where(ROWS.c.state == "waiting").limit(1)) is not None
