"""Long work that can be watched and left: imports, exports, erasures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app import outbox
from app.clock import utcnow
from app.db import table_of
from app.extensions import Model, db
from app.outbox import Delivery, Outbox
from app.users.models import User


class Job(Model):
    """A piece of long work: what for, how far, and how it ended."""

    __tablename__ = "jobs"
    __table_args__ = (sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]

    @property
    def percent(self) -> int:
        return 100 if self.state == "done" else round(100 * self.done_count / max(self.total_count, 1))


Work = Callable[[Job], None]
_works: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Register who does jobs of a kind. The function commits in short steps and updates `done_count`."""

    def register(fn: Work) -> Work:
        _works[kind] = fn
        return fn

    return register


def start(kind: str, payload: dict[str, Any], *, by: User | None) -> Job:
    """Begin a job after the commit."""
    job = Job(kind=kind, payload=payload, by_id=by.id if by else None, created_at=utcnow())
    db.session.add(job)
    db.session.flush()
    outbox.enqueue("job.run", key=f"job:{job.id}", payload={"job": job.id})
    return job


def advance(job_id: int, *, done: int, total: int, result: dict[str, Any]) -> None:
    """Note how far a job is, inside the step that did it. Its lease begins anew: no second worker takes it over.

    A job that gets on is not given up, however often it is interrupted.
    """
    jobs, rows = table_of(Job), table_of(Outbox)
    values = {"done_count": done, "total_count": total, "result": result}
    db.session.execute(sa.update(jobs).where(jobs.c.id == job_id).values(values))
    lease = {"claimed_until": utcnow() + outbox.LEASE, "attempts": 1}
    db.session.execute(sa.update(rows).where(rows.c.key == f"job:{job_id}").values(lease))


@outbox.handler("job.run")
def _run(row: Outbox) -> Delivery:
    job = db.session.get_one(Job, row.payload["job"])
    job.state = "running"
    db.session.commit()
    try:
        _works[job.kind](job)
    except Exception as error:
        db.session.rollback()
        job = db.session.get_one(Job, row.payload["job"])
        job.state, job.error, job.finished_at = "failed", str(error)[:500], utcnow()
        db.session.commit()
        raise
    job.state, job.finished_at = "done", utcnow()
    return Delivery("done")


@outbox.on_abandoned("job.run")
def _give_up(row: Outbox) -> None:
    job = db.session.get_one(Job, row.payload["job"])
    job.state, job.error, job.finished_at = "failed", outbox.WORKER_LOST, utcnow()
