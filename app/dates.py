"""Days and times as people read and type them, in either calendar. Stored instants are UTC, stored days are `date`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from persiantools.jdatetime import JalaliDate

from app.clock import utcnow
from app.i18n import Viewer, _, _l, viewer
from app.text import ascii_digits, clean_line, fold, persian_digits

JALALI_MONTHS = {
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "en": ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
           "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
}  # fmt: skip
GREGORIAN_MONTHS = {
    "fa": ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
# The week starts on Saturday, day 0.
WEEKDAYS = {
    "fa": ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"),
    "en": ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}

JALALI_YEARS = range(1250, 1551)
GREGORIAN_YEARS = range(1850, 2201)


class Jalali(NamedTuple):
    """A day of the Jalali calendar."""

    year: int
    month: int
    day: int


def to_local(moment: datetime) -> datetime:
    """The instant on the viewer's clock. A datetime without zone is taken for UTC."""
    return _local(moment, viewer())


def _local(moment: datetime, who: Viewer) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(who.zone)


def local_day(value: date | datetime) -> date:
    """The day of an instant for the viewer; a day is itself."""
    return to_local(value).date() if isinstance(value, datetime) else value


def today() -> date:
    """The present day for the viewer."""
    return to_local(utcnow()).date()


def jalali(value: date | datetime) -> Jalali:
    """Year, month and day of the Jalali calendar; of an instant, on the viewer's clock."""
    return _jalali(local_day(value))


@lru_cache(maxsize=4096)  # a board shows the same few days many times
def _jalali(day: date) -> Jalali:
    found = JalaliDate(day)  # type: ignore[no-untyped-call]
    return Jalali(found.year, found.month, found.day)


