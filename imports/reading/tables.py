"""A file of rows under a header, read as a stream."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from app.errors import DomainError
from app.i18n import _, _n
from app.money import format_number
from app.text import clean_line
from imports.reading.encodings import codec_of, detect_encoding
from imports.reading.separators import detect_separator

MEGABYTE = 1024 * 1024
MOST_BYTES = 25 * MEGABYTE
MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
SAMPLE = 64 * 1024
# What stands for a byte that is no letter in the chosen encoding.
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Layout:
    """How a file is written: a key of `ENCODINGS` and of `SEPARATORS`."""

    encoding: str
    separator: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a cell for every column. `number` counts as spreadsheets do: the header is row 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be told apart into its columns, and why."""

    number: int
    cells: list[str]
    sentence: str


def read_layout(path: Path) -> Layout:
    """How the file is likely written. Raises a `DomainError` for what is no text."""
    encoding = detect_encoding(path)
    with _opened(path, encoding) as file:
        start = file.read(SAMPLE)
    if not _is_text(start):
        sentence = _("This is no text file. Save the sheet as CSV (UTF-8) and choose that file.")
        raise DomainError(sentence, code="no_text", field="file")
    return Layout(encoding, detect_separator(start.splitlines(keepends=True)))


def _is_text(start: str) -> bool:
    """Whether hardly any of it is a control character or no character at all."""
    letters = start.translate(dict.fromkeys(map(ord, "\t\r\n")))
    strange = sum(letter < " " or unicodedata.category(letter) in {"Cn", "Co"} for letter in letters)
    return strange <= len(start) / 50


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DomainError(_("This is a workbook. Save the sheet as CSV (UTF-8) and choose that file."), code="workbook",
                          field="file")  # fmt: skip
    if path.stat().st_size > MOST_BYTES:
        size = format_number(MOST_BYTES // MEGABYTE)
        raise DomainError(_("The file is larger than %(size)s MB. Please split it.", size=size), code="too_large",
                          field="file")  # fmt: skip
    with path.open(encoding=codec_of(encoding, path), newline="", errors="replace") as text:
        yield text


class Table:
    """The header of a file, and its rows as often as they are asked for.

    Raises a `DomainError` when there is no header, or nothing under it.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path, self.layout = path, layout
        self.columns = self._read_header()

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row that is not blank. A row of another width, or with unreadable letters, is a `BadRow`."""
        with _opened(self.path, self.layout.encoding) as file:
            reader = csv.reader(file, delimiter=self.layout.separator)
            number = lines = 0
            while True:
                number += 1
                first_line = lines + 1
                try:
                    cells = next(reader, None)
                except csv.Error:
                    yield BadRow(number, [], _("A cell of this row is too long."))
                    continue
                if cells is None:
                    return
                lines = reader.line_num
                if number == 1 or not any(cells):
                    continue
                if number > MOST_ROWS + 1:
                    raise DomainError(_("The file has more than %(count)s rows. Please split it.",
                                        count=format_number(MOST_ROWS)), code="too_many", field="file")  # fmt: skip
                problem = self._problem(cells, first_line, lines)
                yield BadRow(number, cells, problem) if problem else Row(number, cells)

    def head(self, count: int) -> list[Row | BadRow]:
        """The first rows."""
        return list(islice(self.rows(), count))

    def count(self) -> int:
        """How many rows there are, blank ones left out."""
        return sum(1 for _row in self.rows())

    def _read_header(self) -> list[str]:
        with _opened(self.path, self.layout.encoding) as file:
            try:
                cells = next(csv.reader(file, delimiter=self.layout.separator), [])
            except csv.Error:
                cells = []
        if not any(cell.strip() for cell in cells):
            raise DomainError(_("The first row must name the columns."), code="no_header", field="file")
        if len(cells) > MOST_COLUMNS:
            raise DomainError(
                _("The file has too many columns. Is the separator right?"), code="too_wide", field="file"
            )
        return _named(cells)

    def _problem(self, cells: list[str], first_line: int, last_line: int) -> str | None:
        width = len(self.columns)
        if len(cells) != width:
            return _width_sentence(len(cells), width, first_line, last_line)
        if any(UNREADABLE in cell for cell in cells):
            return _("The row holds letters that are none in this encoding.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            return _("A cell of this row is too long.")
        return None


def _width_sentence(found: int, expected: int, first_line: int, last_line: int) -> str:
    has = _n("The row has %(num)s field", "The row has %(num)s fields", found)
    wants = _n("the header has %(num)s", "the header has %(num)s", expected)
    if last_line > first_line:
        hint = _(
            "a quotation mark that is not closed joined lines %(first)s to %(last)s", first=first_line, last=last_line
        )
    elif found > expected:
        hint = _("text with a separator in it needs quotation marks")
    else:
        hint = _("a field is missing")
    return _("%(has)s, %(wants)s: %(hint)s.", has=has, wants=wants, hint=hint)


def _named(cells: list[str]) -> list[str]:
    """The names of the columns: a blank one and one that comes twice get a number."""
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        # A made name is the same in every language: answers are kept by the names of columns.
        name = clean_line(cell)[:120] or f"#{position}"
        while name in names:
            name = f"{name} ({position})"
        names.append(name)
    return names
