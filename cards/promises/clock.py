"""The clock of a promise: made, paused, resumed, met, moved. Pure decisions, and the one place that writes them.

The next answer is what is promised: from the customer's question (a new card, a message, a return) to our reply or the
end of the work. It stands still in stages that wait for others, as far as customers are shown such a stage: a hidden
stage neither stops nor starts it, or its coming and going could be read from the promised time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import events
from app.calendars import CalendarError, WorkingHours
from app.clock import utcnow
from app.db import table_of
from app.events import INTERNAL, PORTAL, Actor, NewFact, record
from app.extensions import db
from cards.models import Card, Promise
from cards.promises.rules import hours_for, rules
from pipelines.models import CLOSING_KINDS, Department

events.define("promise.made", "promise.changed", "promise.paused", "promise.resumed", "promise.met")
PROMISES = table_of(Promise)
BEGINNING = ("reason", "made_at", "seconds", "first_at", "promised_at", "from_at", "from_seconds")
_MAKE = sa.insert(PROMISES)
USUAL_PRIORITY = 2
WAITS_FOR = {"waiting_customer": "customer", "waiting_other": "other"}
NOTHING = {"promised_at": None, "promise_told_at": None, "promise_seconds": None, "promise_left_seconds": None,
           "promise_waits_for": None}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A change of a promise: the event's name and data, and the columns of the card and of the promise."""

    name: str
    card: dict[str, Any]
    row: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


def whole_minute(at: datetime) -> datetime:
    """The next full minute: what is promised is what can be read on a clock."""
    cut = at.replace(second=0, microsecond=0)
    return cut if cut == at else cut + timedelta(minutes=1)


def hours_of(card: Any) -> WorkingHours:
    """The hours that count for a card, or for a row with its department and board."""
    return hours_for(card.department_id, card.pipeline_id)


def due(hours: WorkingHours, at: datetime, seconds: int) -> datetime:
    """By when this much open time has passed. Raises CalendarError where there is none."""
    return whole_minute(hours.add_working(at, timedelta(seconds=seconds)))


# Beginning.


def begin(card: Card, at: datetime, reason: str) -> Promise | None:
    """Promise an answer on the card's columns; the row is written by `keep` once the card has its number.

    None where the calendar has no open hour: nothing can be promised.
    """
    seconds = rules().minutes(card.department_id, card.priority) * 60
    try:
        promised_at = due(hours_of(card), at, seconds)
    except CalendarError:
        return None
    card.promised_at = card.promise_told_at = promised_at
    card.promise_seconds = seconds
    card.promise_left_seconds = card.promise_waits_for = None
    return Promise(reason=reason, made_at=at, seconds=seconds, first_at=promised_at, promised_at=promised_at,
                   from_at=at, from_seconds=seconds)  # fmt: skip


def keep(promise: Promise | None, card: Card, *, by: Actor | None, silent: bool = False) -> None:
    """Write a promise that `begin` made, and record it. Two statements."""
    if promise is None:
        return
    made = write_new(promise, card)
    record(made.name, card, by=by, visibility=made.visibility, at=promise.made_at, silent=silent, data=dict(made.data))


def write_new(promise: Promise, card: Card) -> NewFact:
    """Write a promise that `begin` made; answers the fact for its verb to record."""
    db.session.execute(_MAKE, {"card_id": card.id, **{name: getattr(promise, name) for name in BEGINNING}})
    hours = hours_of(card)
    data = {
        "reason": promise.reason, "to": promise.promised_at.isoformat(), "seconds": promise.seconds,
        "outside": not hours.is_open(promise.made_at),
        "closed": [[why.fa, why.en, why.is_holiday] for why in hours.reasons(promise.made_at, promise.promised_at)],
    }  # fmt: skip
    return NewFact("promise.made", data, PORTAL)


def expected_answer(department: Department) -> datetime | None:
    """By when a request that is sent to this department now is answered; None where no open hour is in sight."""
    try:
        hours = hours_for(department.id, department.pipeline_id)
        return due(hours, utcnow(), rules().minutes(department.id, USUAL_PRIORITY) * 60)
    except CalendarError:
        return None


# On the way.


def on_entering(row: Any, kind: str, *, is_shown: bool, now: datetime) -> Step | None:
    """What entering a stage of this kind does to the promise of a card. `is_shown`: customers are shown the stage."""
    if row.promised_at is None and row.promise_left_seconds is None:
        return None
    if kind in CLOSING_KINDS:
        return meet(row, now)
    if not is_shown:
        return None
    waits_for = WAITS_FOR.get(kind)
    if waits_for is None:
        return resume(row, now, because="stage")
    return pause(row, now, waits_for)


