"""Form fields that understand Persian input. `data` is what is stored; what was typed is shown again when refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import fields
from wtforms.validators import StopValidation

from app import codes, dates, emails, money, phones
from app.i18n import _, viewer
from app.text import ascii_digits, clean_line, fold

LARGEST_INTEGER = 2**31 - 1


class TypedField(fields.StringField):
    """One line of text that stands for something else. A blank line is None."""

    data: Any

    def parse(self, text: str) -> Any:
        """What the text stands for. Raises ValueError with a sentence."""
        raise NotImplementedError

    def show(self, data: Any) -> str:
        """A stored value as people would type it."""
        return str(data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        if valuelist and isinstance(valuelist[0], str) and valuelist[0].strip():
            self.data = self.parse(valuelist[0])

    def pre_validate(self, form: Any) -> None:
        # What cannot be read has said so already; further rules would only add confusing sentences.
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class CodeField(TypedField):
    """A tracking code, as it is stored."""

    def parse(self, text: str) -> str:
        code = codes.parse_code(text)
        if code is None:
            raise ValueError(_("This is not a tracking code. It has nine characters, for example 7KQD-3XHT-4."))
        return code

    def show(self, data: str) -> str:
        return codes.show_code(data)


class PhoneField(TypedField):
    """A telephone number as E.164: `kind` "mobile" takes Iranian mobiles, "any" also landlines and foreign numbers."""

    def __init__(self, *args: Any, kind: str = "mobile", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def parse(self, text: str) -> str:
        number = phones.parse_mobile(text) if self.kind == "mobile" else phones.parse_phone(text)
        if number is not None:
            return number
        if self.kind == "mobile":
            raise ValueError(_("This is not a mobile number. Write it like 0912 345 6789."))
        raise ValueError(_("This is not a telephone number. Write it with the area code, like 021 8877 6655."))

    def show(self, data: str) -> str:
        return dates.in_digits(phones.show_phone(data))


class EmailField(TypedField):
    """An e-mail address in lower case. Whether it exists is not asked here."""

    def parse(self, text: str) -> str:
        address = emails.parse_email(text)
        if address is None:
            raise ValueError(_("This is not an e-mail address. Write it like name@example.com."))
        return address


class TimeField(TypedField):
    """A time of day, as minutes after midnight: "9", "9:30", «۰۹:۳۰», "24:00"."""

    def parse(self, text: str) -> int:
        from app.calendars.reading import minute_of

        minute = minute_of(text)
        if minute is None:
            raise ValueError(_("Write a time like %(example)s.", example=dates.in_digits("10:30")))
        return minute

    def show(self, data: int) -> str:
        return dates.in_digits(f"{data // 60:02d}:{data % 60:02d}")


class MoneyField(TypedField):
    """An amount typed in the viewer's unit, in whole rials. `least` 0 refuses negative amounts; None allows them."""

    def __init__(self, *args: Any, least: int | None = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least

    @property
    def unit_word(self) -> str:
        """The unit, to be written beside the input."""
        return money.unit_word()

    def parse(self, text: str) -> int:
        rials = money.parse_rials(text, viewer().unit)
        if rials is None:
            raise ValueError(_("This is not an amount of money. Write digits only, like 250000."))
        if self.least is not None and rials < self.least:
            raise ValueError(_("The amount is too small."))
        return rials

    def show(self, data: int) -> str:
        return money.format_money(data)


class JalaliDateField(TypedField):
    """A day typed in either calendar."""

    def parse(self, text: str) -> date:
        day = dates.parse_date(text)
        if day is None:
            raise ValueError(_("There is no such date. Write it like %(example)s.", example=dates.example_date()))
        return day

    def show(self, data: date) -> str:
        return dates.format_date(data, "numeric")


class DigitsIntegerField(TypedField):
    """A whole number typed in any digits, with or without thousands marks."""

    def __init__(self, *args: Any, least: int | None = None, most: int = LARGEST_INTEGER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def parse(self, text: str) -> int:
        bare = re.sub(r"[,\u066c\u060c ]", "", ascii_digits(text)).replace("\u2212", "-")
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", bare):
            raise ValueError(_("Write a whole number in digits."))
        number = int(bare)
        if number > self.most:
            raise ValueError(_("Write a number up to %(most)s.", most=money.format_number(self.most)))
        if number < (-self.most if self.least is None else self.least):
            least = -self.most if self.least is None else self.least
            raise ValueError(_("Write a number from %(least)s upwards.", least=money.format_number(least)))
        return number

    def show(self, data: int) -> str:
        return dates.in_digits(str(data))


class DigitsField(TypedField):
    """A string of digits that is no number: one-time codes, identity numbers. `length` is exact when given."""

    def __init__(self, *args: Any, length: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length = length

    def parse(self, text: str) -> str:
        bare = re.sub(r"[\s\-\u200c]", "", ascii_digits(text))
        if self.length is not None and not re.fullmatch(rf"[0-9]{{{self.length}}}", bare):
            raise ValueError(_("Write %(count)s digits.", count=self.length))
        if not re.fullmatch(r"[0-9]{1,40}", bare):
            raise ValueError(_("Write digits only."))
        return bare

    def show(self, data: str) -> str:
        return dates.in_digits(data)


Choices = Iterable[tuple[Any, str]] | Callable[[], Iterable[tuple[Any, str]]]


class _Pairs:
    """Choices as (value, label) pairs, lazy labels included, or a function that gives them when the form is used."""

    choices: Any

    def __init__(self, *args: Any, choices: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices if choices is None or callable(choices) else list(choices)


class SelectField(_Pairs, fields.SelectField):
    """One of several choices, as a drop-down list. `coerce=int` for ids."""


class RadioField(_Pairs, fields.RadioField):
    """One of several choices, all to be seen."""


class SelectMultipleField(_Pairs, fields.SelectMultipleField):
    """Any number of the choices."""


class TagsField(fields.StringField):
    """Tags as a list of names, each once: typed with commas or line ends between them, or sent as several values."""

    MOST = 20
    LONGEST = 40

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        names: dict[str, str] = {}
        for part in re.split(r"[,،;؛\n]", "\n".join(str(value)[:5000] for value in valuelist[:100])):
            name = clean_line(part).lstrip("#").strip()
            if name:
                names.setdefault(fold(name).replace("\u200c", ""), name)
        self.data = list(names.values())
        if len(self.data) > self.MOST:
            raise ValueError(_("Use at most %(max)s tags.", max=self.MOST))
        if any(len(name) > self.LONGEST for name in self.data):
            raise ValueError(_("A tag has at most %(max)s characters.", max=self.LONGEST))

    def _value(self) -> str:
        return ("، " if viewer().locale == "fa" else ", ").join(self.data or ())
