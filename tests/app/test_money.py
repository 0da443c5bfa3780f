"""Amounts typed and shown in toman and rial."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.i18n import as_viewer
from app.money import MOST_RIALS, format_money, format_number, parse_rials

quick = settings(deadline=None, max_examples=300, derandomize=True)


@pytest.mark.parametrize(
    ("typed", "unit", "rials"),
    [
        ("125000", "toman", 1_250_000),
        ("۱۲۵٬۰۰۰", "toman", 1_250_000),
        ("١٢٥,٠٠٠", "rial", 125_000),
        ("1،250،000", "rial", 1_250_000),
        ("125 000", "toman", 1_250_000),
        ("۱۲۵۰۰۰ ریال", "toman", 125_000),
        ("۱۲۵٬۰۰۰ تومان", "rial", 1_250_000),
        ("125,000 Toman", "rial", 1_250_000),
        ("۱۲٫۵", "toman", 125),
        ("12.50", "toman", 125),
        ("0", "toman", 0),
        ("-250", "toman", -2500),
        ("\u200e\u2212۲۵۰", "toman", -2500),
    ],
)
def test_amounts_are_read_in_their_unit(typed, unit, rials):
    assert parse_rials(typed, unit) == rials


@pytest.mark.parametrize(
    "typed",
    [
        None, "", " ", "abc", "1,5", "12,34,567", "1.250.000", "12.55", "1e9", "NaN", "①②", "۱۲ دلار", "12 x", "\x00",
        "9" * 21, "9" * 5000, "--5", "1,250٬000",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed):
    assert parse_rials(typed, "toman") is None


def test_half_a_rial_and_endless_riches_are_refused():
    assert parse_rials("12.5", "rial") is None
    assert parse_rials("12.0", "rial") == 12
    assert parse_rials(str(MOST_RIALS), "rial") == MOST_RIALS
    assert parse_rials(str(MOST_RIALS + 1), "rial") is None


def test_amounts_are_shown_with_the_marks_of_the_viewer():
    with as_viewer("fa"):
        assert format_money(12_500_000) == "۱٬۲۵۰٬۰۰۰"
        assert format_money(12_500_000, word=True) == "۱٬۲۵۰٬۰۰۰ تومان"
        assert format_money(12_500_000, "rial", word=True) == "۱۲٬۵۰۰٬۰۰۰ ریال"
        assert format_money(12_345) == "۱٬۲۳۴٫۵"
        assert format_money(-12_345) == "\u200e−۱٬۲۳۴٫۵"
        assert format_money(None) == ""
    with as_viewer("en", unit="rial"):
        assert format_money(12_500_000, word=True) == "12,500,000 rial"
        assert format_money(12_345, "toman") == "1,234.5"
    with as_viewer("fa", digits="latin"):
        assert format_money(12_345) == "1,234.5"


@quick
@given(
    st.integers(-MOST_RIALS, MOST_RIALS),
    st.sampled_from(["toman", "rial"]),
    st.sampled_from(["fa", "en"]),
    st.booleans(),
)
def test_what_is_shown_is_read_back(rials, unit, locale, word):
    with as_viewer(locale):
        assert parse_rials(format_money(rials, unit, word=word), unit) == rials


@quick
@given(st.text())
def test_no_text_raises(text):
    parse_rials(text, "toman")


def test_numbers():
    with as_viewer("fa"):
        assert format_number(1234567) == "۱٬۲۳۴٬۵۶۷"
        assert format_number(-1234.5) == "\u200e−۱٬۲۳۴٫۵"
        assert format_number(0) == "۰"
    with as_viewer("en"):
        assert format_number("1234.50") == "1,234.50"
