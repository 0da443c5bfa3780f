"""Persian and Latin text: what is stored, what is searched for, and what lists are sorted by.

Search keys are made here and not in the database, so that SQLite and PostgreSQL find and order the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ZWNJ = "\u200c"
ARABIC_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_DIGITS = {chr(base + i): str(i) for base in (0x06F0, 0x0660) for i in range(10)}
_ASCII_DIGITS = str.maketrans(_DIGITS)
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# Control characters other than tab and line end, halves of surrogate pairs (no database takes them), bidi controls,
# byte order mark, soft hyphen.
_UNWANTED = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{BIDI_CONTROLS}\ufeff\u00ad\u200b\u2060]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\u0085")
_KEYBOARD = str.maketrans({"ي": "ی", "ك": "ک"})
_ZWNJ_RUN = re.compile(f"{ZWNJ}{{2,}}")
_LOOSE_ZWNJ = re.compile(rf"(?<![\w{ARABIC_MARKS}]){ZWNJ}|{ZWNJ}(?![\w{ARABIC_MARKS}])")

_FOLDED: dict[str, str | None] = {
    **dict.fromkeys("يىئ", "ی"),
    "ك": "ک",
    **dict.fromkeys("أإٱآ", "ا"),
    "ؤ": "و",
    **dict.fromkeys("\u0629\u06c0\u06c1\u06c2\u06be\u06d5", "ه"),
    **dict.fromkeys("ءـ"),
    **dict.fromkeys(BIDI_CONTROLS),
    **dict.fromkeys("\u00ad\ufeff\u200b\u2060\x00"),
    "\u200d": ZWNJ,
    "_": " ",
    **_DIGITS,
}
_FOLD = str.maketrans(_FOLDED)
_WORD = re.compile(rf"[\w{ZWNJ}]+")
_LATIN_LETTER, _LATIN_WORD = re.compile("[A-Za-z]"), re.compile("[A-Za-z0-9][A-Za-z0-9-]*")


def isolated(text: object) -> str:
    """A path, an address or a name that keeps its own direction inside a sentence of the other one."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def clean(text: str | None) -> str:
    """The text as it is stored: Persian letters for their Arabic doubles, tidy half-spaces, nothing invisible.

    Letters that Persian writers use on purpose (ئ, آ, diacritics) stay. Line ends become "\\n". Idempotent.
    """
    if not text:
        return ""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).translate(_KEYBOARD)
    return _LOOSE_ZWNJ.sub("", _ZWNJ_RUN.sub(ZWNJ, text)).strip()


def clean_line(text: str | None) -> str:
    """`clean` for a name or a title: every run of white space, line ends included, is one space."""
    return " ".join(clean(text).split())


def ascii_digits(text: str) -> str:
    """Persian and Arabic digits as ASCII; all else, circled or mathematical digits included, stays."""
    return text.translate(_ASCII_DIGITS)


def persian_digits(text: str) -> str:
    """ASCII digits as Persian ones. Words with Latin letters keep theirs: a code is told as it is written."""
    if not _LATIN_LETTER.search(text):
        return text.translate(_PERSIAN_DIGITS)
    return _LATIN_WORD.sub(
        lambda word: word[0] if _LATIN_LETTER.search(word[0]) else word[0].translate(_PERSIAN_DIGITS), text
    )


def fold(text: str | None) -> str:
    """The text without what people write in more than one way. For comparing only, never stored as text.

    Half-spaces stay, because the two search keys treat them differently.
    """
    text = unicodedata.normalize("NFKC", text or "").translate(_FOLD).lower()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", text)


def search_key(text: str | None) -> str:
    """The words of the folded text with single spaces between them; a half-space counts as a space."""
    return " ".join(" ".join(_WORD.findall(fold(text))).replace(ZWNJ, " ").split())


def compact_key(text: str | None) -> str:
    """The words of the folded text run together, so that می‌خواهم, می خواهم and میخواهم are one."""
    return search_key(text).replace(" ", "")


_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_RANK = {letter: "a" + _BASE36[rank] for rank, letter in enumerate(_ALPHABET)}
_SORT_TOKEN = re.compile(r"[0-9]+|\s+|.", re.DOTALL)
SORT_KEY_LENGTH = 160


def sort_key(text: str | None) -> str:
    """A key whose order by code points is that of a Persian dictionary; at most 160 ASCII letters and digits.

    Numbers come first and by value, then Persian letters (آ before ا, و before ه), then Latin, then the rest.
    Only lower-case ASCII is used, so that every database collation agrees.
    """
    kept = (text or "").replace("آ", "\ue000").replace("ا\u0653", "\ue000").replace(ZWNJ, "")
    folded = fold(kept).replace("\ue000", "آ")
    return "".join(_sort_rank(token) for token in _SORT_TOKEN.findall(folded.strip()))[:SORT_KEY_LENGTH]


def _sort_rank(token: str) -> str:
    first = token[0]
    if first.isspace():
        return "00"
    if "0" <= first <= "9":
        digits = token.lstrip("0")[:35]
        return "1" + _BASE36[len(digits)] + digits
    if first in _RANK:
        return _RANK[first]
    return "b" + first if "a" <= first <= "z" else f"c{ord(first):06x}"


@lru_cache(maxsize=4096)  # every page shows the marks of the same colleagues
def initials(name: str | None) -> str:
    """One or two letters for an avatar: of the first and the last word; Persian letters are kept from joining."""
    firsts = [word.lstrip(ZWNJ)[:1] for word in re.findall(rf"[^\W\d_][\w{ZWNJ}]*", clean_line(name))]
    if not firsts:
        return "•"
    letters = [letter.upper() for letter in (firsts[0], *firsts[1:][-1:])]
    return (ZWNJ if letters[0] in _RANK else "").join(letters)
