"""Working hours: when the business is open, and what "four working hours from now" means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.dates import WEEKDAYS, in_digits, parse_date, weekday
from app.i18n import _, viewer
from app.text import ascii_digits

DAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
MINUTES_A_DAY = 24 * 60
# So far a closed calendar is searched for the next open hour.
_FARTHEST = timedelta(days=3 * 366)

# Minutes after midnight: opening, and closing (1440 is the end of the day).
Span = tuple[int, int]


class CalendarError(ValueError):
    """The hours make no sense; the text is a sentence for the person who wrote them."""


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The days off of Iran in this Gregorian year. Those of the lunar calendar are estimates until announced."""
    import holidays

    return frozenset(holidays.country_holidays("IR", years=year))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The open spans of each weekday (Saturday first), less public holidays and the days closed by decision."""

    week: tuple[tuple[Span, ...], ...]
    timezone: str = "Asia/Tehran"
    keeps_holidays: bool = True
    closed_on: frozenset[date] = frozenset()

    # Stored form.

    @classmethod
    def parse(cls, data: object, *, timezone: str = "Asia/Tehran") -> Self:
        """From {"sat": [["09:00", "13:00"], ["16:00", "20:00"]], ..., "holidays": true, "closed": ["2026-03-21"]}.

        Weekdays left out are closed. Raises CalendarError with a sentence.
        """
        if not isinstance(data, Mapping):
            raise CalendarError(_("The working hours cannot be read."))
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise CalendarError(_("The time zone %(name)s is unknown.", name=timezone[:60])) from None
        week = tuple(_parse_day(number, data.get(day, [])) for number, day in enumerate(DAYS))
        if not any(week):
            raise CalendarError(_("Open at least one day of the week."))
        return cls(week, timezone, data.get("holidays", True) is not False, _parse_closed(data.get("closed", [])))

    def to_json(self) -> dict[str, Any]:
        """What `parse` reads; the time zone is kept elsewhere."""
        week = {
            day: [[_clock(start), _clock(end)] for start, end in spans]
            for day, spans in zip(DAYS, self.week, strict=True)
        }
        return {**week, "holidays": self.keeps_holidays, "closed": sorted(day.isoformat() for day in self.closed_on)}

    # Questions.

    def is_working_day(self, day: date) -> bool:
        """Whether there is any open hour on this day."""
        return bool(self._spans(day))

    def is_open(self, at: datetime) -> bool:
        """Whether work is done at this instant; at the closing minute it is not."""
        start, end = next(self._intervals(at), (None, None))
        return start is not None and end is not None and start <= at < end

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening, in UTC. CalendarError when there is none within three years."""
        start, _end = next(self._intervals(at), (None, None))
        if start is None:
            raise CalendarError(_("The calendar has no open hours in the next three years."))
        return max(start, at.astimezone(UTC))

    def add_working(self, at: datetime, duration: timedelta) -> datetime:
        """The instant, in UTC, at which `duration` of open time has passed since `at`; a closing minute counts as open.

        CalendarError when three years do not hold that much open time.
        """
        left = max(duration, timedelta(0))
        if not left:
            return self.next_open(at)
        for start, end in self._intervals(at):
            begin = max(start, at.astimezone(UTC))
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise CalendarError(_("The calendar has no open hours in the next three years."))

    def _spans(self, day: date) -> tuple[Span, ...]:
        if day in self.closed_on or (self.keeps_holidays and day in public_holidays(day.year)):
            return ()
        return self.week[weekday(day)]

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals that end after `at`, in order, in UTC."""
        zone = ZoneInfo(self.timezone)
        moment = at.astimezone(UTC)
        day = at.astimezone(zone).date()
        for number in range(_FARTHEST.days):
            current = day + timedelta(days=number)
            for first, last in self._spans(current):
                start, end = _instant(current, first, zone), _instant(current, last, zone)
                # A span can vanish in the hour that summer time skips.
                if max(start, moment) < end:
                    yield start, end

    # Words.

    def describe(self) -> str:
        """The week in a sentence: «شنبه تا چهارشنبه ۹ تا ۱۸، پنجشنبه ۹ تا ۱۳»."""
        if all(spans == ((0, MINUTES_A_DAY),) for spans in self.week):
            return _("Every day, around the clock")
        parts = []
        for spans, run in groupby(range(7), key=lambda number: self.week[number]):
            days = list(run)
            if spans:
                parts.append(f"{_name_days(days)} {_name_spans(spans)}")
        return in_digits(_comma().join(parts))


def business_hours() -> WorkingHours:
    """The hours that an admin set for the business, on its own clock."""
    from app import settings

    return WorkingHours.parse(settings.get("business.hours"), timezone=settings.get("business.timezone"))


def _comma() -> str:
    return "، " if viewer().locale == "fa" else ", "


def _name_days(days: Sequence[int]) -> str:
    names = WEEKDAYS[viewer().locale]
    if len(days) == 7:
        return _("every day")
    if len(days) == 1:
        return names[days[0]]
    sentence = _("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")
    return sentence % {"first": names[days[0]], "last": names[days[-1]]}


def _name_spans(spans: Sequence[Span]) -> str:
    if spans == ((0, MINUTES_A_DAY),):
        return _("around the clock")
    named = [_("%(first)s to %(last)s", first=_short_clock(start), last=_short_clock(end)) for start, end in spans]
    *before, last = named
    return _("%(first)s and %(last)s", first=_comma().join(before), last=last) if before else last


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _short_clock(minute: int) -> str:
    """«۹» on the hour and «۹:۳۰» between hours; English always writes the minutes."""
    hour, rest = divmod(minute, 60)
    return f"{hour}:{rest:02d}" if rest or viewer().locale == "en" else str(hour)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    # Wall clock arithmetic: the zone's offset is looked up at the resulting hour.
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


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
    start, end = (_parse_clock(day, text) for text in pair)
    if end <= start:
        raise CalendarError(_("On %(day)s the end must be after the beginning.", day=day))
    return start, end


def _parse_clock(day: str, text: object) -> int:
    """Minutes after midnight of "9", "9:30", "۰۹:۳۰", "24:00"."""
    match = re.fullmatch(r"([0-9]{1,2})(?::([0-9]{2}))?", ascii_digits(text).strip()) if isinstance(text, str) else None
    minute = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if match is None or int(match[2] or 0) > 59 or minute > MINUTES_A_DAY:
        raise CalendarError(_("Write the hours of %(day)s like 09:00.", day=day))
    return minute


def _parse_closed(data: object) -> frozenset[date]:
    if not isinstance(data, list | tuple) or len(data) > 1000:
        raise CalendarError(_("The list of closed days cannot be read."))
    days = set()
    for text in data:
        day = parse_date(text) if isinstance(text, str) else None
        if day is None:
            raise CalendarError(_("There is no such date: %(text)s.", text=str(text)[:40]))
        days.add(day)
    return frozenset(days)
