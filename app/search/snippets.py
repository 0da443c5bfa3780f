"""Showing why something was found: the words of a query marked in the text as it was written."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from app.search.words import LONGEST_WORD, Asked
from app.text import ARABIC_MARKS, BIDI_CONTROLS, ZWNJ, fold

LENGTH = 160
BEFORE = 40

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{ARABIC_MARKS}\u0300-\u036f{ZWNJ}\u200d\u0640{BIDI_CONTROLS}])*")
_PART = re.compile(rf"[^{ZWNJ}\u200d]+")
_JOINS = re.compile(rf"[{ZWNJ}\u200d]")


class Span(NamedTuple):
    """A piece of the raw text, from `start` to before `end`."""

    start: int
    end: int


def spans(text: str, asked: Asked) -> list[Span]:
    """Where the words of the query stand in the raw text, in order and without overlaps."""
    words = list(_WORD.finditer(text))
    found = [span for word in words for span in _in_word(word, asked)]
    for first, second in pairwise(words):
        if text[first.end() : second.start()].strip(" \u00a0") == "":
            found += _in_pair(first, second, asked)
    return _merged(found)


def _in_word(word: re.Match[str], asked: Asked) -> list[Span]:
    raw = word[0]
    whole = _plain(raw)
    parts = [(match.start(), match[0]) for match in _PART.finditer(raw)] if _JOINS.search(raw) else []
    found = []
    for start, piece, folded in [(0, raw, whole), *((at, part, fold(part)) for at, part in parts if part != raw)]:
        length = _matched(folded, asked)
        if length:
            found.append(Span(word.start() + start, word.start() + start + _raw_length(piece, length)))
    return found


def _plain(word: str) -> str:
    """A word as it is compared."""
    return _known(word) if len(word) <= LONGEST_WORD else _compared(word)


def _compared(word: str) -> str:
    return fold(word).replace(ZWNJ, "")


# The same words stand in most texts, and each is asked twice: alone and with its neighbour.
_known = lru_cache(maxsize=4096)(_compared)


def _in_pair(first: re.Match[str], second: re.Match[str], asked: Asked) -> list[Span]:
    """Two neighbours that the query writes as one word."""
    folded = _plain(first[0])
    length = _matched(folded + _plain(second[0]), asked)
    if length <= len(folded):
        return []
    return [Span(first.start(), first.end()),
            Span(second.start(), second.start() + _raw_length(second[0], length - len(folded)))]  # fmt: skip


def _matched(folded: str, asked: Asked) -> int:
    """How many folded letters of a word the query names; 0 for none."""
    if not folded or asked.is_empty:
        return 0
    if folded in asked.words:
        return len(folded)
    beginnings = [word for word in (asked.words[-1], asked.together) if word and folded.startswith(word)]
    return max(map(len, beginnings), default=0)


def _raw_length(raw: str, folded_length: int) -> int:
    """How much of the raw word makes so many folded letters; marks that hang on the last letter belong to it."""
    for end in range(1, len(raw) + 1):
        if len(fold(raw[:end]).replace(ZWNJ, "")) >= folded_length and not _hangs(raw[end : end + 1]):
            return end
    return len(raw)


def _hangs(letter: str) -> bool:
    return bool(letter) and fold(letter) == "" and letter != ZWNJ


def _merged(found: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def marked(text: str, asked: Asked) -> Markup:
    """The whole text with the words of the query in `<mark>`; everything else is escaped."""
    return _marked(text, spans(text, asked))


def snippet(text: str, asked: Asked) -> Markup:
    """The text in one line around the first match, at most `LENGTH` characters, matches marked."""
    line = " ".join(text.split())
    found = spans(line, asked)
    start = 0
    if found and found[0].start > LENGTH // 2:
        start = found[0].start - BEFORE
        start = line.find(" ", start, found[0].start) + 1 or start
    end = len(line) if len(line) - start <= LENGTH else _last_space(line, start)
    inside = [Span(span.start - start, min(span.end, end) - start) for span in found if start <= span.start < end]
    return Markup("{}{}{}").format(
        "…" if start else "", _marked(line[start:end], inside), "…" if end < len(line) else ""
    )


def _last_space(line: str, start: int) -> int:
    at = line.rfind(" ", start + LENGTH // 2, start + LENGTH)
    return at if at > 0 else start + LENGTH


def _marked(text: str, found: list[Span]) -> Markup:
    pieces, at = [], 0
    for span in found:
        pieces += [escape(text[at : span.start]), Markup("<mark>{}</mark>").format(text[span.start : span.end])]
        at = span.end
    return Markup().join([*pieces, escape(text[at:])])
