"""One look through a whole file: how many rows, what stands in its columns, how its dates are written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from imports import cells
from imports.reading.tables import BadRow, Table

# A column with more different texts than this holds no states or priorities.
MOST_VALUES = 60


@dataclass(frozen=True)
class Survey:
    """`values`: by column what stands in it and how often, columns of many texts left out. `day_order`: "dmy" or "mdy"
    where the dates prove it, "any" where they could be either, "" where there are no such dates."""

    rows: int
    values: dict[str, dict[str, int]]
    day_order: str


def survey(table: Table) -> Survey:
    """Read the file once."""
    rows = 0
    seen: dict[int, Counter[str]] = {place: Counter() for place in range(len(table.columns))}
    orders: Counter[str] = Counter()
    for row in table.rows():
        rows += 1
        if isinstance(row, BadRow):
            continue
        for place, cell in enumerate(row.cells):
            if cell[:1].isdigit() and (order := cells.says_order(cell)):
                orders[order] += 1
            if place in seen and (text := cells.text(cell)):
                seen[place][text] += 1
                if len(seen[place]) > MOST_VALUES:
                    del seen[place]
    values = {table.columns[place]: dict(found) for place, found in seen.items()}
    proven = max(("dmy", "mdy"), key=lambda each: orders[each])
    return Survey(rows, values, proven if orders[proven] else "any" if orders["any"] else "")
