"""The undo of a whole import: what it made goes, what it changed is as before, what people worked on since stays."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events, jobs, search
from app import files as app_files
from app.clock import utcnow
from app.db import table_of
from app.errors import Conflict, NotFound
from app.events import Actor, PastFact, record, record_past
from app.extensions import Model, db
from app.i18n import _
from app.jobs import Job
from app.users.models import User
from cards.models import Attachment, Entry
from imports.models import Import, ImportRecord, tally_of
from imports.services.passes import Doer
from imports.services.running import HOLD_SECONDS, REST_SECONDS
from imports.services.tracking import DELETED, from_json
from imports.undo import EVENTS, KEPT, RECORDS, REMOVED, RESTORED, SUBJECTS, can_be_undone, is_row, is_worked_on
from pipelines.access import renew
from pipelines.models import Pipeline
from pipelines.sequence import lock

events.define("import.undone")
BATCH = 200
SEARCHED = {"contacts": ("contact",), "companies": ("company",), "products": ("product",), "orders": ("order", "terms")}
MARKS = "import_marks"
# Asked for last: who is meant by a name is forgotten with whom it meant, a warehouse goes when nothing lies in it.
LAST = (MARKS, "warehouses")
MARKED = {"user": "users", "team": "teams", "contact": "contacts"}


def start_undo(draft: Import, *, by: User | None) -> Job | None:
    """Take an import back; asked twice, it is done once. Raises a `Conflict` while it runs or where nothing is left."""
    db.session.refresh(draft, with_for_update=True)
    if draft.state in {"undoing", "undone"} and not draft.has_broken_off:
        return None
    hold_for_undo(draft, by=by)
    job = jobs.start("import.undo", {"import": draft.id, "language": by.locale if by else None}, by=by)
    draft.job_id = job.id
    db.session.flush()
    return job


def hold_for_undo(draft: Import, *, by: User | None) -> None:
    """Lock the import and say that it is being taken back. Raises a `Conflict` as `start_undo` does."""
    db.session.refresh(draft, with_for_update=True)
    if draft.is_under_way and not draft.has_broken_off:
        raise Conflict(_("This import is on its way already."), code="under_way")
    if not can_be_undone(draft.id):
        raise Conflict(_("There is nothing of this import that could be taken back."), code="nothing")
    draft.state, draft.undone_by_id, draft.error, draft.job_id = "undoing", by.id if by else None, "", None
    db.session.flush()


def carry_out(job: Job) -> None:
    """Take everything back, from where an earlier attempt ended. Commits step by step."""
    draft = db.session.get(Import, job.payload["import"])
    if draft is None or draft.job_id != job.id:
        return
    by = Doer(job.by_id) if job.by_id else None
    import_id, job_id = draft.id, job.id
    db.session.commit()
    undo(import_id, job_id=job_id, by=by)


def undo_by_command(import_id: int) -> Counter[tuple[str, str]]:
    """Take an import back in this process. Raises a `DomainError` for what cannot be."""
    draft = db.session.get(Import, import_id)
    if draft is None:
        raise NotFound(_("There is no import with this number."))
    hold_for_undo(draft, by=None)
    db.session.commit()
    return undo(import_id, job_id=None, by=None)


def undo(import_id: int, *, job_id: int | None, by: Actor | None) -> Counter[tuple[str, str]]:
    """The same without a job of its own; answers how many were removed, restored and kept, by (table, outcome)."""
    total = db.session.scalar(sa.select(sa.func.count()).where(RECORDS.c.import_id == import_id)) or 0
    db.session.commit()
    while True:
        left = _step(import_id)
        if job_id is not None:
            jobs.advance(job_id, done=total - left, total=total, result={})
        db.session.commit()
        if not left:
            break
        time.sleep(REST_SECONDS)
    return _finish(import_id, by=by)


def _step(import_id: int) -> int:
    """Take back the newest records until the time is used up; answers how many are left."""
    until = time.monotonic() + HOLD_SECONDS
    open_ones = sa.select(ImportRecord).where(ImportRecord.import_id == import_id, ImportRecord.outcome.is_(None))
    boards: Counter[int] = Counter()
    newest_first = (ImportRecord.row_table.in_(LAST), ImportRecord.id.desc())
    for found in db.session.scalars(open_ones.order_by(*newest_first).limit(BATCH)).all():
        found.outcome = _take_back(found, boards)
        if time.monotonic() > until:
            break
    db.session.flush()
    for pipeline_id, count in sorted(boards.items()):
        # Open boards ask what they missed.
        board = db.session.get_one(Pipeline, pipeline_id)
        turn = lock(pipeline_id)
        record_past(board, [PastFact("card.left", utcnow(), {"count": count}, seq=turn.seq)], by=None)
    return db.session.scalar(sa.select(sa.func.count()).select_from(open_ones.subquery())) or 0


def _take_back(found: ImportRecord, boards: Counter[int]) -> str:
    table = Model.metadata.tables[found.row_table]
    here = is_row(table, found.row_id)
    row = db.session.execute(sa.select(table).where(here)).first()
    if row is None and not found.before.get(DELETED):
        # It went along with what it belonged to.
        return REMOVED
    if row is not None and (_is_meant(row) if table.name == MARKS else is_worked_on(found)):
        return KEPT
    try:
        with db.session.begin_nested():
            if found.is_new:
                _remove(found, table, here)
            else:
                _restore(found, table, here, is_there=row is not None)
    except IntegrityError:
        # Something that stays needs it.
        return KEPT
    if row is not None and found.row_table == "cards" and row.closed_at is None:
        boards[row.pipeline_id] += 1
    return REMOVED if found.is_new else RESTORED


def _is_meant(mark: Any) -> bool:
    table = Model.metadata.tables[MARKED[mark.kind]]
    return db.session.scalar(sa.select(table.c.id).where(table.c.id == mark.row_id)) is not None


def _remove(found: ImportRecord, table: sa.Table, here: sa.ColumnElement[bool]) -> None:
    if table.name == "cards":
        _forget_card(int(found.row_id))
    for kind in SEARCHED.get(table.name, ()):
        search.drop(kind, [int(found.row_id)])
    board_id = db.session.scalar(sa.select(table.c.pipeline_id).where(here)) if table.name == "stages" else None
    db.session.execute(sa.delete(table).where(here))
    if board_id is not None:
        board = db.session.get_one(Pipeline, board_id)
        renew(board, "pipeline.redesigned", by=None, data={"change": "stage.removed", "stage": int(found.row_id)})
    if table.name in SUBJECTS and table.name != "cards":
        about = sa.and_(EVENTS.c.subject_kind == SUBJECTS[table.name], EVENTS.c.subject_id == int(found.row_id))
        db.session.execute(sa.delete(EVENTS).where(about))


def _forget_card(card_id: int) -> None:
    """Remove what is told, found and kept of a card."""
    entries = list(db.session.scalars(sa.select(Entry.id).where(Entry.card_id == card_id)))
    files = list(db.session.scalars(sa.select(Attachment.file_id).where(Attachment.card_id == card_id)))
    search.drop("entry", entries)
    for kind in ("card", "inside"):
        search.drop(kind, [card_id])
    _forget_events(EVENTS.c.card_id == card_id)
    db.session.execute(sa.delete(table_of(Attachment)).where(Attachment.card_id == card_id))
    for file_id in files:
        app_files.release(file_id)


def _forget_events(about: sa.ColumnElement[bool]) -> None:
    """Remove facts; those that have a place in the order of a board leave an empty one, so that it has no holes."""
    db.session.execute(sa.delete(EVENTS).where(about, EVENTS.c.seq.is_(None)))
    nothing: dict[str, Any] = {"name": "card.left", "card_id": None, "contact_id": None, "subject_kind": None,
                               "subject_id": None, "actor_kind": None, "actor_id": None, "data": {}}  # fmt: skip
    db.session.execute(sa.update(EVENTS).where(about).values(nothing))


def _restore(found: ImportRecord, table: sa.Table, here: sa.ColumnElement[bool], *, is_there: bool) -> None:
    values = {name: from_json(table.c[name], value) for name, value in found.before.items() if name != DELETED}
    if not is_there:
        db.session.execute(sa.insert(table).values(values))
        return
    if values:
        db.session.execute(sa.update(table).where(here).values(values))
    if table.name in SUBJECTS:
        row_id = int(found.row_id)
        within = sa.and_(EVENTS.c.id > found.floor_event_id, EVENTS.c.id <= found.last_event_id)
        if table.name == "cards":
            _forget_events(sa.and_(EVENTS.c.card_id == row_id, within))
            search.renew(("card",), row_id)
        else:
            about = sa.and_(EVENTS.c.subject_kind == SUBJECTS[table.name], EVENTS.c.subject_id == row_id)
            db.session.execute(sa.delete(EVENTS).where(about, within))
            if table.name in SEARCHED:
                search.renew(SEARCHED[table.name], row_id)


def _finish(import_id: int, *, by: Actor | None) -> Counter[tuple[str, str]]:
    query = sa.select(RECORDS.c.row_table, RECORDS.c.outcome, sa.func.count()).where(RECORDS.c.import_id == import_id)
    rows = db.session.execute(query.group_by(RECORDS.c.row_table, RECORDS.c.outcome)).all()
    counts = {f"{table}.{outcome}": count for table, outcome, count in rows if table in SUBJECTS}
    draft = db.session.get_one(Import, import_id, populate_existing=True)
    draft.state, draft.undo_counts, draft.finished_at = "undone", counts, utcnow()
    db.session.execute(sa.delete(RECORDS).where(RECORDS.c.import_id == import_id, RECORDS.c.outcome != KEPT))
    stored = [source["file"] for source in draft.sources.values() if source["file"] is not None]
    draft.sources = {role: {**source, "file": None} for role, source in draft.sources.items()}
    db.session.flush()
    for file_id in stored:
        app_files.release(file_id)
    data = {"import": draft.id, "kind": draft.kind, "file": draft.name, "counts": counts}
    record("import.undone", None, by=by, data=data)
    db.session.commit()
    return tally_of(counts)
