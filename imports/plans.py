"""What an import is to do: which files, which column is what, how existing records are recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.i18n import _, _l
from app.money import RIALS_PER
from imports.cells import unit_in
from imports.fields import Field, columns_of
from imports.reading import Layout, Table

if TYPE_CHECKING:
    from imports.kinds.base import Kind

MODES = {"both": _l("Create new ones, update known ones"), "create": _l("Only create new ones"),
         "update": _l("Only update known ones")}  # fmt: skip
DISCOUNTS = {"rate": _l("A share, like 0.05"), "percent": _l("Percent, like 5"),
             "amount": _l("An amount for the whole line")}  # fmt: skip
MAIN, LINES, CARRIERS = "main", "lines", "carriers"


@dataclass(frozen=True)
class Options:
    """The answers to what a file cannot say itself.

    `match`: the field by which records are recognised. `unit_rials`: rials of one unit of money, None when every column
    names its own. `vat_rate`: hundredths of a percent, None for the rate of each product. `discount`: a key of
    `DISCOUNTS`.

    Of tickets: the board, `as_of` (ISO, in UTC; "" brings everything), whether days or months come first in dates like
    03-04-2016, and by what the file calls them: `states` (a stage's id, "closed", or "new:" and a kind of stage) and
    `priorities` (1 to 4).
    """

    mode: str = "both"
    match: str = ""
    unit_rials: int | None = None
    vat_rate: int | None = None
    discount: str = ""
    pipeline_id: int | None = None
    as_of: str = ""
    day_order: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def until(self) -> datetime | None:
        """Later than this nothing is brought over."""
        return datetime.fromisoformat(self.as_of) if self.as_of else None


@dataclass(frozen=True)
class Source:
    """A file and what its columns are: `mapping` names a field for each column, "" for those that are left out."""

    path: Path
    name: str
    layout: Layout
    mapping: Mapping[str, str] = field(default_factory=dict)
    # By column what stands in it and how often, for columns of few different texts.
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    # As `Survey.day_order`.
    day_order: str = ""

    @cached_property
    def table(self) -> Table:
        return Table(self.path, self.layout)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places of the columns of each mapped field."""
        return columns_of(self.mapping, self.table.columns)

    def headers(self, key: str) -> str:
        """The names of the columns of a field, for people."""
        return " + ".join(self.table.columns[place] for place in self.places.get(key, ()))

    def words(self, key: str) -> dict[str, int]:
        """What stands in the column of a field, the most frequent first, where it is one of few texts."""
        found: dict[str, int] = {}
        for place in self.places.get(key, ()):
            found |= self.values.get(self.table.columns[place], {})
        return dict(sorted(found.items(), key=lambda each: -each[1]))


@dataclass(frozen=True)
class Problem:
    """What is missing before the plan can be carried out. `place` is an option or (role, column)."""

    place: str | tuple[str, str]
    sentence: str


@dataclass(frozen=True)
class Plan:
    """A kind of records, its files by role, and the answers."""

    kind: Kind
    sources: Mapping[str, Source]
    options: Options

    @property
    def main(self) -> Source:
        return self.sources[MAIN]

    def fields(self, role: str) -> tuple[Field, ...]:
        """The fields that a file of this role may fill."""
        return self.kind.fields_of(role, has_lines_file=LINES in self.sources)

    def mapped(self) -> Iterator[tuple[str, str, Field]]:
        """Every mapped column as (role, column, field)."""
        for role, source in self.sources.items():
            fields = {each.key: each for each in self.fields(role)}
            for column in source.table.columns:
                if found := fields.get(source.mapping.get(column, "")):
                    yield role, column, found

    def needs_unit(self) -> bool:
        """Whether an amount stands in a column that does not name its unit."""
        amounts = {"money"} | ({"discount"} if self.options.discount == "amount" else set())
        return any(each.kind in amounts and unit_in(column) is None for _role, column, each in self.mapped())

    def needs_discount(self) -> bool:
        return any(each.kind == "discount" for _role, _column, each in self.mapped())

    def rials_per_unit(self, column: str) -> int:
        """The unit of an amount in this column."""
        own = unit_in(column)
        return RIALS_PER[own] if own else self.options.unit_rials or 1

    def problems(self) -> list[Problem]:
        """Everything that is still open, in the order of the page."""
        found = [*self._doubled(), *self._missing()]
        known = {each.key for role, _column, each in self.mapped() if role == MAIN and each.identifies}
        if self.options.match not in known:
            found.append(Problem("match", _("Choose how known records are recognised, by a column that is mapped.")))
        if self.options.mode not in MODES:
            found.append(Problem("mode", _("Please choose one of the choices.")))
        if self.needs_unit() and not self.options.unit_rials:
            found.append(Problem("unit", _("Say the unit of the amounts: the file does not name it.")))
        if self.needs_discount() and self.options.discount not in DISCOUNTS:
            found.append(Problem("discount", _("Say how the discounts are written.")))
        return [*found, *self.kind.problems(self)]

    def _doubled(self) -> Iterator[Problem]:
        taken: set[tuple[str, str]] = set()
        for role, column, each in self.mapped():
            if (role, each.key) in taken and not each.joins:
                sentence = _("Another column is “%(field)s” already.", field=each.label)
                yield Problem((role, column), sentence)
            taken.add((role, each.key))

    def _missing(self) -> Iterator[Problem]:
        for role in self.sources:
            mapped = {each.key for where, _column, each in self.mapped() if where == role}
            for group in self.kind.required(role, has_lines_file=LINES in self.sources):
                if not mapped & set(group):
                    labels = {each.key: each.label for each in self.fields(role)}
                    yield Problem(role, _("Say which column is “%(field)s”.", field=labels[group[0]]))
