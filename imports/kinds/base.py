"""What every kind of record offers, and what all of them share while they work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from app.errors import DomainError
from app.events import Actor
from app.i18n import _
from app.text import search_key
from imports.facts import Item, Reader, Refused, doubled
from imports.fields import Field, guess
from imports.plans import MAIN, Plan, Problem
from imports.reading import BadRow

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
# Not there yet at the time as of which tickets are brought over.
LATER = "later"
# (what, outcome): the first key of a counter is the kind itself, others are records that came along.
Counts = Counter[tuple[str, str]]


class Work(ABC):
    """One run over the records of a plan. Kept for the whole file: it remembers what came before."""

    def __init__(self, plan: Plan, by: Actor | None) -> None:
        self.plan, self.by, self.options = plan, by, plan.options
        mapped = {each.key: each for role, _column, each in plan.mapped() if role == MAIN and each.identifies}
        # A record that lacks the chosen mark is recognised by another one; a name is a mark only where it is chosen.
        self._marks = [self.options.match, *(key for key in mapped if key not in {self.options.match, "name"})]
        self._seen: dict[tuple[str, str], int] = {}

    def begin(self) -> None:  # noqa: B027  # most kinds need nothing
        """Make what all records need, once, in the first transaction of a run."""

    @abstractmethod
    def apply(self, item: Item) -> Counts:
        """Carry out one record with the verbs of its package. Raises `Refused`, or a `DomainError` of a verb."""

    def mark(self, item: Item) -> tuple[str, str]:
        """By which field, and by which value, the record is recognised. Raises `Refused` when it has none."""
        for key in self._marks:
            if value := item.facts.get(key):
                return key, self.normalised(key, value)
        raise Refused(_("The row has nothing by which it could be recognised next time."), self.options.match)

    def normalised(self, key: str, value: Any) -> str:
        """A mark in the form in which it is compared."""
        return search_key(value) if key == "name" else str(value)

    def notice(self, item: Item) -> None:
        """Refuse a record that comes twice: which of the two is right cannot be known. Called for every record."""
        mark = self.mark(item)
        if self._seen.setdefault(mark, item.row.number) != item.row.number:
            raise Refused(doubled(self._seen[mark]), mark[0])

    def may_create(self, item: Item) -> None:
        """Raise `Refused` for an unknown record where only known ones are updated."""
        if self.options.mode == "update":
            raise Refused(_("There is no such record yet, and this import only updates."), self.mark(item)[0])

    @property
    def may_update(self) -> bool:
        return self.options.mode != "create"


class Kind(ABC):
    """A kind of records: its fields, and how a file of them becomes records."""

    key: ClassVar[str]
    label: ClassVar[str]
    hint: ClassVar[str]
    work: ClassVar[type[Work]]
    # Roles of further files that may come with it.
    more: ClassVar[tuple[str, ...]] = ()
    main_fields: ClassVar[tuple[Field, ...]]

    def fields_of(self, role: str, *, has_lines_file: bool) -> tuple[Field, ...]:
        """The fields of a file in this role."""
        return self.main_fields

    def required(self, role: str, *, has_lines_file: bool) -> list[tuple[str, ...]]:
        """Groups of fields of which one must be mapped."""
        return [(each.key,) for each in self.main_fields if each.is_required]

    def guess(self, columns: Sequence[str], role: str, *, has_lines_file: bool) -> dict[str, str]:
        """For each column the key of the field that its name means, "" where it means none."""
        return guess(columns, self.fields_of(role, has_lines_file=has_lines_file))

    def problems(self, plan: Plan) -> list[Problem]:
        """What is open of the questions that only this kind asks."""
        return []

    def items(self, plan: Plan) -> Iterator[Item]:
        """The records in the order of the file; a row that cannot be read is an item of faults alone."""
        reader = Reader(plan, MAIN)
        for row in plan.main.table.rows():
            if isinstance(row, BadRow):
                yield Item(row, faults=[reader.bad(row)])
                continue
            facts, faults = reader.facts(row)
            yield Item(row, facts, faults)


@contextmanager
def blaming(fields: Mapping[str, str] | str) -> Iterator[None]:
    """Let what a verb refuses point at a field of the file: by the verb's name of it, or always at the one given."""
    try:
        yield
    except DomainError as error:
        field = fields if isinstance(fields, str) else fields.get(error.field or "", "")
        raise Refused(error.message, field) from error


def changed_by(row: Any, names: Iterable[str], change: Callable[[], object]) -> bool:
    """Whether the verb changed any of these fields of the row."""
    names = tuple(names)
    before = [getattr(row, name) for name in names]
    change()
    return before != [getattr(row, name) for name in names]
