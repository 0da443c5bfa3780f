"""What stands between the fields of a row."""

import csv
from collections.abc import Iterable
from itertools import islice

from app.i18n import _l

SEPARATORS = {",": _l("Comma ,"), ";": _l("Semicolon ;"), "\t": _l("Tab"), "،": _l("Persian comma ،")}
ROWS_LOOKED_AT = 60


def detect_separator(lines: Iterable[str]) -> str:
    """The separator with which most rows have as many fields as the first one, and more than one."""
    sample = list(islice(lines, ROWS_LOOKED_AT * 4))
    scores = {separator: _score(sample, separator) for separator in SEPARATORS}
    # The comma wins a tie: it is asked first.
    return max(scores, key=lambda separator: scores[separator])


def _score(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=separator), ROWS_LOOKED_AT) if row]
    except csv.Error:
        return 0.0, 0
    if not rows or len(rows[0]) < 2:
        return 0.0, 0
    width = len(rows[0])
    return sum(len(row) == width for row in rows) / len(rows), width
