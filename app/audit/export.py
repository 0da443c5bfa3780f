"""The audit as a table for spreadsheets, written while it is read."""

import csv
import io
from collections.abc import Iterator

from app.audit import queries
from app.audit.acts import GROUPS
from app.audit.lines import Line, lines_of
from app.audit.queries import Wanted
from app.dates import format_datetime
from app.extensions import db
from app.i18n import _

# What a spreadsheet would take for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows(wanted: Wanted) -> Iterator[str]:
    """The file in pieces, with the mark by which spreadsheets know UTF-8. Reads in short transactions."""
    yield "\ufeff" + _csv([_head()])
    for events in queries.batches(wanted):
        piece = _csv([_row(line) for line in lines_of(events, plain=True)])
        db.session.rollback()
        db.session.expunge_all()
        yield piece


def _head() -> list[str]:
    return [_("Number"), _("Time"), _("Time (UTC)"), _("Kind of act"), _("What happened"), _("Changes"),
            _("Internet address"), _("Device"), _("Session"), _("Event")]  # fmt: skip


def _row(line: Line) -> list[str]:
    event = line.event
    changes = "\n".join(f"{change.label}: {change.old} → {change.new}" for change in line.changes)
    return [
        str(event.id), format_datetime(event.at, "numeric"), event.at.isoformat(timespec="seconds"),
        str(GROUPS[line.group]), line.sentence, changes, event.source_address or "", event.source_device or "",
        str(event.source_session_id or ""), event.name,
    ]  # fmt: skip


def _csv(lines: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_safe(cell) for cell in line] for line in lines)
    return text.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
