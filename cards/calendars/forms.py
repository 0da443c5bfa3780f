"""Input of the settings of time."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, FormField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import dates
from app.calendars import DAYS, CalendarError, WorkingHours
from app.form_fields import TypedField
from app.forms import Form, JalaliDateField, SelectField, SelectMultipleField, TimeField
from app.i18n import _, _l
from app.text import ascii_digits

SPANS = 3
LONGEST_MINUTES = 60 * 1000


class DayForm(Form):
    """One weekday: closed, or open in up to three spans. `spans` holds what was read, as calendars keep it."""

    is_open = BooleanField(_l("Open"))
    from_1 = StringField(_l("from"), [Length(max=10)])
    to_1 = StringField(_l("to"), [Length(max=10)])
    from_2 = StringField(_l("from"), [Length(max=10)])
    to_2 = StringField(_l("to"), [Length(max=10)])
    from_3 = StringField(_l("from"), [Length(max=10)])
    to_3 = StringField(_l("to"), [Length(max=10)])

    spans: list[list[str]]

    @property
    def day(self) -> str:
        """Which weekday this is: "sat" to "fri"."""
        return str(self.is_open.name).partition("-")[0]

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each span."""
        return [(self[f"from_{number}"], self[f"to_{number}"]) for number in range(1, SPANS + 1)]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        self.spans = []
        if not valid or not self.is_open.data:
            return valid
        try:
            self.spans = self._read()
        except CalendarError as error:
            self.from_1.errors = [str(error)]
            return False
        return True

    def _read(self) -> list[list[str]]:
        written = [[start.data or "", end.data or ""] for start, end in self.pairs if start.data or end.data]
        if not written:
            raise CalendarError(_("Write from when to when, or mark the day as closed."))
        spans: list[list[str]] = WorkingHours.parse({self.day: written}).to_json()[self.day]
        return spans


class WeekForm(Form):
    """The seven days of a week, Saturday first."""

    sat, sun, mon, tue, wed, thu, fri = (FormField(DayForm) for _day in DAYS)

    @property
    def days(self) -> list[DayForm]:
        return [getattr(self, day).form for day in DAYS]

    @property
    def week(self) -> dict[str, Any]:
        """What was read, by a successful `validate`."""
        return {day.day: day.spans for day in self.days if day.spans}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.week:
            self.form_errors = [_("Open at least one day of the week.")]
            return False
        return True


def week_fields(days: Mapping[str, Any]) -> dict[str, Any]:
    """Kept hours as the form's own data."""
    found: dict[str, Any] = {}
    for day in DAYS:
        spans = list(days.get(day, ()))[:SPANS]
        found[day] = {"is_open": bool(spans)}
        for number, (start, end) in enumerate(spans, start=1):
            found[day] |= {f"from_{number}": dates.in_digits(start), f"to_{number}": dates.in_digits(end)}
    return found


class ChecksField(SelectMultipleField):
    """Several of a few, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CalendarForm(WeekForm):
    name_fa = StringField(_l("Name"), [InputRequired(_l("Please write a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    keeps_holidays = BooleanField(_l("Closed on public holidays"), default=True)
    departments = ChecksField(_l("Departments that keep these hours"), coerce=int)
    teams = ChecksField(_l("Teams that keep these hours"), coerce=int)


class DatedWeekForm(WeekForm):
    """Other hours from a day on; with a last day, as in Ramadan, the usual ones come back after it."""

    name_fa = StringField(_l("Name"), [InputRequired(_l("Please write a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    from_on = JalaliDateField(_l("From"), [InputRequired(_l("Please choose a day."))])
    until_on = JalaliDateField(_l("Last day"), [Optional()])


class ClosingForm(Form):
    """Days, or some hours of each, on which nobody works."""

    from_on = JalaliDateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    until_on = JalaliDateField(_l("Last day"), [Optional()])
    from_time = TimeField(_l("From"), [Optional()])
    to_time = TimeField(_l("to"), [Optional()])
    reason_fa = StringField(_l("Why? Customers read this"), [
        InputRequired(_l("Please write why: customers read it.")), Length(max=120),
    ])  # fmt: skip
    reason_en = StringField(_l("Why, in English"), [Length(max=120)])
    calendar_id = SelectField(_l("Who is closed"), coerce=int)

    def validate_from_time(self, _field: TimeField) -> None:
        self._both()

    def validate_to_time(self, _field: TimeField) -> None:
        self._both()

    def _both(self) -> None:
        """A field that is empty is not asked, so each asks for the other."""
        if (self.from_time.data is None) != (self.to_time.data is None):
            raise ValidationError(_("Write both times, or none for whole days."))


class HolidayForm(Form):
    day = JalaliDateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    name_fa = StringField(_l("Name"), [InputRequired(_l("Please write a name.")), Length(max=120)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    is_tentative = BooleanField(_l("Depends on the moon; not sure yet"))


class HolidayDayForm(Form):
    day = JalaliDateField(validators=[InputRequired(_l("Please choose a day."))])


class LengthField(TypedField):
    """Working time as minutes: "8" or "8:30" are hours, "۰:۳۰" half of one."""

    def parse(self, text: str) -> int:
        match = re.fullmatch(r"([0-9]{1,3})(?:[:.٫]([0-9]{2}))?", ascii_digits(text).strip())
        minutes = int(match[1]) * 60 + int(match[2] or 0) if match else 0
        if match is None or int(match[2] or 0) > 59 or not 0 < minutes <= LONGEST_MINUTES:
            raise ValueError(_("Write hours like %(example)s.", example=dates.in_digits("8 / 1:30")))
        return minutes

    def show(self, data: int) -> str:
        hours, minutes = divmod(data, 60)
        return dates.in_digits(f"{hours}:{minutes:02d}" if minutes else str(hours))
