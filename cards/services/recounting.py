"""Counting open promises again after calendars changed: first as a preview, then for good, in short steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import g

from app import jobs
from app.clock import utcnow
from app.db import table_of
from app.events import Actor
from app.extensions import db
from app.i18n import localised
from app.jobs import Job
from app.outbox import enqueue
from app.users.models import User
from cards.models import Card, Promise
from cards.services.promising import counted_anew, recount
from contacts.models import Contact

CARDS, PROMISES, PEOPLE = (table_of(model) for model in (Card, Promise, Contact))
# More than this many are moved by a job, which never holds a board for long.
AT_ONCE = 30
JOB = "promises.recount"


class Move(NamedTuple):
    """A promise that calendars move. `before` and `after` are instants."""

    card_id: int
    code: str
    title: str
    contact_id: int
    contact: str
    before: datetime
    after: datetime


def preview(change: Callable[[], object]) -> list[Move]:
    """What a change of calendars would move; the change is tried and taken back. Raises what the change raises."""
    trial = db.session.begin_nested()
    try:
        change()
        return moves()
    finally:
        trial.rollback()
        # Lists of what is kept still hold the rows that were taken back.
        db.session.expire_all()
        # The version of the trial is remembered for the request.
        g.pop("settings", None)


def moves() -> list[Move]:
    """Open promises that stand elsewhere by the calendars of now, in the order of boards and cards. One query."""
    query = (
        sa.select(
            CARDS.c.id, CARDS.c.code, CARDS.c.title, CARDS.c.contact_id, CARDS.c.department_id, CARDS.c.pipeline_id,
            CARDS.c.promised_at, PROMISES.c.from_at, PROMISES.c.from_seconds, PROMISES.c.is_by_hand, PROMISES.c.met_at,
            PEOPLE.c.name, PEOPLE.c.name_en,
        )
        .join(PROMISES, sa.and_(PROMISES.c.card_id == CARDS.c.id, PROMISES.c.met_at.is_(None)))
        .join(PEOPLE, PEOPLE.c.id == CARDS.c.contact_id)
        .where(CARDS.c.promised_at > utcnow(), PROMISES.c.is_by_hand.is_(False))
        .order_by(CARDS.c.pipeline_id, CARDS.c.id)
    )  # fmt: skip
    found = []
    for row in db.session.execute(query):
        after = counted_anew(row, row)  # type: ignore[arg-type]
        if after is not None and after != row.promised_at:
            name = localised(row.name, row.name_en)
            found.append(Move(row.id, row.code, row.title, row.contact_id, name, row.promised_at, after))
    return found


def apply(why: dict[str, Any], *, tells: bool, key: str, by: User | None) -> int:
    """Move what the calendars of now move, at once or by a job; answers how many. `why` stands in their history.

    `tells`: one message to each customer; `key` names the cause, so that none gets a second one.
    """
    waiting = moves()
    if len(waiting) > AT_ONCE:
        payload = {"why": why, "tells": tells, "key": key, "total": len(waiting)}
        jobs.start(JOB, payload, by=by)
    else:
        for move in waiting:
            _move(move.card_id, why, tells=tells, key=key, by=by)
    return len(waiting)


@jobs.work(JOB)
def run(job: Job) -> None:
    """Each step looks anew at what is left: a crash costs nothing, and what was answered meanwhile is left alone."""
    asked, done, tried = job.payload, 0, set[int]()
    by = db.session.get(User, job.by_id) if job.by_id else None
    while step := [move for move in moves() if move.card_id not in tried][:AT_ONCE]:
        for move in step:
            tried.add(move.card_id)
            _move(move.card_id, asked["why"], tells=asked["tells"], key=asked["key"], by=by)
        done += len(step)
        jobs.advance(job.id, done=done, total=max(asked["total"], done), result={"moved": done})
        db.session.commit()


def _move(card_id: int, why: dict[str, Any], *, tells: bool, key: str, by: Actor | None) -> None:
    card = db.session.get_one(Card, card_id)
    promise = db.session.scalar(sa.select(Promise).where(Promise.card_id == card_id, Promise.met_at.is_(None)))
    if promise is None or not recount(card, promise, why, by=by) or not tells:
        return
    enqueue("message.promise", key=f"promise:{key}:{card.contact_id}", card_id=card.id, contact_id=card.contact_id)
