"""Telephone numbers in all the ways people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.phones import parse_mobile, parse_phone, show_phone

SPELLINGS = [
    "09123456789", "9123456789", "+989123456789", "00989123456789", "989123456789", "۰۹۱۲۳۴۵۶۷۸۹", "٠٩١٢٣٤٥٦٧٨٩",
    "0912 345 6789", "0912-345-67-89", "(0912) 3456789", "0912.345.6789", "\u200e09123456789", "0912\u200c3456789",
    "\u202a+98 912 345 6789\u202c", "+98 (0)912 345 6789", "۰۹۱۲ ۳۴۵ ۶۷۸۹\u200f",
]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_of_a_mobile_is_one_number(typed):
    """A05: one canonical number, whatever the digits, prefix, spaces, ZWNJ and LRM."""
    assert parse_mobile(typed) == parse_phone(typed) == "+989123456789"


@pytest.mark.parametrize(
    "number", ["09011234567", "09391234567", "09941234567", "09061234567", "09241234567", "09971234567"]
)
def test_ranges_that_lists_of_operators_miss_are_accepted(number):
    assert parse_mobile(number) == "+98" + number[1:]


NONSENSE = [
    None, "", " ", "0912345678", "091234567890", "0812345678", "+1912345678", "①⑨①②③④⑤⑥⑦⑧⑨", "0912345678x", "9" * 5000,
    "\x00", "0912\x003456789", "۰۹۱۲۳۴۵۶۷۸۹" * 400, "++989123456789", "0912345678⑨", "𝟎𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "null",
]  # fmt: skip


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_is_no_mobile_is_refused_without_exception(typed):
    """A07: circled digits, NUL and 5,000 characters."""
    assert parse_mobile(typed) is None
    assert typed == "+1912345678" or parse_phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("021-88776655", "+982188776655"),
        ("۰۲۱ ۸۸۷۷ ۶۶۵۵", "+982188776655"),
        ("+98 31 3222 1100", "+983132221100"),
        ("0098 21 88776655", "+982188776655"),
        ("+1 212 555 0100", "+12125550100"),
        ("0044 20 7946 0018", "+442079460018"),
    ],
)
def test_landlines_and_foreign_numbers(typed, stored):
    assert parse_phone(typed) == stored
    assert parse_mobile(typed) is None


@pytest.mark.parametrize(
    "typed", ["88776655", "110", "021 8877 665", "+999 123 456 789", "+1 212", "+98 12", "02188776655 داخلی 3"]
)
def test_numbers_without_area_or_country_are_refused(typed):
    assert parse_phone(typed) is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+989123456789", "0912 345 6789"),
        ("+982188776655", "021 8877 6655"),
        ("+442079460018", "+44 20 7946 0018"),
        ("+99999", "+99999"),
        ("+9991234567890", "+9991234567890"),
        ("داخلی ۱۲", "داخلی ۱۲"),
    ],
)
def test_numbers_are_shown_in_groups(stored, shown):
    assert show_phone(stored) == shown


@settings(deadline=None, derandomize=True)
@given(st.from_regex(r"\+98(9[0-9]{9}|[1-8][0-9]{9})", fullmatch=True).filter(str.isascii))
def test_what_is_shown_is_read_back(number):
    assert parse_phone(show_phone(number)) == number


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_no_text_raises(text):
    number = parse_mobile(text)
    assert number is None or len(number) == 13
    parse_phone(text)
    show_phone(text)
