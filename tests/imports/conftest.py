"""Plans of small files, carried out at once. Real data is read from the folder that KARIZ_TRIAL_DATA names."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.i18n import as_viewer
from imports.facts import Fault
from imports.kinds import KINDS
from imports.kinds.ticket_answers import as_of as parse_as_of
from imports.kinds.ticket_answers import usual_answers
from imports.plans import MAIN, Options, Plan, Source
from imports.reading import read_layout, survey
from imports.services import running
from imports.services.running import Step

collect_ignore = [] if os.environ.get("KARIZ_TRIAL_DATA") else ["test_northwind.py", "test_incidents.py"]
DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is at work here."""
    monkeypatch.setattr(running, "REST_SECONDS", 0)


@dataclass
class Report:
    """What came of a pass: counts as "what.outcome", and faults."""

    counts: dict[str, int]
    faults: list[Fault] = field(default_factory=list)

    @property
    def wrong(self) -> list[tuple[int, str, str]]:
        """Faults as (row, column, value)."""
        return [(fault.row, fault.column, fault.value) for fault in self.faults]


def plan_of(kind: str, files: dict[str, Path], *, mapping: dict[str, str] | None = None, board: int | None = None,
            as_of: str = "", **answers: Any) -> Plan:  # fmt: skip
    """The plan of these files as Kariz guesses it; `mapping` corrects columns of the main file."""
    sources = {}
    for role, path in files.items():
        source = Source(path, path.name, read_layout(path))
        guessed = KINDS[kind].guess(source.table.columns, role, has_lines_file="lines" in files)
        seen = survey(source.table)
        sources[role] = Source(path, path.name, source.layout, guessed | ((mapping or {}) if role == MAIN else {}),
                               seen.values, seen.day_order)  # fmt: skip
    if "match" not in answers:
        mapped = set(sources[MAIN].mapping.values())
        fields = KINDS[kind].fields_of(MAIN, has_lines_file="lines" in files)
        answers["match"] = next((each.key for each in fields if each.identifies and each.key in mapped), "")
    if kind == "tickets":
        usual = usual_answers(sources[MAIN], sources[MAIN].day_order, board)
        with as_viewer("en"):
            answers = usual | {"as_of": parse_as_of(as_of)} | answers
    return Plan(KINDS[kind], sources, Options(**answers))


def carry_out(plan: Plan, *, is_dry: bool = False) -> Report:
    """Run a plan without questions."""
    assert plan.problems() == []
    counts: Counter[tuple[str, str]] = Counter()
    faults: list[Fault] = []

    def keep(step: Step) -> None:
        counts.update(step.counts)
        faults.extend(step.faults)

    with as_viewer("en"):
        running.run(plan, by=None, is_dry=is_dry, keep=keep)
    return Report({f"{what}.{outcome}": count for (what, outcome), count in sorted(counts.items()) if count}, faults)


Importer = Callable[..., Report]


@pytest.fixture
def bring(app: Any, tmp_path: Path) -> Importer:
    """Import a text (or several by role) as a kind of records: bring("companies", "id,name\\n1,Kaveh")."""

    def bring(kind: str, main: str, *, is_dry: bool = False, mapping: dict[str, str] | None = None, lines: str = "",
              carriers: str = "", **answers: Any) -> Report:  # fmt: skip
        files = {}
        for role, text in (("main", main), ("lines", lines), ("carriers", carriers)):
            if text:
                files[role] = tmp_path / f"{role}.csv"
                files[role].write_text(text, encoding="utf-8")
        return carry_out(plan_of(kind, files, mapping=mapping, **answers), is_dry=is_dry)

    return bring


def table_counts() -> dict[str, int]:
    """Rows of every table."""
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }
