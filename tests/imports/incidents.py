"""What a log of updates says, read by csv alone: nothing here is taken from the product."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

DONE = ("Resolved", "Closed")
ZONE = ZoneInfo("Asia/Tehran")
Row = dict[str, str]


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=ZONE)


def said(text: str) -> str | None:
    return None if text == "?" else text


@dataclass
class Ticket:
    """A ticket as it stood at some time. `resolved_at` is None while it is not done."""

    number: str
    state: str
    opened_at: datetime
    group: str | None
    agent: str | None
    title: str
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopenings: int = 0
    reassignments: int = 0
    # (state entered, when), the first one with the opening.
    way: list[tuple[str, datetime]] = field(default_factory=list)


def read(path: Path) -> dict[str, list[Row]]:
    """Rows by ticket, in the order of the time of the update, then its number, then the row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tickets: dict[str, list[tuple[datetime, int, int, Row]]] = defaultdict(list)
    for place, row in enumerate(rows):
        at = instant(row["sys_updated_at"])
        tickets[row["number"]].append((at, int(row["sys_mod_count"]), place, row))
    return {number: [row for *_order, row in sorted(found, key=lambda each: each[:3])]
            for number, found in tickets.items()}  # fmt: skip


def stood(path: Path, as_of: datetime | None = None) -> dict[str, Ticket]:
    """Every ticket as it stood; one whose return to an open state the log does not count did not return."""
    found = {}
    for number, rows in read(path).items():
        known = [row for row in rows if as_of is None or instant(row["sys_updated_at"]) <= as_of]
        if known:
            found[number] = _stood(number, known, as_of)
    return found


def _stood(number: str, rows: list[Row], as_of: datetime | None) -> Ticket:
    first = rows[0]
    opened = min(instant(first["opened_at"]), instant(first["sys_updated_at"]))
    ticket = Ticket(number, "New", opened, said(first["assignment_group"]), said(first["assigned_to"]), "")
    ticket.way.append(("New", opened))
    counted = 0
    for row in rows:
        at, state = instant(row["sys_updated_at"]), row["incident_state"]
        is_back = ticket.state in DONE and state not in DONE
        if is_back and int(row["reopen_count"]) <= counted:
            state = ticket.state
        elif is_back:
            ticket.reopenings += 1
        counted = max(counted, int(row["reopen_count"]))
        if state != ticket.state:
            ticket.way.append((state, at))
        ticket.resolved_at = (ticket.resolved_at or at) if state in DONE else None
        ticket.closed_at = (ticket.closed_at or at) if state == "Closed" else None
        ticket.reassignments += ticket.agent != said(row["assigned_to"])
        ticket.state, ticket.group, ticket.agent = state, said(row["assignment_group"]), said(row["assigned_to"])
        ticket.title = ", ".join(filter(None, (said(row["category"]), said(row["u_symptom"])))) or ticket.title
    _end(ticket, rows[-1], as_of)
    return ticket


def _end(ticket: Ticket, row: Row, as_of: datetime | None) -> None:
    """The times that the log names for the ends, once they had come and where they fit its updates."""
    closed, resolved = (instant(row[key]) if said(row[key]) else None for key in ("closed_at", "resolved_at"))
    if ticket.closed_at and closed and ticket.closed_at <= closed and (as_of is None or closed <= as_of):
        ticket.closed_at = closed
    last = ticket.closed_at or as_of
    if ticket.resolved_at and resolved and ticket.resolved_at <= resolved and (last is None or resolved <= last):
        ticket.resolved_at = resolved


def states(tickets: Iterable[Ticket]) -> Counter[str]:
    return Counter(ticket.state for ticket in tickets)
