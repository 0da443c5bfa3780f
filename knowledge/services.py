"""Frequent questions of a department: writing, changing, ordering. Each change is a fact with its old and new words."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app import events
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from knowledge.models import FaqEntry
from pipelines.models import Department

events.define("faq.added", "faq.changed", "faq.moved")
FIELDS = ("question_fa", "question_en", "answer_fa", "answer_en", "is_active")
MOST_ENTRIES = 50


def entries_of(department: Department) -> list[FaqEntry]:
    """All questions of a department in their order, those out of use too."""
    query = sa.select(FaqEntry).where(FaqEntry.department_id == department.id)
    return list(db.session.scalars(query.order_by(FaqEntry.position, FaqEntry.id)))


def add_entry(department: Department, values: Mapping[str, Any], *, by: Actor) -> FaqEntry:
    """Put a question behind the others. Raises a `DomainError` when there are too many to be read."""
    entries = entries_of(department)
    if len(entries) >= MOST_ENTRIES:
        raise DomainError(_("A department has at most %(num)s questions.", num=MOST_ENTRIES), code="too_many")
    position = entries[-1].position + 1 if entries else 0
    entry = FaqEntry(department_id=department.id, position=position, **{name: values[name] for name in FIELDS})
    db.session.add(entry)
    db.session.flush()
    record("faq.added", entry, by=by, data={"department": department.id, "question": entry.question_fa})
    return entry


def change_entry(entry: FaqEntry, values: Mapping[str, Any], *, by: Actor) -> None:
    """Write other words, or take the question out of use."""
    before = {name: getattr(entry, name) for name in FIELDS}
    changed = [name for name in FIELDS if values[name] != before[name]]
    if not changed:
        return
    for name in changed:
        setattr(entry, name, values[name])
    db.session.flush()
    data = {"from": {name: before[name] for name in changed}, "to": {name: values[name] for name in changed}}
    record("faq.changed", entry, by=by, data=data)


def move_entry(department: Department, entry: FaqEntry, direction: str, *, by: Actor) -> None:
    """Exchange a question with its neighbour, `direction` "up" (earlier) or "down"."""
    # The department's row is the lock of the order of its questions.
    db.session.execute(sa.select(Department.id).where(Department.id == department.id).with_for_update())
    entries = entries_of(department)
    index = entries.index(entry)
    other = index + (-1 if direction == "up" else 1)
    if not 0 <= other < len(entries):
        return
    before = [row.id for row in entries]
    entries[index], entries[other] = entries[other], entries[index]
    for position, row in enumerate(entries):
        row.position = position
    db.session.flush()
    record("faq.moved", entry, by=by, data={"from": before, "to": [row.id for row in entries]})
