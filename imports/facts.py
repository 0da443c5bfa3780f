"""From rows to facts: what each mapped column of a row says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.i18n import _
from imports import cells
from imports.cells import Unreadable
from imports.fields import Field
from imports.plans import MAIN, Plan
from imports.reading import BadRow, Row

LONGEST_VALUE = 200
_PERSIAN = re.compile("[\u0600-\u06ff]")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or with a whole row when `column` is empty."""

    row: int
    sentence: str
    column: str = ""
    value: str = ""
    role: str = MAIN


@dataclass(slots=True)
class Line:
    """A row that is a part of a record, as order lines are."""

    row: Row
    facts: Facts


@dataclass(slots=True)
class Item:
    """What is done in one go: a record with its facts, or only faults. `rows`: how many rows of the main file it is."""

    row: Row | BadRow
    facts: Facts = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rows: int = 1


class Refused(Exception):
    """The record cannot be taken: `field` is the key of the field that is to blame, "" for the whole row; `line` the
    line that it is in."""

    def __init__(self, sentence: str, field: str = "", line: Line | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.field, self.line = sentence, field, line


class Reader:
    """Reads the rows of one file of a plan."""

    def __init__(self, plan: Plan, role: str) -> None:
        self.plan, self.role, self.source = plan, role, plan.sources[role]
        self.fields = [each for each in plan.fields(role) if each.key in self.source.places]

    def facts(self, row: Row) -> tuple[Facts, list[Fault]]:
        """What the row says, by field; blank cells say nothing and are left out."""
        facts: Facts = {}
        faults: list[Fault] = []
        for each in self.fields:
            places = self.source.places[each.key]
            said = [row.cells[place] for place in places if cells.text(row.cells[place])]
            if not said:
                continue
            try:
                facts[each.key] = joined(said) if each.joins else self._value(each, said[0], places[0])
            except Unreadable as error:
                faults.append(self.fault(row, str(error), each.key))
        return facts, faults

    def fault(self, row: Row | BadRow, sentence: str, key: str = "") -> Fault:
        """A fault of this row; with `key`, in the cells of that field."""
        places = self.source.places.get(key, ())
        value = " + ".join(row.cells[place].strip() for place in places if place < len(row.cells))
        return Fault(row.number, sentence, self.source.headers(key), value[:LONGEST_VALUE], self.role)

    def keys_in(self, row: Row | BadRow, key: str) -> set[str]:
        """What the row says in the column of a key, even where the rest of the row cannot be read."""
        places = self.source.places.get(key, ())
        return {said for place in places if place < len(row.cells) and (said := cells.key(row.cells[place]))}

    def bad(self, row: BadRow) -> Fault:
        return Fault(row.number, row.sentence, value=_start(row.cells), role=self.role)

    def _value(self, each: Field, cell: str, place: int) -> Any:
        plain: dict[str, Callable[[str], Any]] = {
            "text": cells.text, "key": cells.key, "whole": cells.whole, "flag": cells.flag, "day": cells.day,
            "moment": lambda text: cells.moment(text, self.plan.options.day_order),
        }  # fmt: skip
        if each.kind in plain:
            return plain[each.kind](cell)
        column, discount = self.source.table.columns[place], self.plan.options.discount
        if each.kind == "rate":
            # Nobody taxes half a percent: 0.09 is nine percent.
            return cells.rate(cell, percent=not cells.text(cell).lstrip("0۰٠").startswith((".", "٫")))
        if each.kind == "discount" and discount != "amount":
            return cells.rate(cell, percent=discount == "percent")
        return cells.money(cell, self.plan.rials_per_unit(column))


def joined(said: Sequence[str]) -> str:
    """Several cells as one text."""
    tidy = [cells.text(cell) for cell in said]
    return ("، " if any(_PERSIAN.search(cell) for cell in tidy) else ", ").join(tidy)


def _start(row: Sequence[str]) -> str:
    return " | ".join(cell.strip() for cell in row)[:LONGEST_VALUE]


def doubled(number: int) -> str:
    """The sentence for a record that comes twice in one file."""
    return _("Row %(number)s of this file says the same already.", number=number)
