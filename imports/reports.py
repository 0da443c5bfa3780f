"""What came of a pass: figures for people, a list of errors to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from app.i18n import _, _l
from app.money import format_number
from imports.kinds.base import CREATED, LATER, UNCHANGED, UPDATED, Counts
from imports.plans import CARRIERS, LINES, MAIN

OUTCOMES = (CREATED, UPDATED, UNCHANGED)
LABELS = {
    ("companies", CREATED): _l("New companies"), ("companies", UPDATED): _l("Changed companies"),
    ("companies", UNCHANGED): _l("Unchanged companies"), ("contacts", CREATED): _l("New contacts"),
    ("contacts", UPDATED): _l("Changed contacts"), ("contacts", UNCHANGED): _l("Unchanged contacts"),
    ("products", CREATED): _l("New products"), ("products", UPDATED): _l("Changed products"),
    ("products", UNCHANGED): _l("Unchanged products"), ("orders", CREATED): _l("New orders"),
    ("orders", UPDATED): _l("Changed orders"), ("orders", UNCHANGED): _l("Unchanged orders"),
    ("lines", CREATED): _l("New order lines"), ("tickets", CREATED): _l("New tickets"),
    ("tickets", UPDATED): _l("Continued tickets"), ("tickets", UNCHANGED): _l("Unchanged tickets"),
    ("tickets", LATER): _l("Opened only later"), ("users", CREATED): _l("Colleagues of the past"),
    ("teams", CREATED): _l("New teams"),
}  # fmt: skip
NOUNS = {"companies": _l("Companies"), "contacts": _l("Contacts"), "products": _l("Products"), "orders": _l("Orders"),
         "lines": _l("Order lines"), "tickets": _l("Tickets"), "users": _l("Colleagues of the past"),
         "teams": _l("Teams")}  # fmt: skip
FILES = {MAIN: _l("File"), LINES: _l("File of the order lines"), CARRIERS: _l("File of the carriers")}
# What a spreadsheet would take for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Wrong(Protocol):
    """A fault, just found or read back."""

    @property
    def role(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True)
class Figure:
    """A count under its name; `is_bad` is worth a look."""

    label: str
    count: int
    is_bad: bool = False


def figures(kind: str, counts: Counts) -> list[Figure]:
    """The counts in their order: the kind itself whole, what came along where there is any, faulty rows at the end."""
    shown = [key for key in LABELS if key[0] == kind and (key[1] != LATER or counts[key])]
    shown += [key for key in LABELS if key[0] != kind and counts[key]]
    faulty = counts["rows", "faulty"]
    bad = Figure(_("Faulty rows"), faulty, is_bad=faulty > 0)
    return [*(Figure(str(LABELS[key]), counts[key]) for key in shown), bad]


def news(counts: Counts) -> int:
    """How many records are new or changed; lines are a part of their orders."""
    return sum(count for (what, outcome), count in counts.items() if what != "lines" and outcome in {CREATED, UPDATED})


def as_text(kind: str, counts: Counts, faults: Iterable[Wrong], *, is_dry: bool, most: int = 50) -> str:
    """The report in plain text."""
    lines = [_("Dry run: nothing was changed.") if is_dry else _("Imported.")]
    for noun, label in NOUNS.items():
        numbers = {outcome: format_number(counts[noun, outcome]) for outcome in OUTCOMES}
        if noun == kind or any(counts[noun, outcome] for outcome in OUTCOMES):
            lines.append(_("%(what)s: %(created)s created, %(updated)s updated, %(unchanged)s unchanged", what=label,
                           **numbers))  # fmt: skip
    if later := counts["tickets", LATER]:
        lines.append(_("Opened only later: %(count)s", count=format_number(later)))
    lines.append(_("Faulty rows: %(count)s", count=format_number(counts["rows", "faulty"])))
    faults = list(faults)
    lines += [f"  {line_of(fault)}" for fault in faults[:most]]
    if len(faults) > most:
        lines.append("  " + _("and %(count)s more", count=format_number(len(faults) - most)))
    return "\n".join(lines)


def line_of(fault: Wrong) -> str:
    """A fault in one line: where, what stands there, what is wrong."""
    where = _("row %(number)s", number=fault.row)
    if fault.role != MAIN:
        where = f"{FILES[fault.role]}, {where}"
    parts = [where, fault.column, f"“{fault.value}”" if fault.column and fault.value else ""]
    return ", ".join(part for part in parts if part) + f": {fault.sentence}"


def as_csv(faults: Iterable[Wrong]) -> Iterator[str]:
    """The faults as a file for spreadsheets, piece by piece: with a byte order mark, and nothing that runs."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + _row([_("File"), _("Row"), _("Column"), _("Value"), _("What is wrong")])
    for fault in faults:
        cells = [str(FILES.get(fault.role, fault.role)), str(fault.row), fault.column, fault.value, fault.sentence]
        yield _row([harmless(cell) for cell in cells])


def harmless(cell: str) -> str:
    """The cell as text in any spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _row(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


UNDONE = {
    ("cards", "removed"): _l("Cards removed"), ("cards", "restored"): _l("Cards as before"),
    ("cards", "kept"): _l("Cards kept"), ("orders", "removed"): _l("Orders removed"),
    ("orders", "restored"): _l("Orders as before"), ("orders", "kept"): _l("Orders kept"),
    ("products", "removed"): _l("Products removed"), ("products", "restored"): _l("Products as before"),
    ("products", "kept"): _l("Products kept"), ("companies", "removed"): _l("Companies removed"),
    ("companies", "restored"): _l("Companies as before"), ("companies", "kept"): _l("Companies kept"),
    ("contacts", "removed"): _l("Contacts removed"), ("contacts", "restored"): _l("Contacts as before"),
    ("contacts", "kept"): _l("Contacts kept"), ("teams", "removed"): _l("Teams removed"),
    ("teams", "kept"): _l("Teams kept"), ("users", "removed"): _l("Colleagues of the past removed"),
    ("users", "kept"): _l("Colleagues of the past kept"), ("stages", "removed"): _l("Stages removed"),
    ("stages", "kept"): _l("Stages kept"),
}  # fmt: skip


def undo_figures(counts: Counts) -> list[Figure]:
    """What an undo takes back and what it leaves, by kind."""
    return [Figure(str(label), counts[what, outcome], is_bad=outcome == "kept" and counts[what, outcome] > 0)
             for (what, outcome), label in UNDONE.items() if counts[what, outcome]]  # fmt: skip
