"""The business: its names, how customers reach it, its hours and its looks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, FileField, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import colors, dates
from app.calendars import DAYS, CalendarError, WorkingHours
from app.forms import Form, PhoneField, RadioField
from app.i18n import _, _l

SPANS = 2
LANGUAGES = (("fa", "فارسی"), ("en", "English"))
UNITS = (("toman", _l("Toman")), ("rial", _l("Rial")))


class DayForm(Form):
    """One weekday: closed, or open in one or two spans. `spans` holds what was read, as `WorkingHours` stores it."""

    is_open = BooleanField(_l("Open"))
    from_1 = StringField(_l("from"), [Length(max=10)])
    to_1 = StringField(_l("to"), [Length(max=10)])
    from_2 = StringField(_l("and from"), [Length(max=10)])
    to_2 = StringField(_l("to"), [Length(max=10)])

    spans: list[list[str]]

    @property
    def day(self) -> str:
        """Which weekday this is: "sat" to "fri"."""
        return str(self.is_open.name).partition("-")[0]

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
        pairs = [(self[f"from_{number}"].data or "", self[f"to_{number}"].data or "") for number in (1, 2)]
        written = [list(pair) for pair in pairs if any(pair)]
        if not written:
            raise CalendarError(_("Write from when to when, or mark the day as closed."))
        spans: list[list[str]] = WorkingHours.parse({self.day: written}).to_json()[self.day]
        return spans


class DaysField(TextAreaField):
    """Days, one a line, in either calendar; `data` is a list of dates in order."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        lines = str(valuelist[0]).replace("،", "\n").replace(",", "\n").splitlines() if valuelist else []
        found: set[date] = set()
        for line in filter(None, map(str.strip, lines)):
            day = dates.parse_date(line)
            if day is None:
                raise ValueError(_("“%(text)s” is no date. Write one a line, like %(example)s.", text=line[:40],
                                   example=dates.example_date()))  # fmt: skip
            found.add(day)
        self.data = sorted(found)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(dates.format_date(day, "numeric") for day in self.data or ())


class BusinessForm(Form):
    name_fa = StringField(_l("Name"), [InputRequired(_l("Please write the name of the business.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    phone = PhoneField(_l("Phone shown to customers"), kind="any")
    address_fa = TextAreaField(_l("Address"), [Length(max=400)])
    address_en = TextAreaField(_l("Address in English"), [Length(max=400)])
    language = RadioField(_l("Language of the business"), choices=LANGUAGES)
    unit = RadioField(_l("Amounts are written in"), choices=UNITS)
    color = StringField(_l("Colour"), [InputRequired(_l("Please choose a colour."))])
    logo = FileField(_l("Logo"))
    removes_logo = BooleanField(_l("Remove the logo"))
    sat, sun, mon, tue, wed, thu, fri = (FormField(DayForm) for _day in DAYS)
    keeps_holidays = BooleanField(_l("Closed on the public holidays of Iran"))
    closed_on = DaysField(_l("Closed on these days too"), [Length(max=8000)])

    # What the hours come to, as the setting stores them; set by a successful `validate`.
    hours: dict[str, Any]

    @property
    def days(self) -> list[DayForm]:
        """The seven days, Saturday first."""
        return [getattr(self, day).form for day in DAYS]

    def validate_color(self, field: StringField) -> None:
        color = colors.parse_color(field.data)
        if color is None:
            raise ValidationError(_("This is not a colour. Write it like #1f6244."))
        if colors.contrast(color, "#ffffff") < colors.LEAST_CONTRAST:
            raise ValidationError(_("White text cannot be read on this colour. Choose a darker one."))
        field.data = color

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        week: dict[str, Any] = {day.day: day.spans for day in self.days}
        week["holidays"] = bool(self.keeps_holidays.data)
        week["closed"] = [day.isoformat() for day in self.closed_on.data or ()]
        try:
            self.hours = WorkingHours.parse(week).to_json()
        except CalendarError as error:
            self.form_errors = [str(error)]
            return False
        return True


def as_fields(hours: Mapping[str, Any]) -> dict[str, Any]:
    """Stored hours as the form's own data."""
    found: dict[str, Any] = {
        "keeps_holidays": hours.get("holidays", True) is not False,
        "closed_on": [date.fromisoformat(day) for day in hours.get("closed", ())],
    }
    for day in DAYS:
        spans = list(hours.get(day, ()))[:SPANS]
        row: dict[str, Any] = {"is_open": bool(spans)}
        for number, (start, end) in enumerate(spans, start=1):
            row |= {f"from_{number}": dates.in_digits(start), f"to_{number}": dates.in_digits(end)}
        found[day] = row
    return found
