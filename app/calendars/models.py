"""Calendars as they are kept: weeks from a day on, days off by year, and times closed by decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import localised


class Calendar(Model):
    """Whose hours count: of the house (the default), or of the teams and departments that have their own."""

    __tablename__ = "calendars"
    __table_args__ = (
        sa.Index("uq_calendars_default", "is_default", unique=True, sqlite_where=sa.text("is_default"),
                 postgresql_where=sa.text("is_default")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    name_fa: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str] = mapped_column(default="Asia/Tehran")
    keeps_holidays: Mapped[bool] = mapped_column(default=True)
    archived_at: Mapped[datetime | None]
    weeks: Mapped[list[CalendarWeek]] = relationship(
        back_populates="calendar", cascade="all, delete-orphan", order_by="CalendarWeek.id"
    )

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "calendar", "subject_id": self.id}


class CalendarWeek(Model):
    """The hours of each weekday. The first week of a calendar has no dates; one with an end stands in front of others,
    as the hours of Ramadan do."""

    __tablename__ = "calendar_weeks"
    __table_args__ = (sa.CheckConstraint("until_on IS NULL OR from_on IS NOT NULL", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), index=True)
    name_fa: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    # What `parse_week` reads: {"sat": [["09:00", "13:00"]], ...}.
    days: Mapped[dict[str, Any]]
    calendar: Mapped[Calendar] = relationship(back_populates="weeks")

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)


class HolidayYear(Model):
    """That the days off of a Jalali year are kept here, and no longer taken from the package."""

    __tablename__ = "holiday_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kept_since: Mapped[datetime] = mapped_column(default=utcnow)


class Holiday(Model):
    """A day off in a year that is kept here. A tentative one waits for the moon to be seen."""

    __tablename__ = "holidays"

    on_date: Mapped[date] = mapped_column(primary_key=True)
    name_fa: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    is_tentative: Mapped[bool] = mapped_column(default=False)


class ClosedTime(Model):
    """Closed by decision: whole days, or some hours of each, of one calendar or (None) of all. Customers read why."""

    __tablename__ = "closed_times"
    __table_args__ = (
        sa.CheckConstraint("from_on <= until_on", name="days"),
        sa.CheckConstraint("0 <= first_minute AND first_minute < last_minute AND last_minute <= 1440", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    first_minute: Mapped[int] = mapped_column(default=0)
    last_minute: Mapped[int] = mapped_column(default=1440)
    reason_fa: Mapped[str]
    reason_en: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # Taken back: the day is worked after all. The row stays for those who read history.
    removed_at: Mapped[datetime | None]
    calendar: Mapped[Calendar | None] = relationship()

    @property
    def reason(self) -> str:
        return localised(self.reason_fa, self.reason_en)

    @property
    def is_whole_day(self) -> bool:
        return self.first_minute == 0 and self.last_minute == 1440

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "closed_time", "subject_id": self.id}
