"""Promises in words: for faces, for colleagues, and for customers, who read a fixed sentence for each reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app import dates
from app.calendars import WorkingHours
from app.clock import utcnow
from app.dates import WEEKDAYS, format_date, format_time, in_digits, local_day, today
from app.i18n import _, _n, localised, viewer
from cards.promises.clock import hours_of

# The last quarter of the time is "soon".
SOON = 0.25
NEAR = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise as a mark. `state`: ok, soon, late, paused. `left`: percent of its time, in steps of five."""

    state: str
    text: str
    left: int | None = None
    # Minutes since 1970, for the clock of the page.
    minute: int | None = None


def shown(card: Any) -> Shown | None:
    """The mark of a card, or of a row with its columns; None where nothing is promised."""
    return Marks().of(card)


class Marks:
    """The marks of many cards at one moment: the reader, the clock and the hours are asked for once for all of them."""

    def __init__(self) -> None:
        self.now, self.zone, self.today = utcnow(), viewer().zone, today()
        self.distance = dates.distances()
        self.late, self.to_answer, self.by = _("%(time)s late"), _("%(time)s to the answer"), _("by %(when)s")
        self._hours: dict[tuple[int | None, int], WorkingHours] = {}

    def of(self, card: Any) -> Shown | None:
        """The mark of this card or row; None where nothing is promised."""
        if card.promise_left_seconds is not None:
            return Shown("paused", waits_for(card.promise_waits_for))
        if card.promised_at is None:
            return None
        at = card.promised_at
        minute = int(at.timestamp() // 60)
        if at <= self.now:
            return Shown("late", self.late % {"time": self.distance(at)}, minute=minute)
        share = self._hours_of(card).between(self.now, at).total_seconds() / max(card.promise_seconds or 1, 1)
        left = max(min(round(share * 20) * 5, 100), 0)
        return Shown("soon" if share <= SOON else "ok", self._time_left(at), left, minute)

    def _hours_of(self, card: Any) -> WorkingHours:
        key = (card.department_id, card.pipeline_id)
        if key not in self._hours:
            self._hours[key] = hours_of(card)
        return self._hours[key]

    def _time_left(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        days = (local.date() - self.today).days
        if at - self.now < NEAR and days == 0:
            return self.to_answer % {"time": self.distance(at)}
        return self.by % {"when": self._near(local, days)}

    def _near(self, local: datetime, days: int) -> str:
        if days >= 7:
            return format_date(local.date(), "short")
        time = in_digits(local.isoformat()[11:16])
        if days == 0:
            return time
        return _("tomorrow %(time)s", time=time) if days == 1 else f"{_weekday(local.date())} {time}"


def on_card(card: Any) -> Shown | None:
    """The mark with the whole time in words, where there is room for it."""
    found = shown(card)
    if found is None or found.state in {"paused", "late"}:
        return found
    return replace(found, text=_("answer by %(when)s", when=by_when(card.promised_at)))


def waits_for(whom: str | None) -> str:
    """Why a promise stands still, for colleagues."""
    return _("waits for the customer") if whom == "customer" else _("waits for others")


def _weekday(day: date) -> str:
    return WEEKDAYS[viewer().locale][dates.weekday(day)]


def by_when(at: datetime) -> str:
    """«شنبه ۲ آذر ساعت ۱۰:۳۰», with the year when it is another one: a time that stays true whenever it is read."""
    comma = "," if viewer().locale == "en" else ""
    return _(
        "%(day)s at %(time)s", day=f"{_weekday(local_day(at))}{comma} {format_date(at, 'short')}", time=format_time(at)
    )


def length(seconds: int) -> str:
    """«۲ ساعت و ۳۰ دقیقه»; less than a minute is one."""
    hours, minutes = divmod(max(round(seconds / 60), 1), 60)
    parts = []
    if hours:
        parts.append(_n("%(num)s hour", "%(num)s hours", hours))
    if minutes:
        parts.append(_n("%(num)s minute", "%(num)s minutes", minutes))
    if len(parts) == 2:
        return in_digits(_("%(first)s and %(last)s", first=parts[0], last=parts[1]))
    return in_digits(parts[0])


# For customers.


def promised(at: datetime) -> str:
    """The sentence that the acknowledgement and the portal say while the time runs."""
    return _("You have our answer by %(when)s.", when=by_when(at))


def standing(card: Any) -> tuple[str, str]:
    """How a promise stands for its customer: state ("", running, passed, waits_you, waits_others) and sentence."""
    if card.promise_left_seconds is not None:
        after = length(card.promise_left_seconds)
        if card.promise_waits_for == "customer":
            return "waits_you", _("We wait for your answer, and the time stands still until then. After it you hear "
                                  "from us within %(length)s of our working time.", length=after)  # fmt: skip
        return "waits_others", _("We need something from others before we can go on, and the time stands still until "
                                 "then. After it you hear from us within %(length)s of our working time.",
                                 length=after)  # fmt: skip
    told_at = card.promise_told_at
    if told_at is None:
        return "", ""
    if told_at <= utcnow():
        return "passed", _("We wanted to answer by %(when)s and have not managed to. We are sorry; we are on it.",
                           when=by_when(told_at))  # fmt: skip
    return "running", promised(told_at)


def why_then(data: Mapping[str, Any]) -> str:
    """Why it takes until then, from the data of "promise.made"; empty when there is nothing to say."""
    parts = []
    if data.get("outside"):
        parts.append(_("You reached us outside our working hours."))
    names = [localised(fa, en) for fa, en, *_rest in data.get("closed", []) if fa or en]
    if names:
        between = "، " if viewer().locale == "fa" else ", "
        parts.append(_("In between we are closed: %(names)s.", names=between.join(names)))
    return " ".join(parts)


Sentence = Callable[[Mapping[str, Any]], str]


def _instant(data: Mapping[str, Any], key: str) -> str:
    return by_when(datetime.fromisoformat(data[key])) if data.get(key) else ""


def _made(data: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (_("Promised for %(when)s.", when=_instant(data, "to")), why_then(data))))


def _changed(data: Mapping[str, Any]) -> str:
    when, reason = _instant(data, "to"), data.get("reason")
    if reason == "by_hand":
        return _("The new time is %(when)s: %(reason)s", when=when, reason=data.get("text", ""))
    if reason == "closure":
        why = localised(data.get("fa", ""), data.get("en", ""))
        return _("Because we are closed (%(reason)s) the new time is %(when)s.", reason=why, when=when)
    if reason == "calendar":
        return _("Our working hours changed, so the new time is %(when)s.", when=when)
    if reason == "priority":
        return _(
            "Another priority: colleagues are to answer by %(when)s; the customer was told nothing of it.", when=when
        )
    return _("The new time is %(when)s.", when=when)


def _paused(data: Mapping[str, Any]) -> str:
    if data.get("for") == "customer":
        return _("The time stood still from here on: we waited for your answer.")
    return _("The time stood still from here on: we waited for others.")


def _resumed(data: Mapping[str, Any]) -> str:
    return _("The time goes on: you have our answer by %(when)s.", when=_instant(data, "to"))


def _met(_data: Mapping[str, Any]) -> str:
    return _("Answered.")


TOLD: dict[str, Sentence] = {
    "promise.made": _made, "promise.changed": _changed, "promise.paused": _paused, "promise.resumed": _resumed,
    "promise.met": _met,
}  # fmt: skip


def tell(name: str, data: Mapping[str, Any]) -> str:
    """What a customer reads of a change of a promise."""
    return TOLD[name](data)
