"""What of a text is kept to be found, and what is looked for: plain folded words, the same on every database.

A word that is written with a half-space is kept joined and in its parts; an ending that stands apart (کتاب ها) is also
kept joined, so that every way of typing it is found. Titles and names are short: there any two neighbours are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.text import ZWNJ, fold

LONGEST_WORD = 40
# Of one very long text the first words are enough.
MOST_WORDS = 1500
# What is typed beyond this narrows nothing.
MOST_ASKED = 8
LONGEST_QUERY = 120
SHORTEST_TAIL = 4
# Beginnings are kept in the index up to this length; words that agree so far are forms of one word.
LONGEST_BEGINNING = 8

_WORD = re.compile(rf"[\w{ZWNJ}]+")
_THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:[,٬']\d{3})+(?!\w)")
# Written joined, with a half-space or apart, and always meant as one word.
ENDINGS = frozenset(
    "ها های هایی هایم هایت هایش هایمان هایتان هایشان ام ات اش ای ایم اید اند تر ترین تری".split()  # noqa: SIM905
)
BEGINNINGS = frozenset(("می", "نمی"))


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: every word must occur, the last one may be a beginning. `together`: all words as one,
    as somebody may have written them without spaces; "" for a single word."""

    words: tuple[str, ...]
    together: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.words


def plain_words(text: str | None) -> list[tuple[str, ...]]:
    """The folded words of a text in order, each as its parts between half-spaces."""
    pieces = (text or "").split()
    return [parts for piece in pieces for parts in (_known if len(piece) <= LONGEST_WORD else _words_of)(piece)]


def _words_of(piece: str) -> tuple[tuple[str, ...], ...]:
    """What stands between two spaces."""
    found = (tuple(part for part in word.split(ZWNJ) if part) for word in _WORD.findall(fold(piece)))
    return tuple(parts for parts in found if parts)


# People write the same words again and again, and folding them is most of the work.
_known = lru_cache(maxsize=10_000)(_words_of)


def belongs(before: str, after: str) -> bool:
    """Whether two neighbours are one word: می خواهم, کتاب ها."""
    return before in BEGINNINGS or after in ENDINGS


