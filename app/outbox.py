"""Work that leaves the process: a row written with the change, carried out once, found again when something dies.

A row is claimed by one conditional UPDATE with a lease. Celery only carries its id; the sweep finds rows whose wake-up
call was lost or whose worker died. A row that died while its answer was on the way becomes `unknown` and waits for a
person: sending again could tell a customer twice. A worker that was only asleep finds its lease gone: it neither begins
a call any more nor writes an old answer over what became of the row since.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from celery import shared_task
from flask import current_app
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.celery import every
from app.clock import utcnow
from app.db import insert_missing, table_of
from app.extensions import Model, db
from app.hooks import after_commit
from app.locks import hold

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
TRIES = 5
WORKER_LOST = "worker lost"
# What could not even be tried for so long is set aside.
LONGEST_WAIT = timedelta(days=1)
STATES = ("waiting", "sending", "done", "failed", "unknown", "dropped")


class Outbox(Model):
    """One intent. `key` makes writing it twice harmless."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'sending', 'done', 'failed', 'unknown', 'dropped')", name="state"),
        sa.Index("ix_outbox_due", "state", "due_at"),
        sa.Index("ix_outbox_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="waiting")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    provider: Mapped[str | None]
    provider_ref: Mapped[str | None]
    error: Mapped[str | None]
    # What was sent, kept for the page of sent messages.
    channel: Mapped[str | None]
    address: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[str | None]

    def begin_sending(self) -> None:
        """Commit that the call to the outside world starts now: from here on a crash means `unknown`, not a retry.

        Raises `Overtaken` when the lease is gone: whoever has it now makes the call.
        """
        lease = self.claimed_until
        db.session.flush()
        begun = db.session.execute(
            sa.update(Outbox)
            .where(Outbox.id == self.id, Outbox.state == "waiting", Outbox.claimed_until == lease)
            .values(state="sending")
        )
        if begun.rowcount != 1:  # type: ignore[attr-defined]
            raise Overtaken
        db.session.commit()


class Overtaken(Exception):
    """The lease ran out while its holder did nothing."""


@dataclass(frozen=True)
class Delivery:
    """How an attempt ended: done, dropped (nothing to send), retry (surely not accepted), unknown (answer lost), or
    postponed: nothing was tried, it is not its turn before `until`. That counts as no attempt."""

    state: str
    ref: str | None = None
    error: str | None = None
    until: datetime | None = None


Handler = Callable[[Outbox], Delivery]
_handlers: dict[str, Handler] = {}
_abandoned: dict[str, Callable[[Outbox], None]] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register who carries out rows of a kind. It runs again after a crash, so it must be harmless twice."""

    def register(fn: Handler) -> Handler:
        _handlers[kind] = fn
        return fn

    return register


def on_abandoned(kind: str) -> Callable[[Callable[[Outbox], None]], Callable[[Outbox], None]]:
    """Call the function with a row of the kind that is set aside because every worker that tried it died."""

    def register(fn: Callable[[Outbox], None]) -> Callable[[Outbox], None]:
        _abandoned[kind] = fn
        return fn

    return register


def enqueue(
    kind: str,
    *,
    key: str,
    card_id: int | None = None,
    contact_id: int | None = None,
    user_id: int | None = None,
    payload: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> int | None:
    """Write the intent in the running transaction and wake a worker after the commit.

    Answers the row's id; None when `key` is known.
    """
    now = utcnow()
    due_at = due_at or now
    values = {"kind": kind, "key": key, "card_id": card_id, "contact_id": contact_id, "user_id": user_id,
              "payload": payload or {}, "due_at": due_at}  # fmt: skip
    written = insert_missing(Outbox, db.engine.dialect.name).values(values).returning(table_of(Outbox).c.id)
    row_id: int | None = db.session.scalar(written)
    if row_id is not None and due_at <= now:
        after_commit(lambda: wake(row_id))
    return row_id


def wake(row_id: int) -> None:
    """Ask a worker to look at a row now. A lost call costs a delay, never the work."""
    if not current_app.config["OUTBOX_WAKE"]:
        return
    try:
        run_task.delay(row_id)
    except Exception:  # noqa: BLE001  # whatever the broker raises, the sweep will find the row
        log.warning("outbox.wake_failed", row=row_id)


def claim(row_id: int) -> datetime | None:
    """Take the lease on a due row, by one UPDATE on every database: until when it is ours; None when it is not."""
    now = utcnow()
    taken = db.session.execute(
        sa.update(Outbox)
        .where(Outbox.id == row_id, Outbox.state == "waiting", Outbox.due_at <= now)
        .where(sa.or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now))
        .values(claimed_until=now + LEASE, attempts=Outbox.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return now + LEASE if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def run(row_id: int) -> None:
    """Claim a row, carry it out and note how that ended."""
    lease = claim(row_id)
    if lease is None:
        return
    row = db.session.get_one(Outbox, row_id, populate_existing=True)
    try:
        delivery = _try(row)
    except Overtaken:
        db.session.rollback()
        log.warning("outbox.overtaken", row=row_id)
        return
    except Exception as error:
        db.session.rollback()
        log.exception("outbox.handler_failed", row=row_id, kind=row.kind)
        row = db.session.get_one(Outbox, row_id, populate_existing=True)
        # A fault after the call went out says nothing about whether it arrived.
        delivery = Delivery("unknown" if row.state == "sending" else "retry", error=type(error).__name__)
    hold(row)
    if _counts(row, lease, delivery):
        _note(row, delivery)
        db.session.commit()
    else:
        db.session.rollback()
        log.warning("outbox.late", row=row_id, state=delivery.state)


def _try(row: Outbox) -> Delivery:
    if row.attempts <= TRIES:
        return _handlers[row.kind](row)
    # A failed try is counted and ends there; one more means that whoever tried it never came back.
    if row.kind in _abandoned:
        _abandoned[row.kind](row)
    return Delivery("failed", error=WORKER_LOST)


def _counts(row: Outbox, lease: datetime, delivery: Delivery) -> bool:
    """Whether an answer is still news. `row` is held.

    What came after the lease, when the row was taken from us, says one thing for sure: that the message arrived.
    Whoever has the row now is not disturbed.
    """
    if row.claimed_until is not None:
        # The handler of a long job has its lease prolonged.
        return row.claimed_until == lease or row.state == "waiting"
    return delivery.state == "done" and row.state in {"unknown", "waiting"}


def carry_out_past(row: Outbox) -> None:
    """Carry a row out in the running transaction, for a past that is being written; no provider may be in reach."""
    row.attempts += 1
    _note(row, _handlers[row.kind](row))


def _note(row: Outbox, delivery: Delivery) -> None:
    row.claimed_until = None
    row.error = delivery.error
    now = utcnow()
    if delivery.state == "postponed":
        row.state = "waiting" if now - row.created_at < LONGEST_WAIT else "failed"
        row.attempts -= 1
        row.due_at = delivery.until or now
    elif delivery.state == "retry":
        row.state = "waiting" if row.attempts < TRIES else "failed"
        # Those that failed together do not come back together.
        row.due_at = now + timedelta(seconds=30 * 4 ** (row.attempts - 1) * random.uniform(0.8, 1.2))
    else:
        row.state = delivery.state
        row.provider_ref = delivery.ref or row.provider_ref
    if row.state in {"done", "dropped"}:
        row.done_at = now
    if row.state in {"failed", "unknown"}:
        log.error("outbox.set_aside", row=row.id, kind=row.kind, state=row.state, error=row.error)


def sweep(limit: int = 100) -> list[int]:
    """Ids of rows to carry out now; rows whose sender died in mid-call become `unknown`."""
    now = utcnow()
    db.session.execute(
        sa.update(Outbox)
        .where(Outbox.state == "sending", Outbox.claimed_until < now)
        .values(state="unknown", claimed_until=None, error="answer lost")
        .execution_options(synchronize_session=False)
    )
    due = sa.select(Outbox.id).where(Outbox.state == "waiting", Outbox.due_at <= now)
    due = due.where(sa.or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now))
    ids = list(db.session.scalars(due.order_by(Outbox.due_at, Outbox.id).limit(limit)))
    db.session.commit()
    return ids


def deliver_due() -> int:
    """Carry out everything that is due, here and now; answers how many rows. For commands and tests."""
    ids = sweep(10_000)
    for row_id in ids:
        run(row_id)
    return len(ids)


@shared_task(name="outbox.run")  # type: ignore[untyped-decorator]
def run_task(row_id: int) -> None:
    """One row, in a worker."""
    run(row_id)


@every(2, name="outbox.sweep")
def sweep_task() -> None:
    """Wake every due row; run by the clock."""
    for row_id in sweep():
        wake(row_id)
