"""Promises in words: for faces, for colleagues, and for customers, who read a fixed sentence for each reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app import dates
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
    if card.promise_left_seconds is not None:
        return Shown("paused", waits_for(card.promise_waits_for))
    if card.promised_at is None:
        return None
    now, at = utcnow(), card.promised_at
    minute = int(at.timestamp() // 60)
    if at <= now:
        return Shown("late", _("%(time)s late", time=dates.relative(at, short=True)), minute=minute)
    share = hours_of(card).between(now, at).total_seconds() / max(card.promise_seconds or 1, 1)
    left = max(min(round(share * 20) * 5, 100), 0)
    return Shown("soon" if share <= SOON else "ok", _time_left(at, now), left, minute)


def on_card(card: Any) -> Shown | None:
    """The mark with the whole time in words, where there is room for it."""
    found = shown(card)
    if found is None or found.state in {"paused", "late"}:
        return found
    return replace(found, text=_("answer by %(when)s", when=by_when(card.promised_at)))


def waits_for(whom: str | None) -> str:
    """Why a promise stands still, for colleagues."""
    return _("waits for the customer") if whom == "customer" else _("waits for others")


def _time_left(at: datetime, now: datetime) -> str:
    days = (local_day(at) - today()).days
    if at - now < NEAR and days == 0:
        return _("%(time)s to the answer", time=dates.relative(at, short=True))
    return _("by %(when)s", when=_near(at, days))


def _near(at: datetime, days: int) -> str:
    if days == 0:
        return format_time(at)
    if days == 1:
        return _("tomorrow %(time)s", time=format_time(at))
    if days < 7:
        return f"{_weekday(at)} {format_time(at)}"
    return format_date(at, "short")


def _weekday(at: datetime) -> str:
    return WEEKDAYS[viewer().locale][dates.weekday(local_day(at))]


def by_when(at: datetime) -> str:
    """«شنبه ۲ آذر ساعت ۱۰:۳۰», with the year when it is another one: a time that stays true whenever it is read."""
    comma = "," if viewer().locale == "en" else ""
    return _("%(day)s at %(time)s", day=f"{_weekday(at)}{comma} {format_date(at, 'short')}", time=format_time(at))


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
