"""Tracking codes: readable, checked, accepted however they are typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codes import ALPHABET, new_code, parse_code, show_code

SAMPLE = [new_code() for _ in range(20)]


@pytest.mark.parametrize("_turn", range(100))
def test_a_new_code_is_its_own_reading(_turn):
    code = new_code()
    assert len(code) == 9
    assert set(code) <= set(ALPHABET)
    assert parse_code(code) == parse_code(show_code(code)) == code


def test_codes_do_not_repeat():
    assert len({new_code() for _ in range(5000)}) == 5000


def test_the_alphabet_has_no_look_alikes():
    for group in ("0OQD", "1ILJ", "5S", "8B", "2Z", "6G", "UV", "VY"):
        assert len(set(group) & set(ALPHABET)) <= 2
    assert not set("01AEIOULSBZG") & set(ALPHABET)


@pytest.mark.parametrize("code", SAMPLE, ids=range(len(SAMPLE)))
def test_every_wrong_character_is_noticed(code):
    for place in range(9):
        for other in set(ALPHABET) - {code[place]}:
            assert parse_code(code[:place] + other + code[place + 1 :]) is None


@pytest.mark.parametrize("code", SAMPLE, ids=range(len(SAMPLE)))
def test_every_exchange_of_two_characters_is_noticed(code):
    for first in range(8):
        for second in range(first + 1, 9):
            letters = list(code)
            letters[first], letters[second] = letters[second], letters[first]
            if letters != list(code):
                assert parse_code("".join(letters)) is None


BETWEEN = ["", " ", "-", "\u200c", "\u2011", " - ", "\u00a0", "\u200f", "."]
DIGITS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"]


@settings(deadline=None, derandomize=True)
@given(st.sampled_from(SAMPLE), st.sampled_from(BETWEEN), st.booleans(), st.sampled_from(DIGITS))
def test_a_code_is_read_however_it_is_typed(code, between, is_lower, digits):
    """P05: neighbouring forms lead to the same answer as the code itself."""
    typed = between.join(code).translate(str.maketrans("0123456789", digits))
    assert parse_code(f" {typed.lower() if is_lower else typed}\n") == code


def test_look_alikes_are_taken_for_what_was_meant():
    for shown, typed in (("5", "S"), ("8", "b"), ("2", "z"), ("6", "G"), ("Q", "0"), ("Q", "o")):
        code = next(code for code in iter(new_code, None) if shown in code)
        assert parse_code(code.replace(shown, typed)) == code
    assert parse_code("#" + SAMPLE[0]) == SAMPLE[0]


@pytest.mark.parametrize(
    "text", [None, "", " ", "7KQD", "①②③④⑤⑥⑦⑧⑨", "\x00" * 9, "7" * 5000, "ۀكةيىئآأإ", "ßßßßßßßßß", "'; drop"]
)
def test_anything_else_is_no_code(text):
    """A07: circled digits, NUL, 5,000 characters."""
    assert parse_code(text) is None


def test_only_codes_are_shown_in_groups():
    assert show_code("7KQD3XHT4") == "7KQD-3XHT-4"
    assert show_code("ORD-12") == "ORD-12"
