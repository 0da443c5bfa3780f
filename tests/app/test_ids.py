"""Identification numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ids import is_legal_id, is_national_id, is_postal_code


@pytest.mark.parametrize(
    "text", ["0013542419", "0499370899", "۰۰۱۳۵۴۲۴۱۹", "٠٤٩٩٣٧٠٨٩٩", "001-354241-9", "13542419", "499370899"]
)
def test_national_ids_that_are_right(text):
    assert is_national_id(text)


WRONG = [None, "", "1111111111", "0013542418", "0499370898", "00135424190", "1354241", "001354241۹x", "⓪⓪①③⑤④②④①⑨",
         "\x000013542419", "0" * 5000]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_national_ids_that_are_wrong(text):
    assert not is_national_id(text)


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 999_999_999), st.integers(0, 9))
def test_one_check_digit_fits_a_national_id(body, wrong):
    fitting = [digit for digit in range(10) if is_national_id(f"{body:09d}{digit}")]
    assert len(fitting) == 1 or len(set(f"{body:09d}")) == 1
    assert (wrong in fitting) == is_national_id(f"{body:09d}{wrong}")


@pytest.mark.parametrize("text", ["10380284790", "14007650912", "۱۰۳۸۰۲۸۴۷۹۰", "1400 7650 912"])
def test_legal_ids_that_are_right(text):
    assert is_legal_id(text)


@pytest.mark.parametrize("text", [None, "11111111111", "10380284791", "1038028479", "103802847900", "1038028479x"])
def test_legal_ids_that_are_wrong(text):
    assert not is_legal_id(text)


def test_postal_codes_have_ten_digits():
    assert is_postal_code("۱۱۳۶۷-۳۵۵۱۵")
    assert is_postal_code("1136735515")
    assert not is_postal_code("113673551")
    assert not is_postal_code("11367355151")
    assert not is_postal_code("11367O5515")
