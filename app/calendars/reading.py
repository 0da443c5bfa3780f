"""Working hours as they are typed and stored, read into minutes of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from app.dates import WEEKDAYS, parse_date
from app.i18n import _, viewer
from app.text import ascii_digits

DAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
MINUTES_A_DAY = 24 * 60

# Minutes after midnight: opening, and closing (1440 is the end of the day).
Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]


class CalendarError(ValueError):
    """The hours make no sense; the text is a sentence for the person who wrote them."""


def parse_week(data: Mapping[str, Any]) -> Week:
    """Spans of each weekday, Saturday first, from {"sat": [["09:00", "13:00"], ...], ...}; days left out are closed.

    Raises CalendarError with a sentence, also for a week without a single open hour.
    """
    week = tuple(_parse_day(number, data.get(day, [])) for number, day in enumerate(DAYS))
    if not any(week):
        raise CalendarError(_("Open at least one day of the week."))
    return week


def week_json(week: Week) -> dict[str, Any]:
    """What `parse_week` reads."""
    return {day: [[clock(a), clock(b)] for a, b in spans] for day, spans in zip(DAYS, week, strict=True)}


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _parse_day(number: int, data: object) -> tuple[Span, ...]:
    name = WEEKDAYS[viewer().locale][number]
    if not isinstance(data, list | tuple) or len(data) > 10:
        raise CalendarError(_("The hours of %(day)s cannot be read.", day=name))
    spans = sorted(_parse_span(name, pair) for pair in data)
    for (_start, end), (start, _end) in pairwise(spans):
        if start < end:
            raise CalendarError(_("The hours of %(day)s overlap.", day=name))
    return tuple(spans)


def _parse_span(day: str, pair: object) -> Span:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise CalendarError(_("The hours of %(day)s cannot be read.", day=day))
    start, end = (parse_clock(day, text) for text in pair)
    if end <= start:
        raise CalendarError(_("On %(day)s the end must be after the beginning.", day=day))
    return start, end


def parse_clock(day: str, text: object) -> int:
    """Minutes after midnight of "9", "9:30", "۰۹:۳۰", "24:00"."""
    minute = minute_of(text) if isinstance(text, str) else None
    if minute is None:
        raise CalendarError(_("Write the hours of %(day)s like 09:00.", day=day))
    return minute


def minute_of(text: str) -> int | None:
    """Minutes after midnight of a typed time; None when it is none."""
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.٫]?([0-9]{2}))?", ascii_digits(text).strip())
    minute = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    return minute if match and int(match[2] or 0) <= 59 and minute <= MINUTES_A_DAY else None


def parse_closed(data: object) -> frozenset[date]:
    if not isinstance(data, list | tuple) or len(data) > 1000:
        raise CalendarError(_("The list of closed days cannot be read."))
    days = set()
    for text in data:
        day = parse_date(text) if isinstance(text, str) else None
        if day is None:
            raise CalendarError(_("There is no such date: %(text)s.", text=str(text)[:40]))
        days.add(day)
    return frozenset(days)