def kept_words(*texts: str | None, pairs: bool = False) -> list[str]:
    """The words under which texts are found, each once. `pairs`: any two neighbours are kept joined as well."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _kept(text, pairs=pairs):
            found[word[:LONGEST_WORD]] = None
            if len(found) >= MOST_WORDS:
                return list(found)
    return list(found)


def _kept(text: str | None, *, pairs: bool) -> Iterator[str]:
    before = ""
    for parts in plain_words(text):
        whole = "".join(parts)
        yield whole
        if len(parts) > 1:
            yield from parts
        if before and (pairs or belongs(before, parts[0])):
            yield before + whole
            if len(parts) > 1:
                yield before + parts[0]
        before = parts[-1]
    if text and any(mark in text for mark in ",٬'"):
        yield from (re.sub(r"\D", "", number) for number in _THOUSANDS.findall(fold(text)))


def asked_words(text: str | None) -> Asked:
    """What a query asks for."""
    text = _THOUSANDS.sub(lambda number: re.sub(r"\D", "", number[0]), fold(text)[:LONGEST_QUERY])
    words = ["".join(parts) for parts in plain_words(text)]
    joined: list[str] = []
    for word in words:
        if joined and belongs(joined[-1], word):
            joined[-1] += word
        else:
            joined.append(word)
    joined = [word[:LONGEST_WORD] for word in joined[:MOST_ASKED]]
    return Asked(tuple(joined), "".join(joined)[:LONGEST_WORD] if 1 < len(joined) <= 4 else "")


def beginning(word: str) -> str:
    """What a word that may go on must begin with. Numbers are rare enough to be taken whole."""
    return word if any(c.isdigit() for c in word) else word[:LONGEST_BEGINNING]


def together(asked: Asked) -> str:
    """All words as one, open at its end (`*`) where the index keeps such beginnings."""
    return f"{asked.together}*" if len(asked.together) <= LONGEST_BEGINNING else asked.together


def exact_mark(text: str | None) -> str:
    """A code or number as one exact word, whatever stands between its parts: `F-1405-0001` as `#f14050001`."""
    return f"#{_bare(text)}"


def number_marks(number: str | None) -> list[str]:
    """A telephone number from its end and from its beginning, so that a tail is a prefix: `<7654321219`, `>9121234567`.

    Takes E.164 and what an import left as it was.
    """
    digits = national(number)
    return [f"<{digits[::-1]}", f">{digits}"] if len(digits) >= SHORTEST_TAIL else []


def national(number: str | None) -> str:
    """The digits of a number without the country and the zero before the area."""
    digits = re.sub(r"\D", "", fold(number))
    for prefix in ("0098", "98" if (number or "").startswith("+") else "0098", "0"):
        if digits.startswith(prefix) and len(digits) > len(prefix):
            return digits[len(prefix) :]
    return digits


def exact_asked(text: str) -> list[str]:
    """The exact marks a query may mean, those that end in `*` as beginnings: a code, a number, the end of a telephone.

    Empty for words: what has no digit is no number.
    """
    bare = _bare(text)
    if not 3 <= len(bare) <= LONGEST_WORD or not any(c.isdigit() for c in bare):
        return []
    found = [f"#{bare}"]
    if re.fullmatch(r"[0-9+()\s\-./\u200c]+", fold(text)) and len(bare) >= SHORTEST_TAIL:
        digits = national(text.strip())
        found += [f"<{digits[::-1]}*"]
        if bare.startswith("0"):
            found += [f">{digits}*"]
    return found


def _bare(text: str | None) -> str:
    return re.sub(r"[\W_]", "", fold(text))


def total_marks(amounts: Iterable[int | None]) -> list[str]:
    """Whole rials as people look for them: in rials and in toman."""
    found = [str(value) for amount in amounts if amount for value in (amount, amount // 10)]
    return list(dict.fromkeys(found))


# The letters of the Persian standard keyboard (ISIRI 9147) by the Latin key they stand on.
_KEYS = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,\\", "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپوژ", strict=True))
_TO_PERSIAN = str.maketrans(_KEYS)
_TO_LATIN = str.maketrans({letter: key for key, letter in _KEYS.items()})


def other_layout(text: str) -> str:
    """The same keys typed on the other keyboard: `sghl` as سلام, and back; "" when that is nothing else."""
    lowered = text.lower()
    is_persian = any("\u0600" <= letter <= "\u06ff" for letter in lowered)
    typed = lowered.translate(_TO_LATIN if is_persian else _TO_PERSIAN)
    return typed if typed != lowered and any(map(str.isalpha, typed)) else ""


_SOUNDS = (
    ("kh", "خ"), ("gh", "ق"), ("sh", "ش"), ("ch", "چ"), ("zh", "ژ"), ("oo", "و"), ("ou", "و"), ("ee", "ی"), ("aa", "ا"),
    ("b", "ب"), ("p", "پ"), ("t", "ت"), ("s", "س"), ("j", "ج"), ("h", "ه"), ("d", "د"), ("r", "ر"), ("z", "ز"),
    ("f", "ف"), ("q", "ق"), ("k", "ک"), ("g", "گ"), ("l", "ل"), ("m", "م"), ("n", "ن"), ("v", "و"), ("w", "و"),
    ("y", "ی"), ("x", "کس"), ("c", "ک"),
)  # fmt: skip
# Persian letters that sound alike, for comparing a name with what was heard.
_ALIKE = str.maketrans(
    {**dict.fromkeys("صث", "س"), **dict.fromkeys("ضظذ", "ز"), "ط": "ت", "ح": "ه", "غ": "ق", "ع": "", "ا": "", "ه": "ه"}
)


def sound_mark(word: str) -> str:
    """How a name sounds, by its consonants: Ali and علی, Safavi and صفوی get the same; "" when too little is left."""
    text = fold(word)
    if any("a" <= letter <= "z" for letter in text):
        for latin, persian in _SOUNDS:
            text = text.replace(latin, persian)
        text = re.sub("[aeiou]$", lambda end: "ی" if end[0] in "ie" else "ه" if end[0] == "e" else "", text)
        text = re.sub("[aeiou]", "", text)
    bones = text.translate(_ALIKE)
    bones = bones[:1] + re.sub("[وی]", "", bones[1:-1]) + bones[-1:] if len(bones) > 2 else bones
    bones = _undoubled(bones)
    return f"~{bones}" if len(bones) > 1 else ""


def _undoubled(text: str) -> str:
    return text[:1] + "".join(after for before, after in pairwise(text) if before != after)
