"""Messages that waited when a backup was made, after it was restored: they may have left since, so a person decides.

A held row has the state `unknown`, so that nothing carries it out, and says why in `error`.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import events
from app.clock import utcnow
from app.db import table_of
from app.events import Actor, record
from app.extensions import db
from app.outbox import Outbox

events.define("message.held_decided")
HELD = "held: it waited when the restored backup was made"
# Work inside the house, which goes on where it stood: it tells nobody anything.
INSIDE = ("job.run",)
# Nobody has a use for them any more.
STALE = ("message.code",)
ROWS = table_of(Outbox)


def hold_all(connection: Connection) -> int:
    """Hold what had not left when the backup was made; answers how many rows wait for a decision."""
    now = utcnow()
    waits = ROWS.c.state.in_(("waiting", "sending"))
    connection.execute(sa.update(ROWS).where(waits, ROWS.c.kind.in_(INSIDE)).values(claimed_until=None))
    stale = sa.update(ROWS).where(waits, ROWS.c.kind.in_(STALE))
    connection.execute(stale.values(state="dropped", claimed_until=None, done_at=now, error=HELD))
    held = sa.update(ROWS).where(waits, ROWS.c.kind.not_in((*INSIDE, *STALE)))
    return connection.execute(held.values(state="unknown", claimed_until=None, error=HELD)).rowcount


def count() -> int:
    """How many rows wait for a decision."""
    query = sa.select(sa.func.count()).where(Outbox.state == "unknown", Outbox.error == HELD)
    return db.session.scalar(query) or 0


def decide(*, sends: bool, by: Actor) -> int:
    """Let all held rows go, or never; answers how many. The sweep finds those that go."""
    now = utcnow()
    values = {"state": "waiting", "due_at": now, "attempts": 0} if sends else {"state": "dropped", "done_at": now}
    rows = sa.update(Outbox).where(Outbox.state == "unknown", Outbox.error == HELD)
    decided = db.session.execute(rows.values(**values, error=None if sends else HELD)).rowcount  # type: ignore[attr-defined]
    if decided:
        record("message.held_decided", None, by=by, data={"sends": sends, "count": decided})
    return int(decided)