def pause(row: Any, now: datetime, waits_for: str) -> Step | None:
    """Keep what is left while somebody else is awaited. A time that has passed already stays passed."""
    if row.promised_at is None:
        return None if row.promise_waits_for == waits_for else Step("", {"promise_waits_for": waits_for})
    if row.promised_at <= now:
        return None
    left = int(hours_of(row).between(now, row.promised_at).total_seconds())
    data = {"for": waits_for, "from": row.promised_at.isoformat(), "left": left}
    columns = {
        "promised_at": None,
        "promise_told_at": None,
        "promise_left_seconds": left,
        "promise_waits_for": waits_for,
    }
    return Step("promise.paused", columns, data=data)


def resume(row: Any, now: datetime, *, because: str) -> Step | None:
    """Go on counting what was left, from now. `because`: "stage" or "message"."""
    left = row.promise_left_seconds
    if left is None:
        return None
    promised_at = due(hours_of(row), now, left)
    columns = {"promised_at": promised_at, "promise_told_at": promised_at, "promise_left_seconds": None,
               "promise_waits_for": None}  # fmt: skip
    anchor = {"from_at": now, "from_seconds": left, "promised_at": promised_at, "is_by_hand": False}  # fmt: skip
    data = {"to": promised_at.isoformat(), "because": because}
    return Step("promise.resumed", columns, anchor, data)


def meet(row: Any, now: datetime) -> Step | None:
    """The answer is given: in time, or too late."""
    if row.promised_at is None and row.promise_left_seconds is None:
        return None
    # What counts is what the customer was told.
    told_at = row.promise_told_at
    is_late = told_at is not None and told_at < now
    values: dict[str, Any] = {"met_at": now}
    if is_late:
        values["missed_at"] = sa.func.coalesce(PROMISES.c.missed_at, told_at)
    data = {"promised": told_at.isoformat() if told_at else None, "is_late": is_late}
    return Step("promise.met", dict(NOTHING), values, data)


def rescale(row: Any, now: datetime, priority: int) -> Step | None:
    """Another priority: the share of the time that is left stays the same, so that no new time lies in the past.

    What the customer was told stays: urgency is a matter of the house (N05). Colleagues are to be earlier, never later.
    What has passed stays as it is.
    """
    seconds = rules().minutes(row.department_id, priority) * 60
    if not row.promise_seconds or seconds == row.promise_seconds:
        return None
    share = seconds / row.promise_seconds
    if row.promise_left_seconds is not None:
        left = int(row.promise_left_seconds * share)
        return Step("", {"promise_seconds": seconds, "promise_left_seconds": left},
                    {"seconds": seconds})  # fmt: skip
    if row.promised_at is None or row.promised_at <= now:
        return None
    hours = hours_of(row)
    left = int(hours.between(now, row.promised_at).total_seconds() * share)
    promised_at = min(due(hours, now, left), row.promise_told_at)
    columns = {"promised_at": promised_at, "promise_seconds": seconds}
    anchor = {"seconds": seconds, "from_at": now, "from_seconds": left, "promised_at": promised_at}
    data = {"reason": "priority", "from": row.promised_at.isoformat(), "to": promised_at.isoformat()}
    return Step("promise.changed", columns, anchor, data)


def is_by_hand(card: Card) -> bool:
    """Whether somebody promised this time in person: rules do not move it. One query, where there is a promise."""
    query = sa.select(PROMISES.c.is_by_hand).where(PROMISES.c.card_id == card.id, PROMISES.c.met_at.is_(None))
    return card.has_promise and bool(db.session.scalar(query))


# Writing.


def take(card: Card, step: Step | None) -> None:
    """Set the card's columns; they are written with whatever else its verb changes."""
    for name, value in (step.card if step else {}).items():
        setattr(card, name, value)


def write(step: Step | None, card: Card, *, by: Actor | None, at: datetime, silent: bool = False) -> None:
    """Write the promise's row and record what happened. Two statements at most; a step without a name is no fact.

    `silent`: customers are told of something else in the same moment, and look anew anyway."""
    if step is None:
        return
    if step.row:
        row = sa.update(PROMISES).where(PROMISES.c.card_id == card.id, PROMISES.c.met_at.is_(None))
        db.session.execute(row.values(**step.row))
    if step.name:
        visibility = INTERNAL if step.data.get("reason") == "priority" else PORTAL
        record(step.name, card, by=by, visibility=visibility, at=at, silent=silent, data=step.data)
