"""Amounts: whole rials inside, toman or rial outside."""

from __future__ import annotations

import re

from app.i18n import _, viewer
from app.text import ascii_digits, clean_line, persian_digits

RIALS_PER = {"rial": 1, "toman": 10}
# More than this is a slip of the finger, and still far from what a 64-bit column holds.
MOST_RIALS = 10**15
_LRM = "\u200e"
_LONGEST_INPUT = 60
_UNIT_WORDS = {
    "تومان": "toman", "تومن": "toman", "toman": "toman", "tomans": "toman", "irt": "toman",
    "ریال": "rial", "rial": "rial", "rials": "rial", "irr": "rial",
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<sign>[-\u2212]?) ?(?P<whole>[0-9]{1,3}(?:(?P<mark>[,\u066c\u060c' \u00a0\u202f])[0-9]{3})"
    r"(?:(?P=mark)[0-9]{3})*|[0-9]{1,20})(?:[.\u066b](?P<part>[0-9]{0,6}))? ?(?P<unit>[^\W\d]*)"
)


def parse_rials(text: str | None, unit: str) -> int | None:
    """The amount in rials of what was typed in `unit` ("toman", "rial"); a unit word in the text wins.

    Takes any digits and thousands marks. None for what is no amount, no whole number of rials, or beyond 10^15 rials.
    """
    if not text or len(text) > _LONGEST_INPUT:
        return None
    match = _AMOUNT.fullmatch(ascii_digits(clean_line(text)).lower())
    if match is None:
        return None
    named = _UNIT_WORDS.get(match["unit"]) if match["unit"] else unit
    if named is None:
        return None
    part = (match["part"] or "").rstrip("0")
    if len(part) > (1 if named == "toman" else 0):
        return None
    rials = int(re.sub(r"[^0-9]", "", match["whole"])) * RIALS_PER[named] + int(part or 0)
    return (-rials if match["sign"] else rials) if rials <= MOST_RIALS else None


def format_money(rials: int | None, unit: str | None = None, *, word: bool = False) -> str:
    """The amount in `unit` (the viewer's when None), in the viewer's digits and marks; empty for None.

    `word` adds the name of the unit. Rials that make no whole toman keep one decimal.
    """
    if rials is None:
        return ""
    unit = unit or viewer().unit
    whole, rest = divmod(abs(rials), RIALS_PER[unit])
    written = format_number(f"{whole}.{rest}" if rest else str(whole))
    if rials < 0:
        written = f"{_LRM}\u2212{written}"
    return f"{written} {unit_word(unit)}" if word else written


def unit_word(unit: str | None = None) -> str:
    """«تومان» or «ریال», in the viewer's language."""
    return _("toman") if (unit or viewer().unit) == "toman" else _("rial")


def format_number(number: int | float | str) -> str:
    """A number with grouped thousands, in the viewer's digits: «۱٬۲۵۰٬۰۰۰٫۵». A string is a plain ASCII decimal."""
    text = str(number)
    sign, text = (f"{_LRM}\u2212", text[1:]) if text.startswith("-") else ("", text)
    whole, _dot, part = text.partition(".")
    written = f"{int(whole):,}" + (f".{part}" if part else "")
    if viewer().digits == "fa":
        written = persian_digits(written.replace(",", "\u066c").replace(".", "\u066b"))
    return sign + written
