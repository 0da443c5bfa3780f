"""Finding events, newest first: short index scans put together, so that a page costs the same in any archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select

from app.audit import acts, things
from app.db import reading
from app.events import Event
from app.extensions import db
from app.i18n import viewer
from app.paging import Page, mark, older_than

ROWS = 50
BATCH = 500
CUSTOMERS, SYSTEM = "customers", "system"


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `person`: "user:3", CUSTOMERS or SYSTEM; `thing`: "contact:12"; "" and None are no limit."""

    group: str = ""
    person: str = ""
    thing: str = ""
    address: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def page(wanted: Wanted, after: str | None = None, *, rows: int = ROWS) -> Page[Event]:
    """A page of what is wanted. One query, and one for each kind of things when a name is looked for."""
    query = _query(wanted, after, rows + 1)
    found = list(db.session.scalars(query)) if query is not None else []
    return Page(found[:rows], mark(found[rows - 1].at, found[rows - 1].id) if len(found) > rows else None)


def batches(wanted: Wanted) -> Iterator[Sequence[Event]]:
    """Everything that is wanted, in short transactions of their own that write nothing."""
    after: str | None = None
    while True:
        with reading():
            found = page(wanted, after, rows=BATCH)
        yield found.rows
        after = found.after
        if after is None:
            return


def _query(wanted: Wanted, after: str | None, limit: int) -> Select[Event] | None:
    """The events; None when a name is looked for that nothing has."""
    always = [older_than(after, Event.at, Event.id), *_days(wanted)]
    if wanted.address:
        always.append(Event.source_address == wanted.address)
    if wanted.person:
        always.append(_person(wanted.person))
    about = things.concerning(wanted.thing) if wanted.thing else None
    if wanted.thing:
        always.append(about if about is not None else sa.false())
    named = things.named(wanted.text) if wanted.text else []
    if wanted.text and not named:
        return None
    names = acts.names_of(wanted.group) if wanted.group else []
    # Of a name the index on it is the short way; of a person, a thing or an address theirs is.
    is_narrow = bool(wanted.address or wanted.person or wanted.thing or named)
    if names and is_narrow:
        always.append(Event.name.in_(names))
    branches = named or ([] if is_narrow else [Event.name == name for name in names]) or [sa.true()]
    return _newest(always, branches, limit)


def _newest(always: list[ColumnElement[bool]], branches: list[ColumnElement[bool]], limit: int) -> Select[Event]:
    """The newest events of any branch: of each as many as are shown, in its own order, then the newest of those."""
    picks = []
    for branch in branches:
        pick = sa.select(Event.id).where(*always, branch).order_by(Event.at.desc(), Event.id.desc()).limit(limit)
        picks.append(sa.select(pick.subquery().c.id))
    ids = sa.union(*picks) if len(picks) > 1 else picks[0]
    return sa.select(Event).where(Event.id.in_(ids)).order_by(Event.at.desc(), Event.id.desc()).limit(limit)


def _person(person: str) -> ColumnElement[bool]:
    if person == CUSTOMERS:
        return Event.actor_kind == "contact"
    if person == SYSTEM:
        return Event.actor_kind.is_(None)
    kind, _colon, number = person.partition(":")
    if kind not in {"user", "contact"} or not number.isascii() or not number.isdigit() or len(number) > 15:
        return sa.false()
    return (Event.actor_kind == kind) & (Event.actor_id == int(number))


def _days(wanted: Wanted) -> list[ColumnElement[bool]]:
    """From the beginning of the first day to the end of the last, on the viewer's clock."""
    conditions = []
    if wanted.since:
        conditions.append(Event.at >= _midnight(wanted.since))
    if wanted.until:
        conditions.append(Event.at < _midnight(wanted.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, viewer().zone).astimezone(UTC)
