"""What a cell says: numbers in any digits, amounts, rates, dates, yes and no. `Unreadable` names what is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.dates import parse_date
from app.i18n import _, viewer
from app.money import MOST_RIALS, RIALS_PER
from app.text import ascii_digits, clean_line, search_key

NOTHING = frozenset({"", "null", "\\n", "?"})
YES = frozenset({"1", "true", "yes", "y", "بله", "بلی", "آری", "دارد", "درست"})
NO = frozenset({"0", "false", "no", "n", "خیر", "نه", "ندارد", "نادرست"})
HUNDREDTHS = 10_000
_NUMBER = re.compile(r"-?[0-9]+(?:[.,'\u066c\u060c\u066b \u00a0\u202f][0-9]+)*")
_UNITS = {
    **dict.fromkeys(("تومان", "تومن", "toman", "tomans", "irt"), "toman"),
    **dict.fromkeys(("ریال", "rial", "rials", "irr", "﷼"), "rial"),
}
_UNIT = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, _UNITS))})(?!\w)", re.IGNORECASE)
_SIGNS = re.compile(r"^[$€£]\s*|\s*[$€£]$")
_CLOCK = re.compile(r"[T ،,]\s?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?$")
# The years of the Gregorian calendar alone: Jalali ones stand last without doubt about the order.
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]((?:18|19|20|21)[0-9]{2})(?![0-9])")
_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})")
# Days since 30 December 1899, as spreadsheets write them: 1927 to 2119.
_SERIAL = re.compile(r"([1-7][0-9]{4})(?:\.([0-9]+))?")
_SERIAL_ZERO = date(1899, 12, 30)


class Unreadable(ValueError):
    """The cell says something that its field cannot hold; the text is a sentence for the reader."""


def text(cell: str) -> str:
    """The cell as it is stored; "NULL" and blank are nothing."""
    tidy = clean_line(cell)
    return "" if tidy.lower() in NOTHING else tidy


def key(cell: str) -> str:
    """A number or code that names something: in ASCII digits."""
    return ascii_digits(text(cell))


def unit_in(words: str) -> str | None:
    """The unit of money that a header or a cell names: "toman", "rial" or None."""
    found = _UNIT.search(words)
    return _UNITS[found[1].lower()] if found else None


def number(cell: str) -> Decimal:
    """A number in any digits, with thousands marks, with a decimal point or comma."""
    bare = ascii_digits(cell).replace("\u2212", "-").strip()
    if not _NUMBER.fullmatch(bare) or len(bare) > 40:
        raise Unreadable(_("This is not a number."))
    return Decimal(_plain(re.sub(r"['\u066c\u060c \u00a0\u202f]", "", bare)))


def _plain(bare: str) -> str:
    """Of a dot and a comma the later one is the decimal mark; a comma alone parts thousands before three digits."""
    bare = bare.replace("\u066b", ".")
    if "." in bare and "," in bare:
        mark = max(".", ",", key=bare.rfind)
        bare = bare.replace("," if mark == "." else ".", "").replace(",", ".")
    elif re.fullmatch(r"-?(?!0,)[0-9]{1,3}(?:,[0-9]{3})+", bare):
        bare = bare.replace(",", "")
    else:
        bare = bare.replace(",", ".")
    if bare.count(".") > 1:
        raise Unreadable(_("This is not a number."))
    return bare


def whole(cell: str) -> int:
    """A whole number from 0 on, as quantities are."""
    value = number(cell)
    if value != value.to_integral_value():
        raise Unreadable(_("This must be a whole number."))
    if not 0 <= value < 2**31:
        raise Unreadable(_("This number is too small or too large."))
    return int(value)


def money(cell: str, rials_per_unit: int) -> Decimal:
    """An amount in rials, not rounded yet. A unit that is written in the cell wins over the one that was chosen."""
    own = unit_in(cell)
    bare = _SIGNS.sub("", _UNIT.sub("", cell).strip())
    value = number(bare) * (RIALS_PER[own] if own else rials_per_unit)
    if not 0 <= value <= MOST_RIALS:
        raise Unreadable(_("This amount is too small or too large."))
    return value


def rials(amount: Decimal) -> int:
    """Whole rials, half up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def rate(cell: str, *, percent: bool) -> int:
    """A share in hundredths of a percent: 0.05, or with `percent` (or a sign in the cell) 5."""
    bare = cell.replace("%", "").replace("٪", "")
    value = number(bare.strip()) * (100 if percent or bare != cell else HUNDREDTHS)
    if not 0 <= value <= HUNDREDTHS:
        raise Unreadable(_("This share must lie between nothing and the whole."))
    if value != value.to_integral_value():
        raise Unreadable(_("This share has too many decimals."))
    return int(value)


def flag(cell: str) -> bool:
    """Yes or no in figures or words."""
    word = search_key(cell)
    if word not in YES | NO:
        raise Unreadable(_("This is neither yes nor no."))
    return word in YES


def in_order(bare: str, order: str) -> str:
    """A date like 03-04-2016 with its year first; `order` "mdy" says that the month stands before the day."""
    found = _YEAR_LAST.match(bare)
    if found is None:
        return bare
    one, other, year = found[1], found[2], found[3]
    month, number = (one, other) if order == "mdy" else (other, one)
    return f"{year}-{month}-{number}{bare[found.end() :]}"


def says_order(cell: str) -> str:
    """Which order of day and month such a date proves: "dmy", "mdy", "any" for either, "" for no such date."""
    found = _YEAR_LAST.match(ascii_digits(clean_line(cell)))
    if found is None:
        return ""
    return "dmy" if int(found[1]) > 12 else "mdy" if int(found[2]) > 12 else "any"


def day(cell: str) -> date:
    """A day in either calendar, or the serial number of a spreadsheet."""
    bare = ascii_digits(clean_line(cell))
    if serial := _SERIAL.fullmatch(bare):
        return _SERIAL_ZERO + timedelta(days=int(serial[1]))
    found = parse_date(bare)
    if found is None:
        raise Unreadable(_("There is no such date."))
    return found


def moment(cell: str, order: str = "") -> datetime:
    """An instant: the day, and the time of day on the business's clock where the cell says one."""
    bare = in_order(ascii_digits(clean_line(cell)), order) if order else ascii_digits(clean_line(cell))
    found = day(bare)
    if _OFFSET.fullmatch(bare):
        return datetime.fromisoformat(bare).astimezone(UTC)
    clock = _CLOCK.search(bare)
    try:
        at = time(int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else time()
    except ValueError:
        raise Unreadable(_("There is no such time.")) from None
    return datetime.combine(found, at, viewer().zone).astimezone(UTC)
