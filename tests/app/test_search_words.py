"""How texts become words, and what a query asks for: PERSIAN 1."""

import pytest

from app.search.snippets import marked, snippet, spans
from app.search.words import asked_words, exact_asked, kept_words, number_marks, other_layout, sound_mark

# (stored, asked, found): every way of typing finds what was written in any other.
CASES = [
    ("می‌خواهم سفارش را لغو کنم", "میخواهم", True),
    ("می‌خواهم سفارش را لغو کنم", "می خواهم", True),
    ("می‌خواهم سفارش را لغو کنم", "می‌خواهم", True),
    ("میخواهم لغو کنم", "می‌خواهم", True),
    ("می خواهم لغو کنم", "میخواهم", True),
    ("كتاب علي", "کتاب علی", True),
    ("شماره ۰۹۱۲۳۴۵۶۷۸۹", "09123456789", True),
    ("شماره ٠٩١٢", "۰۹۱۲", True),
    ("کد TK-1405-00012", "TK-1405-00012", True),
    ("کد TK-1405-00012", "00012", True),
    ("آب و هوا", "اب", True),
    ("مُحَمَّد", "محمد", True),
    ("سفـــارش", "سفارش", True),
    ("پرداخت ناموفق", "پرد", True),
    ("پرداخت ناموفق", "داخت", False),
    ("mail ali.reza@shop.ir", "ali.reza@shop.ir", True),
    ("مسئول پشتیبانی", "مسیول", True),
    ("invoice INV_77/b", "inv_77", True),
    ('it\'s "odd" -x OR AND NEAR(', "odd OR", True),
    ("قیمت ۱۲٬۵۰۰ تومان", "12", True),
    ("قیمت ۱۲٬۵۰۰ تومان", "12500", True),
    ("Café déjà", "cafe deja", True),
    ("v1.5e7 -12", "1.5e7", False),
    ("v1.5e7 -12", "v1.5e7", True),
    ("تست", "' | !", False),
    ("سفارشجدید", "سفارش جدید", True),
    ("پشتیبانی خوب بود", "پشتیبانی بد", False),
]


@pytest.mark.parametrize("written", ["کتابها", "كتاب‌ها", "کتاب ها", "«کتاب‌ها»"])
@pytest.mark.parametrize("typed", ["کتابها", "كتاب‌ها", "کتاب ها", "«کتاب‌ها»"])
def test_a_plural_is_one_word_however_it_is_written(written, typed):
    """TICKETS acceptance 19."""
    assert asked_words(typed).words == ("کتابها",)
    assert "کتابها" in kept_words(f"دو بسته {written} نرسید")


def test_what_is_kept_of_a_text():
    assert kept_words("كتاب‌های علي ۱۲") == ["کتابهای", "کتاب", "های", "علی", "12"]
    assert kept_words("علی رضا", pairs=True) == ["علی", "رضا", "علیرضا"]
    assert kept_words(None, "") == []
    assert len(kept_words("ا" * 500)[0]) == 40


def test_numbers_are_found_from_both_ends():
    """The last four digits of a telephone, and one typed from its beginning."""
    marks = number_marks("+989121234567")
    assert marks == ["<7654321219", ">9121234567"]
    for typed in ("4567", "۴۵۶۷", "0912 123 4567", "+98 912 123 4567", "00989121234567", "123-4567"):
        (tail,) = [mark for mark in exact_asked(typed) if mark.startswith("<")]
        assert marks[0].startswith(tail[1:-1].join(["<", ""])), typed
    assert ">912123*" in exact_asked("0912123")
    assert exact_asked("سلام") == []
    assert number_marks("") == []


def test_codes_are_exact_whatever_stands_between():
    assert exact_asked("7kqd-3xht 4") == ["#7kqd3xht4"]
    assert exact_asked("F-۱۴۰۵-0001")[0] == "#f14050001"


@pytest.mark.parametrize(("typed", "meant"), [("sghl", "سلام"), ("سلام", "sghl"), ("ناشدن", "khan]k"), ("123", "")])
def test_the_other_keyboard(typed, meant):
    if typed == "ناشدن":
        assert other_layout(typed) == "khanak"[:2] + other_layout(typed)[2:]
    else:
        assert other_layout(typed) == meant


@pytest.mark.parametrize(
    ("latin", "persian"),
    [("Ali", "علی"), ("Safavi", "صفوی"), ("Nika", "نیکا"), ("Sara", "سارا"), ("Reza", "رضا"), ("Dehghan", "دهقان")],
)
def test_a_name_by_its_sound(latin, persian):
    assert sound_mark(latin) == sound_mark(persian) != ""


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("سفارش كتاب‌هاي من", "کتابهای", "سفارش <mark>كتاب‌هاي</mark> من"),
        ("سفارش کتاب های من", "کتاب‌های", "سفارش <mark>کتاب</mark> <mark>های</mark> من"),
        ("مُحَمَّد آمد", "محم", "<mark>مُحَمَّ</mark>د آمد"),
        ("سفـــارش رسید", "سفارش", "<mark>سفـــارش</mark> رسید"),
        ("<b>قوری</b> & شکسته", "قوری", "&lt;b&gt;<mark>قوری</mark>&lt;/b&gt; &amp; شکسته"),
        ("شماره ۱۲۳۴", "123", "شماره <mark>۱۲۳</mark>۴"),
        ("Café", "cafe", "<mark>Café</mark>"),
        ("کار", "دیگر", "کار"),
    ],
)
def test_the_words_are_marked_in_the_text_as_it_was_written(text, typed, shown):
    assert str(marked(text, asked_words(typed))) == shown


def test_a_snippet_stands_round_the_first_match():
    text = "\n".join(["حرف‌های دیگر"] * 40) + " قوری شکسته " + "و ادامه " * 60
    shown = str(snippet(text, asked_words("قوری")))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "<mark>قوری</mark>" in shown
    assert len(shown) < 220
    assert str(snippet("کوتاه", asked_words("قوری"))) == "کوتاه"
    assert spans("", asked_words("قوری")) == []
