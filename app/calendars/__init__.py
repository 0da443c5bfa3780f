"""Working calendars: hours, days off, times closed by decision, and counting in them."""

from app.calendars.hours import Closed, DatedWeek, WorkingHours, public_holidays
from app.calendars.kept import business_hours, calendars
from app.calendars.reading import DAYS, MINUTES_A_DAY, CalendarError

__all__ = ["DAYS", "MINUTES_A_DAY", "CalendarError", "Closed", "DatedWeek", "WorkingHours",
           "business_hours", "calendars", "public_holidays"]  # fmt: skip
