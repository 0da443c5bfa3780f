"""What a promise is made of, in words for colleagues: why then, what changed, how earlier ones ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.calendars.models import Calendar
from app.clock import utcnow
from app.events import Event
from app.extensions import db
from app.i18n import _
from cards.models import Card, Promise
from cards.pages.people import load_people
from cards.pages.sentences import Names, on
from cards.promises import words
from cards.promises.clock import hours_of
from cards.promises.rules import rules

MOST = 60


@dataclass(frozen=True)
class Change:
    """Something that happened to a promise: when, through whom, and what the customer reads of it."""

    at: datetime
    actor: str
    text: str


@dataclass(frozen=True)
class Story:
    """The promises of a card. `explained`: why the present one says what it says, a sentence a line."""

    explained: list[str]
    state: str
    customer_reads: str
    changes: list[Change]
    kept: int
    missed: int


def story_of(card: Card) -> Story:
    """Three queries at most, whatever happened."""
    promises = list(db.session.scalars(sa.select(Promise).where(Promise.card_id == card.id).order_by(Promise.id)))
    query = sa.select(Event).where(Event.card_id == card.id, Event.name.in_(words.TOLD))
    events = list(db.session.scalars(query.order_by(Event.id.desc()).limit(MOST)))
    names = Names(load_people(card.pipeline_id), card.contact, {})
    state, sentence = words.standing(card)
    ended = [promise for promise in promises if promise.met_at is not None]
    now = next((promise for promise in promises if promise.met_at is None), None)
    return Story(
        explained=_explained(card, now) if now else [], state=state, customer_reads=sentence,
        changes=[Change(event.at, names.actor(event), words.tell(event.name, event.data)) for event in events],
        kept=sum(promise.is_kept for promise in ended), missed=sum(not promise.is_kept for promise in ended),
    )  # fmt: skip


def _explained(card: Card, promise: Promise) -> list[str]:
    """By when, how long that is, from when it counts, and in whose hours."""
    hours, calendar_id = hours_of(card), rules().calendar_id(card.department_id, card.pipeline_id)
    calendar = db.session.get(Calendar, calendar_id) if calendar_id else None
    lines = []
    if promise.is_by_hand:
        lines.append(_("A colleague promised this time in person; calendars do not move it."))
    elif card.promise_left_seconds is None:
        lines.append(_("%(length)s of working time, counted from %(when)s.", length=words.length(promise.from_seconds),
                       when=words.by_when(promise.from_at)))  # fmt: skip
    else:
        left = words.length(card.promise_left_seconds)
        lines.append(_("%(length)s of working time are left and begin to count when nobody else is awaited.",
                       length=left))  # fmt: skip
    lines.append(_("It counts in the hours of %(calendar)s: %(week)s.",
                   calendar=calendar.name if calendar else _("the business"),
                   week=hours.describe(utcnow().date())))  # fmt: skip
    if card.promise_left_seconds is None and not promise.is_by_hand:
        closed = hours.reasons(promise.from_at, max(promise.promised_at, promise.from_at))
        lines += [_("Not counted: %(reason)s.", reason=reason.reason) for reason in closed if reason.reason]
    if promise.missed_at is not None:
        lines.append(_("The first promised time, %(when)s, has passed without an answer.",
                       when=words.by_when(promise.missed_at)))  # fmt: skip
    return lines


def suggestion(card: Card) -> datetime:
    """A time to begin with when somebody promises another one: a day of work from now."""
    hours = hours_of(card)
    at = hours.add_working(max(card.promised_at or utcnow(), utcnow()), timedelta(hours=4))
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1 if at.minute else 0)


@on("promise.changed", "promise.paused", "promise.resumed")
def _told(event: Event, names: Names) -> str:
    """In the thread, what changed a time that somebody may rely on; that it was made and kept stands on its page."""
    if event.data.get("reason") == "priority":
        return words.tell(event.name, event.data)
    if event.name == "promise.changed" and event.data.get("reason") == "by_hand":
        return _("%(actor)s promised the customer: %(sentence)s", actor=names.actor(event),
                 sentence=words.tell(event.name, event.data))  # fmt: skip
    return _("To the customer: %(sentence)s", sentence=words.tell(event.name, event.data))


@on("promise.met")
def _met(event: Event, _names: Names) -> str | None:
    """Worth a line only when it was too late."""
    promised = event.data.get("promised")
    if not event.data.get("is_late") or not promised:
        return None
    when = words.by_when(datetime.fromisoformat(promised))
    return _("The answer came later than promised: it was promised for %(when)s", when=when)