def from_jalali(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has no such day."""
    if year not in JALALI_YEARS or not JalaliDate.check_date(year, month, day):
        return None
    day_of: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return day_of


def weekday(day: date) -> int:
    """0 on Saturday to 6 on Friday."""
    return (day.weekday() + 2) % 7


# Reading.

_MONTH_NUMBERS = {
    **{fold(name): (month, "gregorian") for names in GREGORIAN_MONTHS.values() for month, name in enumerate(names, 1)},
    **{fold(name)[:3]: (number, "gregorian") for number, name in enumerate(GREGORIAN_MONTHS["en"], 1)},
    **{fold(name): (number, "jalali") for names in JALALI_MONTHS.values() for number, name in enumerate(names, 1)},
    **{fold(name): (number, "gregorian") for name, number in (("می", 5), ("جون", 6), ("جولای", 7), ("آگوست", 8))},
    fold("امرداد"): (5, "jalali"),
}  # fmt: skip
_DAY_NAMES = {fold(name).replace("\u200c", "") for names in WEEKDAYS.values() for name in names}
_TIME = r"(?:(?:[T ]|، ?|, ?)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([/.\-])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([/.\-])([0-9]{{1,2}})\2(1[2-5][0-9]{{2}}){_TIME}")
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WITH_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})")
_LONGEST_INPUT = 60


def parse_date(text: str | None) -> date | None:
    """The day that was typed, in digits of any script; None for what is no date or a day that does not exist.

    1405/1/5, ۱۴۰۵-۰۱-۰۵, 14050105, 5/1/1405, 2026-03-25, 20260325, ISO with a time (an offset is honoured),
    «شنبه ۲۶ آبان ۱۴۰۵», "26 Aban 1405", "25 March 2026", "March 25, 2026". The year tells the calendar.
    """
    if not text or len(text) > _LONGEST_INPUT:
        return None
    plain = ascii_digits(clean_line(text))
    if _WITH_OFFSET.fullmatch(plain):
        return _parse_instant(plain)
    if match := _YEAR_FIRST.fullmatch(plain):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(plain):
        return _day(int(match[4]), int(match[3]), int(match[1]))
    if match := _PACKED.fullmatch(plain):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    return _parse_named(plain)


def _day(year: int, month: int, day: int) -> date | None:
    if year in JALALI_YEARS:
        return from_jalali(year, month, day)
    try:
        return date(year, month, day) if year in GREGORIAN_YEARS else None
    except ValueError:
        return None


def _parse_instant(plain: str) -> date | None:
    try:
        moment = datetime.fromisoformat(plain)
        return to_local(moment).date() if moment.year in GREGORIAN_YEARS else _day(*map(int, plain[:10].split("-")))
    except ValueError:
        return None


def _parse_named(plain: str) -> date | None:
    """A date with the name of its month."""
    folded = re.sub(r"\b(یک|دو|سه|چهار|پنج) (?=شنبه)", r"\1", fold(plain).replace("\u200c", ""))
    words = [word for word in re.split(r"[\s,،]+", folded) if word and word not in _DAY_NAMES]
    names = [word for word in words if word in _MONTH_NUMBERS]
    # Looked for in what was typed: folding also makes digits of circled ones.
    numbers = [int(number) for number in re.findall(r"(?<!\S)[0-9]{1,4}(?![^\s,،])", plain)]
    if len(words) != 3 or len(names) != 1 or len(numbers) != 2 or words[2] == names[0]:
        return None
    month, calendar = _MONTH_NUMBERS[names[0]]
    day, year = sorted(numbers)
    return _day(year, month, day) if (year in JALALI_YEARS) == (calendar == "jalali") else None


# Writing.


def _parts(day: date, who: Viewer) -> tuple[int, int, int, str]:
    """Year, month, day and the month's name in the viewer's calendar and language."""
    if who.calendar == "jalali":
        found = jalali(day)
        return *found, JALALI_MONTHS[who.locale][found.month - 1]
    return day.year, day.month, day.day, GREGORIAN_MONTHS[who.locale][day.month - 1]


def in_digits(text: str) -> str:
    """The text with its ASCII digits in the viewer's script."""
    return _in_digits_of(text, viewer())


def _in_digits_of(text: str, who: Viewer) -> str:
    return persian_digits(text) if who.digits == "fa" else text


def format_date(value: date | datetime | None, style: str = "long") -> str:
    """The day in the viewer's calendar, language and digits; empty for None.

    "long" «شنبه ۳۰ آبان ۱۴۰۵», "medium" «۳۰ آبان ۱۴۰۵», "short" «۳۰ آبان» (with the year when it is not this year's),
    "numeric" «۱۴۰۵/۰۸/۳۰» (in Gregorian English ISO), "month" «آبان ۱۴۰۵».
    """
    if value is None:
        return ""
    who = viewer()
    day = _local(value, who).date() if isinstance(value, datetime) else value
    return _in_digits_of(_day_in_words(day, style, who), who)


def _day_in_words(day: date, style: str, who: Viewer) -> str:
    """The day as `format_date` writes it, in ASCII digits."""
    year, month, number, name = _parts(day, who)
    if style == "month":
        return f"{name} {year}"
    if style == "numeric":
        separator = "-" if who.calendar == "gregorian" and who.locale == "en" else "/"
        return f"{year:04d}{separator}{month:02d}{separator}{number:02d}"
    if who.locale == "en" and who.calendar == "gregorian" and style == "short":
        name = name[:3]
    written = f"{number} {name}"
    if style != "short" or year != _parts(_local(utcnow(), who).date(), who)[0]:
        written += f" {year}"
    if style == "long":
        written = f"{WEEKDAYS[who.locale][weekday(day)]}{',' if who.locale == 'en' else ''} {written}"
    return written


def example_date() -> str:
    """Today as it may be typed, to show people the form of a date."""
    return format_date(today(), "numeric")


def format_time(moment: datetime | None) -> str:
    """Hours and minutes on the viewer's clock: «۱۶:۳۰»."""
    if not moment:
        return ""
    who = viewer()
    return _in_digits_of(_clock(_local(moment, who)), who)


def _clock(local: datetime) -> str:
    return f"{local.hour:02d}:{local.minute:02d}"


def format_datetime(moment: datetime | None, style: str = "long") -> str:
    """The day as `format_date` and the time: «شنبه ۳۰ آبان ۱۴۰۵، ۱۶:۳۰»."""
    if moment is None:
        return ""
    who = viewer()
    local = _local(moment, who)
    between = " " if style == "numeric" else "، " if who.locale == "fa" else ", "
    return _in_digits_of(f"{_day_in_words(local.date(), style, who)}{between}{_clock(local)}", who)


def relative(moment: datetime | None, *, short: bool = False) -> str:
    """How far from now: «۲۰ دقیقه پیش», «دیروز ۱۶:۳۰», «۲ ساعت دیگر»; beyond a day the date.

    `short` is for card faces and says the distance alone: «۲۰ دقیقه», «۵ ساعت», «۲ روز».
    """
    if moment is None:
        return ""
    local, now = to_local(moment), utcnow()
    distance = local - now
    if short:
        return in_digits(_distance(_minutes(distance)))
    if abs(distance) < timedelta(minutes=1):
        return _("just now")
    days = (local.date() - to_local(now).date()).days
    if abs(distance) < timedelta(hours=1) or (days == 0 and abs(distance) < timedelta(hours=12)):
        length = in_digits(_distance(_minutes(distance)))
        return (
            _("in %(distance)s", distance=length) if distance > timedelta(0) else _("%(distance)s ago", distance=length)
        )
    if days in _NEAR_DAYS:
        return str(_NEAR_DAYS[days]) % {"time": format_time(moment)}
    return format_date(moment, "short")


_NEAR_DAYS = {0: _l("today %(time)s"), -1: _l("yesterday %(time)s"), 1: _l("tomorrow %(time)s")}
_UNITS = (
    (365 * 24 * 60, _l("%(num)s y")),
    (30 * 24 * 60, _l("%(num)s mo")),
    (24 * 60, _l("%(num)s d")),
    (60, _l("%(num)s h")),
    (1, _l("%(num)s min")),
)


def distances() -> Callable[[datetime], str]:
    """`relative(..., short=True)` for a page that says it of many: reader, moment and words are asked for once."""
    now = utcnow()
    known: dict[int, str] = {}

    def distance(moment: datetime) -> str:
        minutes = _minutes(moment - now)
        # Only whole units are said, so that many distances are one.
        minutes -= minutes % next((size for size, _unit in _UNITS if minutes >= size), 1)
        if minutes not in known:
            known[minutes] = in_digits(_distance(minutes))
        return known[minutes]

    return distance


def _minutes(length: timedelta) -> int:
    """Whole minutes of the length, in either direction."""
    return abs(length) // timedelta(minutes=1)


def _distance(minutes: int) -> str:
    """The length in its greatest whole unit, ASCII digits."""
    if minutes < 1:
        return _("now")
    size, unit = next((size, unit) for size, unit in _UNITS if minutes >= size)
    return str(unit) % {"num": minutes // size}
