"""Promising another time: by hand with a reason, or because the calendar changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.clock import utcnow
from app.errors import Conflict, DomainError
from app.events import PORTAL, Actor
from app.extensions import db
from app.i18n import _
from app.text import clean
from app.users.models import User
from cards.models import Card, Promise
from cards.placement import record_on, take_turn, touch
from cards.promises.clock import PROMISES, due, hours_of, whole_minute
from pipelines.sequence import give_back

FARTHEST = timedelta(days=366)
LONGEST_REASON = 300


def promise_by_hand(card: Card, at: datetime, *, reason: str, by: User) -> None:
    """Promise the customer another time, with a reason that they read.

    Raises a `DomainError` without a reason, for a time that has passed or lies more than a year ahead, and for a card
    that no customer follows.
    """
    turn, now, at, reason = take_turn(card), utcnow(), whole_minute(at), clean(reason)[:LONGEST_REASON]
    if not card.is_request or card.is_resolved or card.is_closed:
        raise Conflict(_("Nothing is promised on this card: nobody waits for an answer here."), code="no_request")
    if not reason:
        raise DomainError(_("Please write why: the customer reads it."), code="empty", field="reason")
    if at <= now:
        raise DomainError(_("This time has passed already."), code="past", field="time")
    if at > now + FARTHEST:
        raise DomainError(_("Promise a time within a year."), code="too_far", field="day")
    before = card.promised_at
    seconds = int(max(hours_of(card).between(now, at).total_seconds(), 60))
    if card.has_promise:
        _move_row(card, at, now, seconds)
    else:
        db.session.add(Promise(card_id=card.id, reason="by_hand", made_at=now, seconds=seconds, first_at=at,
                               promised_at=at, from_at=now, from_seconds=seconds, is_by_hand=True))  # fmt: skip
    card.promised_at = card.promise_told_at = at
    card.promise_seconds = seconds
    card.promise_left_seconds = card.promise_waits_for = None
    _tell(card, turn, {"reason": "by_hand", "text": reason}, before, by=by)


def _move_row(card: Card, at: datetime, now: datetime, seconds: int) -> None:
    values: dict[str, Any] = {"promised_at": at, "from_at": now, "from_seconds": seconds, "is_by_hand": True}
    if card.promise_told_at is not None and card.promise_told_at < now:
        # Another promise does not undo that the first was not kept.
        values["missed_at"] = db.func.coalesce(PROMISES.c.missed_at, card.promise_told_at)
    row = db.update(PROMISES).where(PROMISES.c.card_id == card.id, PROMISES.c.met_at.is_(None))
    db.session.execute(row.values(**values))


def recount(card: Card, promise: Promise, why: Mapping[str, Any], *, by: Actor | None) -> bool:
    """Count an open promise again by the calendars of now; answers whether it moved. `why` is kept with the change.

    What waits, what was promised by hand, and what has passed already stays as it is.
    """
    turn = take_turn(card)
    at = counted_anew(card, promise)
    if at is None or at == card.promised_at:
        give_back(card.pipeline_id)
        return False
    before, card.promised_at, promise.promised_at = card.promised_at, at, at
    # Where the house is to be earlier than what was told, the customer's own time moves only as far as it must.
    card.promise_told_at = at if card.promise_told_at in {None, before} else max(card.promise_told_at or at, at)
    _tell(card, turn, dict(why), before, by=by)
    return True


def counted_anew(card: Any, promise: Promise) -> datetime | None:
    """Where a promise stands by the calendars of now; None for one that does not move."""
    if card.promised_at is None or promise.met_at is not None or promise.is_by_hand or card.promised_at <= utcnow():
        return None
    at = due(hours_of(card), promise.from_at, promise.from_seconds)
    # A day that is worked after all must not put the promise into the past.
    earliest: datetime = min(card.promised_at, whole_minute(utcnow()))
    return max(at, earliest)


def _tell(card: Card, turn: Any, data: dict[str, Any], before: datetime | None, *, by: Actor | None) -> None:
    card.portal_changed_at = utcnow()
    touch(card)
    db.session.flush()
    data |= {"from": before.isoformat() if before else None, "to": card.promise_told_at.isoformat()}  # type: ignore[union-attr]
    record_on("promise.changed", card, turn, by=by, visibility=PORTAL, data=data)
