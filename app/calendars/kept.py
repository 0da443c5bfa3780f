"""Calendars read once for each version of them: every card that is opened or shown asks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import sqlalchemy as sa
from flask import has_app_context
from sqlalchemy.orm import selectinload

from app import settings
from app.calendars.holidays import HolidayName, Holidays
from app.calendars.hours import Closed, DatedWeek, WorkingHours
from app.calendars.models import Calendar, CalendarWeek, ClosedTime, Holiday, HolidayYear
from app.calendars.reading import parse_week
from app.dates import jalali
from app.extensions import db

VERSION = "calendars.version"
settings.define(VERSION, "")
T = TypeVar("T")


class Kept(Generic[T]):
    """Something that is computed from calendars and what belongs to them, kept in this process until they change."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._found: tuple[str, T] | None = None

    def __call__(self) -> T:
        """What is true of the present version. No query while the version stands."""
        key = _version()
        if self._found is None or self._found[0] != key:
            self._found = (key, self._load())
        return self._found[1]


def _version() -> str:
    stored = [settings.get(VERSION), settings.get("business.hours"), settings.get("business.timezone")]
    return json.dumps(stored, sort_keys=True)


def renew() -> None:
    """Say that calendars changed: from the commit on every process reads them anew.

    The version is no number that is counted up: one that was rolled back must never come again with other contents.
    """
    settings.keep(VERSION, secrets.token_hex(8))


@dataclass(frozen=True)
class Calendars:
    """All hours that count now. `default` is of the house."""

    default: WorkingHours
    by_id: Mapping[int, WorkingHours] = field(default_factory=dict)
    holidays: Holidays = field(default_factory=Holidays)

    def of(self, calendar_id: int | None) -> WorkingHours:
        """The hours of a calendar; those of the house for None and for an archived one."""
        return self.by_id.get(calendar_id or 0, self.default)


def _load() -> Calendars:
    if not has_app_context():
        return Calendars(first_hours())
    holidays = _holidays()
    query = sa.select(Calendar).where(Calendar.archived_at.is_(None)).options(selectinload(Calendar.weeks))
    rows = list(db.session.scalars(query))
    closed = list(db.session.scalars(sa.select(ClosedTime).where(ClosedTime.removed_at.is_(None))))
    hours = {row.id: hours_of(row, holidays, closed) for row in rows}
    house = next((hours[row.id] for row in rows if row.is_default), None)
    return Calendars(house or first_hours(holidays, closed), hours, holidays)


def _holidays() -> Holidays:
    kept: dict[int, dict[date, HolidayName]] = {year: {} for year in db.session.scalars(sa.select(HolidayYear.year))}
    for row in db.session.scalars(sa.select(Holiday)) if kept else ():
        if (year := jalali(row.on_date).year) in kept:
            kept[year][row.on_date] = HolidayName(row.name_fa, row.name_en, row.is_tentative)
    return Holidays(kept)


def first_hours(holidays: Holidays | None = None, closed: list[ClosedTime] | None = None) -> WorkingHours:
    """The hours of a house that keeps no calendar of its own yet, as its settings say."""
    base = WorkingHours.parse(settings.get("business.hours"), timezone=settings.get("business.timezone"))
    return WorkingHours(
        base.week, base.timezone, base.keeps_holidays, base.closed_on, closed=_closed_for(None, closed or []),
        holidays=holidays or Holidays(),
    )  # fmt: skip


def hours_of(row: Calendar, holidays: Holidays, closed: list[ClosedTime]) -> WorkingHours:
    """What a calendar comes to."""
    return WorkingHours(
        parse_week(_base(row).days), row.timezone, row.keeps_holidays,
        dated=tuple(DatedWeek(parse_week(week.days), week.from_on, week.until_on) for week in row.weeks
                    if week.from_on is not None),
        closed=_closed_for(row.id, closed), holidays=holidays,
    )  # fmt: skip


def _base(row: Calendar) -> CalendarWeek:
    return next(week for week in row.weeks if week.from_on is None)


def _closed_for(calendar_id: int | None, rows: list[ClosedTime]) -> tuple[Closed, ...]:
    return tuple(
        Closed(row.from_on, row.until_on, row.reason_fa, row.reason_en, row.first_minute, row.last_minute)
        for row in rows if row.calendar_id is None or row.calendar_id == calendar_id
    )  # fmt: skip


calendars: Kept[Calendars] = Kept(_load)


def business_hours() -> WorkingHours:
    """The hours of the house, on its own clock."""
    return calendars().default
