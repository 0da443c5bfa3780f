"""After an outage: a customer hears things in their order, and of an old matter only the newest word."""

from datetime import datetime, timedelta

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
    query = sa.select(ROWS.c.due_at).where(ROWS.c.contact_id == row.contact_id, ROWS.c.id < row.id)
    query = query.where(ROWS.c.state.in_(("waiting", "sending")), _stands_in_line())
    due_at = db.session.scalar(query.order_by(ROWS.c.id).limit(1))
    return None if due_at is None else max(due_at, utcnow()) + A_MOMENT


def call_next(row: Outbox) -> None:
    """Let the customer's next message come at once, when this one is off. Call it when the attempt is over."""
    query = sa.select(ROWS.c.id).where(ROWS.c.contact_id == row.contact_id, ROWS.c.id > row.id)
    query = query.where(ROWS.c.state == "waiting", _stands_in_line(), ROWS.c.claimed_until.is_(None))
    following = db.session.scalar(query.order_by(ROWS.c.id).limit(1))
    if following is not None:
        db.session.execute(sa.update(ROWS).where(ROWS.c.id == following).values(due_at=utcnow()))
        after_commit(lambda: wake(following))


def _stands_in_line() -> sa.ColumnElement[bool]:
    """Due, or put off when it was; what is meant for a later day neither waits nor lets others wait."""
    return sa.and_(ROWS.c.kind.in_(IN_LINE), sa.or_(ROWS.c.due_at <= utcnow(), ROWS.c.error.is_not(None)))


def is_outdated(row: Outbox) -> bool:
    """Whether it waited so long that a newer one, which waits too, makes it superfluous."""
    if utcnow() - row.created_at < STALE:
        return False
    newer = sa.select(ROWS.c.id).where(ROWS.c.card_id == row.card_id, ROWS.c.kind == row.kind, ROWS.c.id > row.id)
    return db.session.scalar(newer.where(ROWS.c.state == "waiting").limit(1)) is not None
