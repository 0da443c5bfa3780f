"""The verbs of calendars. Each renews the version, so that every process counts by the new hours from the commit on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import events
from app.calendars.holidays import seeded
from app.calendars.kept import calendars, renew
from app.calendars.models import Calendar, CalendarWeek, ClosedTime, Holiday, HolidayYear
from app.calendars.reading import DAYS, MINUTES_A_DAY, CalendarError, parse_week
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.users.models import User

events.define(
    "calendar.created", "calendar.changed", "calendar.archived", "holiday.kept", "holiday.removed", "closed_time.added",
    "closed_time.removed",
)  # fmt: skip
LONGEST_CLOSURE_DAYS = 366


def house_calendar(*, by: Actor | None) -> Calendar:
    """The calendar of the house; made from its settings when somebody first keeps one."""
    found = db.session.scalar(sa.select(Calendar).where(Calendar.is_default))
    if found is not None:
        return found
    hours = calendars().default
    days = {day: spans for day, spans in hours.to_json().items() if day in DAYS}
    calendar = Calendar(name_fa="ساعت کاری کسب‌وکار", name_en="Hours of the business", is_default=True,
                        timezone=hours.timezone, keeps_holidays=hours.keeps_holidays)  # fmt: skip
    calendar.weeks = [CalendarWeek(days=days)]
    db.session.add(calendar)
    db.session.add_all([
        ClosedTime(from_on=day, until_on=day, reason_fa="تعطیلی", reason_en="Closed") for day in sorted(hours.closed_on)
    ])  # fmt: skip
    db.session.flush()
    record("calendar.created", calendar, by=by, data={"name": calendar.name_fa})
    renew()
    return calendar


def create(name_fa: str, name_en: str, days: Mapping[str, Any], *, by: Actor | None) -> Calendar:
    """A calendar beside the one of the house, on the same clock. `DomainError` for hours without sense."""
    house = house_calendar(by=by)
    calendar = Calendar(name_fa=name_fa, name_en=name_en, timezone=house.timezone, keeps_holidays=house.keeps_holidays)
    calendar.weeks = [CalendarWeek(days=_checked(days))]
    db.session.add(calendar)
    db.session.flush()
    record("calendar.created", calendar, by=by, data={"name": name_fa})
    renew()
    return calendar


def change(calendar: Calendar, name_fa: str, name_en: str, *, keeps_holidays: bool, days: Mapping[str, Any],
           by: Actor | None) -> None:  # fmt: skip
    """Other names, hours of the usual week, or another way with public holidays."""
    week, checked = base_week(calendar), _checked(days)
    before: dict[str, Any] = {"name_fa": calendar.name_fa, "name_en": calendar.name_en, "days": week.days,
                              "keeps_holidays": calendar.keeps_holidays}  # fmt: skip
    after = {"name_fa": name_fa, "name_en": name_en, "keeps_holidays": keeps_holidays, "days": checked}
    if before == after:
        return
    calendar.name_fa, calendar.name_en, calendar.keeps_holidays = name_fa, name_en, keeps_holidays
    week.days = checked
    _changed(calendar, {"from": before, "to": after}, by=by)


def base_week(calendar: Calendar) -> CalendarWeek:
    """The week that counts where no dated one does."""
    return next(week for week in calendar.weeks if week.from_on is None)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A week that is worked from a day on, perhaps to another one."""

    name_fa: str
    name_en: str
    from_on: date
    until_on: date | None
    days: Mapping[str, Any]


def put_week(calendar: Calendar, dated: Dated, *, week: CalendarWeek | None = None, by: Actor | None) -> CalendarWeek:
    """Keep a dated week, a new one or another in its place. Raises a `DomainError` when it ends before it begins."""
    if dated.until_on is not None and dated.until_on < dated.from_on:
        raise DomainError(_("The last day lies before the first."), code="order", field="until_on")
    days = _checked(dated.days)
    week = week or CalendarWeek()
    week.name_fa, week.name_en = dated.name_fa, dated.name_en
    week.from_on, week.until_on, week.days = dated.from_on, dated.until_on, days
    if week not in calendar.weeks:
        calendar.weeks.append(week)
    db.session.flush()
    told = {"name": dated.name_fa, "from_on": dated.from_on.isoformat(), "days": days,
            "until_on": dated.until_on.isoformat() if dated.until_on else None}  # fmt: skip
    _changed(calendar, {"week": told}, by=by)
    return week


def remove_week(week: CalendarWeek, *, by: Actor | None) -> None:
    """Take a dated week away; the usual one stays."""
    if week.from_on is None:
        raise DomainError(_("A calendar needs its usual week."), code="needed")
    calendar = week.calendar
    calendar.weeks.remove(week)
    _changed(calendar, {"removed_week": week.name_fa, "from_on": week.from_on.isoformat()}, by=by)


def archive(calendar: Calendar, *, by: Actor | None) -> None:
    """Put a calendar away: whoever kept its hours keeps those of the house. That of the house stays."""
    if calendar.is_default:
        raise DomainError(_("The calendar of the business stays: all others lean on it."), code="needed")
    if calendar.archived_at is None:
        calendar.archived_at = utcnow()
        db.session.flush()
        record("calendar.archived", calendar, by=by, data={"name": calendar.name_fa})
        renew()


