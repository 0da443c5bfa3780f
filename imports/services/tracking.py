"""What an import makes and changes, noted row by row while it runs, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session

from app.db import UTCDateTime, table_of
from app.events import Event
from app.extensions import db
from imports.models import ImportRecord

RECORDS = table_of(ImportRecord)
# What keeps its own history, or belongs to the work of importing itself.
UNTRACKED = frozenset({"events", "outbox", "jobs", "imports", "import_records", "import_faults", "notifications",
                       "files"})  # fmt: skip
DELETED = "_deleted"
Key = tuple[str, str]


@dataclass
class Trace:
    """What happened to a row: made, or changed from what it held before. `parents`: the rows that it belongs to."""

    is_new: bool
    before: dict[str, Any] = field(default_factory=dict)
    parents: set[Key] = field(default_factory=set)
    # Of these the database takes it along when they go.
    owners: set[Key] = field(default_factory=set)


class Tracker:
    """Listens to the session during the steps of an import."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self._item: dict[Key, Trace] = {}
        self._step: dict[Key, Trace] = {}
        self._floor = 0

    def begin_step(self) -> None:
        """Before anything is done in a transaction."""
        self._step, self._floor = {}, _newest_event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear of every flush of this thread's session."""
        session = db.session()
        event.listen(session, "after_flush", self._note)
        try:
            yield
        finally:
            event.remove(session, "after_flush", self._note)

    @contextmanager
    def item(self) -> Iterator[None]:
        """One record: what it did counts only when it is not refused."""
        self._item = {}
        yield
        db.session.flush()
        for key, trace in self._item.items():
            known = self._step.setdefault(key, trace)
            known.before = trace.before | known.before
            known.parents |= trace.parents

    def write(self) -> None:
        """Keep what the step did, at the end of its transaction."""
        traces = {key: trace for key, trace in self._step.items() if not self._goes_along(trace)}
        if not traces:
            return
        newest = _newest_event()
        known = self._known({row_id for _table, row_id in traces} | {row_id for trace in self._step.values()
                                                                     for _table, row_id in trace.parents})  # fmt: skip
        rows = [
            {"import_id": self.import_id, "row_table": table, "row_id": row_id, "is_new": trace.is_new,
             "before": trace.before, "floor_event_id": self._floor, "last_event_id": newest}
            for (table, row_id), trace in traces.items() if (table, row_id) not in known
        ]  # fmt: skip
        if rows:
            db.session.execute(sa.insert(RECORDS), rows)
        again = {known[key] for trace in self._step.values() for key in trace.parents if key in known}
        again |= {known[key] for key in traces if key in known}
        if again:
            later = sa.update(RECORDS).where(RECORDS.c.id.in_(sorted(again)))
            db.session.execute(later.values(last_event_id=newest))

    def _known(self, row_ids: Iterable[str]) -> dict[Key, int]:
        query = sa.select(RECORDS.c.id, RECORDS.c.row_table, RECORDS.c.row_id).where(
            RECORDS.c.import_id == self.import_id, RECORDS.c.row_id.in_(sorted(row_ids))
        )
        return {(row.row_table, row.row_id): row.id for row in db.session.execute(query)}

    def _goes_along(self, trace: Trace) -> bool:
        """Whether the database removes the row with one that is new in this step as well."""
        return trace.is_new and any(key in self._step and self._step[key].is_new for key in trace.owners)

    def _note(self, session: Session, _context: object) -> None:
        for row in session.new:
            self._keep(row, is_new=True)
        for row in session.dirty:
            if session.is_modified(row, include_collections=False):
                self._keep(row, is_new=False)
        for row in session.deleted:
            self._keep(row, is_new=False, is_deleted=True)

    def _keep(self, row: Any, *, is_new: bool, is_deleted: bool = False) -> None:
        mapper: Mapper[Any] = sa.inspect(row).mapper
        table = mapper.local_table
        if not isinstance(table, sa.Table) or table.name in UNTRACKED:
            return
        key = (table.name, ":".join(str(value) for value in mapper.primary_key_from_instance(row)))
        before = {} if is_new else _all(row, mapper) | {DELETED: True} if is_deleted else _before(row, mapper)
        known = self._item.setdefault(key, Trace(is_new))
        known.before = before | known.before
        for column in table.columns:
            value = getattr(row, mapper.get_property_by_column(column).key)
            for foreign in column.foreign_keys if value is not None else ():
                parent = (foreign.column.table.name, str(value))
                known.parents.add(parent)
                if foreign.ondelete == "CASCADE":
                    known.owners.add(parent)


def _before(row: Any, mapper: Mapper[Any]) -> dict[str, Any]:
    """What the changed columns held."""
    found = {}
    for column in mapper.column_attrs:
        history = sa.inspect(row).attrs[column.key].history
        if history.added and history.deleted:
            found[column.columns[0].name] = as_json(history.deleted[0])
    return found


def _all(row: Any, mapper: Mapper[Any]) -> dict[str, Any]:
    return {column.columns[0].name: as_json(getattr(row, column.key)) for column in mapper.column_attrs}


def as_json(value: Any) -> Any:
    """A column's value as it is kept."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def from_json(column: sa.Column[Any], value: Any) -> Any:
    """The value that was kept of a column."""
    if value is None or not isinstance(value, str):
        return value
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, sa.Date) else value


def _newest_event() -> int:
    return db.session.scalar(sa.select(sa.func.max(Event.id))) or 0
