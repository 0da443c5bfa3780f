"""Forgetting from where things were done, after a time. That they were done is never forgotten."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app import settings
from app.celery import every
from app.clock import utcnow
from app.db import reading, table_of
from app.events import Event
from app.extensions import db
from app.paging import EPOCH

settings.define("audit.source_days", 365)
EVENTS = table_of(Event)
NO_SOURCE = {"source_address": None, "source_device": None, "source_session_id": None, "source_token_id": None}
STEP = 500


# Before this instant this process has found no source any more: the next look begins here.
_clear_until = EPOCH


def forget_sources() -> int:
    """Remove addresses, devices and sessions of facts that are older than the setting allows; answers how many.

    Looks without the lock of writers and commits in short steps.
    """
    global _clear_until
    before, count = utcnow() - timedelta(days=settings.get("audit.source_days")), 0
    while ids := _old(before):
        db.session.execute(sa.update(EVENTS).where(EVENTS.c.id.in_(ids)).values(**NO_SOURCE))
        db.session.commit()
        count += len(ids)
    _clear_until = max(_clear_until, before)
    return count


def _old(before: datetime) -> list[int]:
    has_source = sa.or_(*(EVENTS.c[name].is_not(None) for name in NO_SOURCE))
    query = sa.select(EVENTS.c.id).where(EVENTS.c.at >= _clear_until, EVENTS.c.at < before, has_source)
    with reading():
        ids = list(db.session.scalars(query.order_by(EVENTS.c.at).limit(STEP)))
        db.session.rollback()
    return ids


@every(3600, "audit.forget_sources")
def forget() -> None:
    """Look often: a clock that begins anew at every start would never reach the end of a day."""
    forget_sources()