def _changed(calendar: Calendar, data: dict[str, Any], *, by: Actor | None) -> None:
    db.session.flush()
    record("calendar.changed", calendar, by=by, data=data)
    renew()


def _checked(days: Mapping[str, Any]) -> dict[str, Any]:
    try:
        parse_week(days)
    except CalendarError as error:
        raise DomainError(str(error), code="hours") from None
    return {day: [list(span) for span in days[day]] for day in DAYS if days.get(day)}


# Days off.


def put_holiday(year: int, day: date, name_fa: str, name_en: str = "", *, is_tentative: bool = False,
                by: Actor | None) -> None:  # fmt: skip
    """Keep a day off of a Jalali year, or give it another name. From the first change on the year is kept by hand."""
    _keep_year(year)
    row = db.session.get(Holiday, day) or Holiday(on_date=day)
    row.name_fa, row.name_en, row.is_tentative = name_fa, name_en, is_tentative
    db.session.add(row)
    db.session.flush()
    data = {"year": year, "day": day.isoformat(), "name": name_fa, "is_tentative": is_tentative}
    record("holiday.kept", None, by=by, data=data)
    renew()


def remove_holiday(year: int, day: date, *, by: Actor | None) -> None:
    """Work on that day after all."""
    _keep_year(year)
    row = db.session.get(Holiday, day)
    if row is None:
        return
    db.session.delete(row)
    db.session.flush()
    record("holiday.removed", None, by=by, data={"year": year, "day": day.isoformat(), "name": row.name_fa})
    renew()


def _keep_year(year: int) -> None:
    """Take the year over from the package, once."""
    if db.session.get(HolidayYear, year) is not None:
        return
    db.session.add(HolidayYear(year=year))
    for day, name in seeded(year).items():
        if db.session.get(Holiday, day) is None:
            db.session.add(Holiday(on_date=day, name_fa=name.fa, name_en=name.en, is_tentative=name.is_tentative))
    db.session.flush()


# Closed by decision.


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Days, or some hours of each, on which nobody works, and why."""

    from_on: date
    until_on: date
    reason_fa: str
    reason_en: str = ""
    first_minute: int = 0
    last_minute: int = MINUTES_A_DAY
    calendar_id: int | None = None


def close_time(closing: Closing, *, by: User | None) -> ClosedTime:
    """Close days or hours. Raises a `DomainError` for an end before the beginning, or more than a year."""
    if closing.until_on < closing.from_on:
        raise DomainError(_("The last day lies before the first."), code="order", field="until_on")
    if (closing.until_on - closing.from_on).days >= LONGEST_CLOSURE_DAYS:
        raise DomainError(_("A closure lasts a year at most."), code="too_long", field="until_on")
    if closing.last_minute <= closing.first_minute:
        raise DomainError(_("The end must be after the beginning."), code="order", field="to_time")
    row = ClosedTime(**{name: getattr(closing, name) for name in Closing.__dataclass_fields__},
                     by_id=by.id if by else None)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record("closed_time.added", row, by=by, data=_told(row))
    renew()
    return row


def open_again(row: ClosedTime, *, by: Actor | None) -> None:
    """Take a closure back."""
    if row.removed_at is None:
        row.removed_at = utcnow()
        db.session.flush()
        record("closed_time.removed", row, by=by, data=_told(row))
        renew()


def _told(row: ClosedTime) -> dict[str, Any]:
    return {"from_on": row.from_on.isoformat(), "until_on": row.until_on.isoformat(), "reason": row.reason_fa,
            "first_minute": row.first_minute, "last_minute": row.last_minute, "calendar": row.calendar_id}  # fmt: skip


def set_house_hours(hours: Mapping[str, Any], *, by: Actor | None) -> Calendar:
    """The usual week of the house, for set-up and the demo. `hours`: {"sat": [["09:00", "17:00"]], ...}."""
    house = house_calendar(by=by)
    days = {day: spans for day, spans in hours.items() if day in DAYS}
    change(house, house.name_fa, house.name_en, keeps_holidays=hours.get("holidays", True) is not False, days=days,
           by=by)  # fmt: skip
    return house


def assign(calendar: Calendar, *, teams: Collection[Any], departments: Collection[Any], everyone: Collection[Any],
           by: Actor | None) -> None:  # fmt: skip
    """Let these teams and departments keep the calendar, and those of `everyone` who kept it no longer do."""
    wanted = [*teams, *departments]
    before = [row for row in everyone if row.calendar_id == calendar.id]
    if set(map(id, wanted)) == set(map(id, before)):
        return
    for row in before:
        row.calendar_id = None
    for row in wanted:
        row.calendar_id = calendar.id
    db.session.flush()
    names = {"from": [row.name_fa for row in before], "to": [row.name_fa for row in wanted]}
    _changed(calendar, {"kept_by": names}, by=by)
