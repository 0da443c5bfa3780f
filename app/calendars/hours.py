"""Working hours: when somebody works, and what "four working hours from now" means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.calendars.holidays import Holidays, public_holidays
from app.calendars.reading import (
    MINUTES_A_DAY,
    CalendarError,
    Span,
    Week,
    parse_closed,
    parse_week,
    week_json,
)
from app.calendars.words import describe
from app.dates import weekday
from app.i18n import _, localised

# So far a closed calendar is searched for the next open hour.
_FARTHEST = timedelta(days=3 * 366)
_LONGEST_MEMORY = 4000


@dataclass(frozen=True, slots=True)
class DatedWeek:
    """A week that is worked from a day on; with `until_on` it stands in front of the others, as in Ramadan."""

    week: Week
    from_on: date | None = None
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this week may count on that day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Closed:
    """Time that is closed for a reason that customers may read: whole days, or minutes `first` to `last` of each."""

    from_on: date
    until_on: date
    fa: str = ""
    en: str = ""
    first: int = 0
    last: int = MINUTES_A_DAY
    is_holiday: bool = False

    @property
    def reason(self) -> str:
        return localised(self.fa, self.en)

    def touches(self, day: date, spans: tuple[Span, ...]) -> bool:
        """Whether it takes open time of that day."""
        return self.from_on <= day <= self.until_on and any(a < self.last and self.first < b for a, b in spans)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The open spans of each weekday (Saturday first), less public holidays and the times closed by decision.

    `dated` weeks stand in for `week` on their days; `holidays` are the years that somebody keeps by hand.
    """

    week: Week
    timezone: str = "Asia/Tehran"
    keeps_holidays: bool = True
    closed_on: frozenset[date] = frozenset()
    dated: tuple[DatedWeek, ...] = ()
    closed: tuple[Closed, ...] = ()
    holidays: Holidays = field(default_factory=Holidays)
    # Open intervals by day: a board counts over the same few days many times.
    _days: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

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
        week = parse_week(data)
        return cls(week, timezone, data.get("holidays", True) is not False, parse_closed(data.get("closed", [])))

    def to_json(self) -> dict[str, Any]:
        """What `parse` reads; the time zone is kept elsewhere."""
        closed = sorted(day.isoformat() for day in self.closed_on)
        return {**week_json(self.week), "holidays": self.keeps_holidays, "closed": closed}

    # Questions.

    def is_working_day(self, day: date) -> bool:
        """Whether there is any open hour on this day."""
        return bool(self._on(day))

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

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two instants; nothing when the second is the earlier one."""
        total, start, end = timedelta(0), start.astimezone(UTC), end.astimezone(UTC)
        for opening, closing in self._intervals(start):
            if opening >= end:
                break
            total += min(closing, end) - max(opening, start)
        return total

    def why_closed(self, at: datetime) -> Closed | None:
        """The holiday or the decision for which it is closed at this instant; None when open, or simply after hours."""
        local = at.astimezone(ZoneInfo(self.timezone))
        minute = local.hour * 60 + local.minute
        for reason in self._reasons(local.date()):
            if reason.first <= minute < reason.last:
                return reason
        return None

    def reasons(self, start: datetime, end: datetime, most: int = 3) -> list[Closed]:
        """Holidays and decisions that take open time on the days from `start` to `end`, in order, each once."""
        zone = ZoneInfo(self.timezone)
        found: list[Closed] = []
        day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= last and len(found) < most:
            found += [reason for reason in self._reasons(day) if reason not in found]
            day += timedelta(days=1)
        return found[:most]

    def week_on(self, day: date) -> Week:
        """The week that counts on this day: one with an end before those without, the latest before earlier ones."""
        here = [dated for dated in self.dated if dated.covers(day)]
        chosen = max(here, key=lambda dated: (dated.until_on is not None, dated.from_on or date.min), default=None)
        return chosen.week if chosen else self.week

    def _reasons(self, day: date) -> list[Closed]:
        """Why open time of this day is closed."""
        spans = self.week_on(day)[weekday(day)]
        found = [closed for closed in self.closed if closed.touches(day, spans)]
        holiday = self.holidays.on(day) if self.keeps_holidays and spans else None
        if holiday is not None:
            found.insert(0, Closed(day, day, holiday.fa, holiday.en, is_holiday=True))
        return found

    def _spans(self, day: date) -> tuple[Span, ...]:
        if day in self.closed_on or (self.keeps_holidays and self.holidays.on(day) is not None):
            return ()
        spans = self.week_on(day)[weekday(day)]
        for closed in self.closed:
            if closed.from_on <= day <= closed.until_on:
                spans = tuple(_without(spans, closed.first, closed.last))
        return spans

    def _on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open intervals that begin on this day, in UTC."""
        if day not in self._days:
            if len(self._days) > _LONGEST_MEMORY:
                self._days.clear()
            zone = ZoneInfo(self.timezone)
            both = ((_instant(day, first, zone), _instant(day, last, zone)) for first, last in self._spans(day))
            # A span can vanish in the hour that summer time skips.
            self._days[day] = tuple((start, end) for start, end in both if start < end)
        return self._days[day]

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals that end after `at`, in order, in UTC."""
        moment = at.astimezone(UTC)
        day = at.astimezone(ZoneInfo(self.timezone)).date()
        for number in range(_FARTHEST.days):
            for start, end in self._on(day + timedelta(days=number)):
                if moment < end:
                    yield start, end

    # Words.

    def describe(self, day: date | None = None) -> str:
        """The week in a sentence: «شنبه تا چهارشنبه ۹ تا ۱۸، پنجشنبه ۹ تا ۱۳»; with a day, the week of that day."""
        return describe(self.week_on(day) if day else self.week)


def _without(spans: tuple[Span, ...], first: int, last: int) -> Iterator[Span]:
    for start, end in spans:
        if start < min(end, first):
            yield start, min(end, first)
        if max(start, last) < end:
            yield max(start, last), end


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    # Wall clock arithmetic: the zone's offset is looked up at the resulting hour.
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


__all__ = ["Closed", "DatedWeek", "WorkingHours", "public_holidays"]
