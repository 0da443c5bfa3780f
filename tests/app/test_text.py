"""Persian text: stored form, search keys, dictionary order."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text import ascii_digits, clean, clean_line, compact_key, fold, initials, persian_digits, search_key, sort_key

ZWNJ = "\u200c"
# Characters that matter here come up often, all others sometimes.
texts = st.text(
    st.one_of(st.sampled_from("آایيىئکكهةۀأؤءـًّ\u200c\u200e\u200d \n\t\r.,_()۱٢3aB\x00\u2028é"), st.characters())
)
quick = settings(deadline=None, max_examples=300, derandomize=True)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (None, ""),
        ("  سلام \n", "سلام"),
        ("علي رضايي كريمي", "علی رضایی کریمی"),
        ("مسئله، آب، مؤسسه", "مسئله، آب، مؤسسه"),
        (f"می{ZWNJ}{ZWNJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"{ZWNJ}سلام {ZWNJ}دنیا{ZWNJ}.", "سلام دنیا."),
        (f"کتابِ{ZWNJ}ها PDF{ZWNJ}ها ۵{ZWNJ}ام", f"کتابِ{ZWNJ}ها PDF{ZWNJ}ها ۵{ZWNJ}ام"),
        ("\u200e\u202a0912\u202c\u2066x\u2069", "0912x"),
        ("a\x00b\x07c\ufeffd\ud800e", "abcde"),
        ("یک\r\nدو\rسه\u2028چهار", "یک\nدو\nسه\nچهار"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_what_is_stored_is_tidy_and_keeps_the_writers_letters(typed, stored):
    assert clean(typed) == stored


@quick
@given(texts)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    clean(text).encode()
    assert "\x00" not in clean(text)


def test_a_line_has_single_spaces():
    assert clean_line(" مریم \n\t کاظمی ") == "مریم کاظمی"


def test_only_persian_and_arabic_digits_become_ascii():
    assert ascii_digits("۰۱۲۳۴۵۶۷۸۹") == ascii_digits("٠١٢٣٤٥٦٧٨٩") == "0123456789"
    assert ascii_digits("①²𝟙") == "①²𝟙"
    assert persian_digits("0123456789") == "۰۱۲۳۴۵۶۷۸۹"


@pytest.mark.parametrize(
    "forms",
    [
        ("ي", "ی", "ى", "ئ", "ی\u0654", "ي\u0654"),
        ("ک", "ك"),
        ("أ", "إ", "ٱ", "آ", "ا", "ا\u0653"),
        ("ؤ", "و"),
        ("ة", "\u06c0", "ه", "ه\u0654", "ە", "ہ"),
        ("ﻻ", "لا"),
        ("سـلام", "سَلامٌ", "سلام"),
        ("۱٢3", "123"),
        ("Café", "CAFE", "cafe"),
    ],
)
def test_letters_written_in_several_ways_are_found_as_one(forms):
    assert len({fold(form) for form in forms}) == 1


@quick
@given(texts)
@example("İ\u0345ß")
def test_folding_is_stable(text):
    assert fold(fold(text)) == fold(text)
    assert search_key(search_key(text)) == search_key(text)


@quick
@given(texts)
def test_a_stored_text_is_found_like_the_typed_one(text):
    assert compact_key(clean(text)) == compact_key(text)


def test_half_space_space_and_nothing_are_one_in_the_compact_key():
    forms = (f"می{ZWNJ}خواهم", "می خواهم", "میخواهم")
    assert {compact_key(form) for form in forms} == {"میخواهم"}
    assert search_key(forms[0]) == search_key(forms[1]) == "می خواهم"


def test_search_keys_hold_words_only():
    assert search_key("سفارش «A_12»، (فوری)!") == "سفارش a 12 فوری"
    assert search_key(None) == compact_key("،؛") == ""


def is_in_order(names: Iterable[str]) -> bool:
    return all(sort_key(one) < sort_key(other) for one, other in itertools.pairwise(names))


def test_lists_are_in_the_order_of_a_persian_dictionary():
    assert is_in_order("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")
    assert is_in_order(
        ["آب", "ابر", "احمد", "بابک", "پارسا", "تهران", "چای", "ژاله", "کاوه", "گلی", "وحید", "هما", "یاسر"]
    )
    assert is_in_order(["۲ بهار", "۱۰ بهار", "رضا", "علی احمدی", "علیرضا", "alpha", "Beta", "日本"])


def test_spellings_of_one_name_sort_together():
    assert sort_key("علي") == sort_key("علی") == sort_key("عَلی")
    assert sort_key(f"علی{ZWNJ}اکبر") == sort_key("علیاکبر")
    assert sort_key("آرش") == sort_key("ا\u0653رش")


@quick
@given(texts)
def test_sort_keys_are_short_plain_ascii(text):
    key = sort_key(text)
    assert len(key) <= 160
    assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())


@quick
@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=5))
def test_numbers_sort_by_value(numbers):
    for one, other in itertools.combinations(numbers, 2):
        assert (sort_key(f"انبار {one}") < sort_key(f"انبار {other}")) == (one < other)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("مریم کاظمی", f"م{ZWNJ}ک"),
        ("سید علی حسینی", f"س{ZWNJ}ح"),
        ("آرش", "آ"),
        ("sara lee", "SL"),
        ("(۱۲) ", "•"),
        (None, "•"),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12:45", "۱۲:۴۵"),
        ("سفارش GJ-20118 ثبت شد، 35,860,000 تومان", "سفارش GJ-20118 ثبت شد، ۳۵,۸۶۰,۰۰۰ تومان"),
        ("5PT4-53P7-M و F-1405-0001 از 2 تا", "5PT4-53P7-M و F-1405-0001 از ۲ تا"),
        ("10 MB, 1405-09-01", "۱۰ MB, ۱۴۰۵-۰۹-۰۱"),
    ],
)
def test_persian_digits_leave_codes_as_they_are_written(text, shown):
    assert persian_digits(text) == shown
