"""Telephone numbers: typed in many ways, stored as E.164, shown as Iranians write them."""

from __future__ import annotations

import re

from app.text import BIDI_CONTROLS, ZWNJ, ascii_digits

_LONGEST_INPUT = 40
_BETWEEN = re.compile(rf"[ \t\u00a0\u2000-\u200a\u202f\-().\u2010-\u2015\u2212/{ZWNJ}\u200d{BIDI_CONTROLS}]+")
# Prefixes of operators are not checked: new ranges are issued faster than any list is updated.
_MOBILE = re.compile(r"(?:(?:\+?98)?0?)(9[0-9]{9})")
_LANDLINE = re.compile(r"(?:\+?980?|0)([1-8][0-9][0-9]{8})")
_INTERNATIONAL = re.compile(r"\+(?!98)[1-9][0-9]{6,14}")


def _bare(text: str | None) -> str:
    """Digits and a leading plus; empty when the input cannot be a number."""
    if not text or len(text) > _LONGEST_INPUT:
        return ""
    bare = _BETWEEN.sub("", ascii_digits(text))
    return "+" + bare[2:] if bare.startswith("00") else bare


def parse_mobile(text: str | None) -> str | None:
    """The Iranian mobile number as +989xxxxxxxxx; None when the shape is another."""
    match = _MOBILE.fullmatch(_bare(text))
    return f"+98{match[1]}" if match else None


def parse_phone(text: str | None) -> str | None:
    """A mobile, an Iranian landline with its area code, or an international number with its +, as E.164; else None."""
    bare = _bare(text)
    if match := _MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare):
        return f"+98{match[1]}"
    return bare if _INTERNATIONAL.fullmatch(bare) and _is_possible(bare) else None


def _is_possible(number: str) -> bool:
    """Whether the country exists and its numbers have this length."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def show_phone(number: str) -> str:
    """The stored number as people write it, in ASCII: 0912 345 6789, 021 8877 6655, +1 212 555 0100.

    What is no E.164 number is returned as it is.
    """
    if re.fullmatch(r"\+989[0-9]{9}", number):
        return f"0{number[3:6]} {number[6:9]} {number[9:]}"
    if re.fullmatch(r"\+98[1-8][0-9]{9}", number):
        return f"0{number[3:5]} {number[5:9]} {number[9:]}"
    return _show_international(number) if _INTERNATIONAL.fullmatch(number) else number


def _show_international(number: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
