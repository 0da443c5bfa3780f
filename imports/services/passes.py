"""The two passes over a file, as jobs: the check, which changes nothing, and the import itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa

from app import jobs
from app.clock import utcnow
from app.db import table_of
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import as_viewer
from app.jobs import Job
from app.users.models import User
from imports.facts import Fault
from imports.kinds.base import Counts
from imports.models import Import, ImportFault, tally_of
from imports.plans import Plan
from imports.services.drafts import hold, plan_of
from imports.services.running import Step, run
from imports.services.tracking import Tracker

FAULTS = table_of(ImportFault)
# More than these are counted and not listed.
MOST_FAULTS = 20_000


@dataclass(frozen=True)
class Doer:
    """Who acts in a job: the rows of users come and go with its transactions."""

    id: int
    actor_kind: ClassVar[str] = "user"


def start_check(draft: Import, plan: Plan, *, by: User) -> Job:
    """Keep the answers and read everything once without changing anything. Raises a `DomainError` for open answers."""
    hold(draft)
    if problems := plan.problems():
        raise DomainError(problems[0].sentence, code="open")
    draft.sources = {
        role: source | {"mapping": dict(plan.sources[role].mapping)} for role, source in draft.sources.items()
    }
    draft.options = plan.options.as_json()
    return _start(draft, "checking", "import.check", by=by)


def start_run(draft: Import, *, by: User) -> Job | None:
    """Carry a checked import out; asked twice, it runs once."""
    db.session.refresh(draft, with_for_update=True)
    if draft.state != "checked":
        return None
    job = _start(draft, "running", "import.run", by=by)
    record("import.started", None, by=by, data={"import": draft.id, "kind": draft.kind, "file": draft.name})
    return job


def _start(draft: Import, state: str, kind: str, *, by: User) -> Job:
    draft.state, draft.counts, draft.error, draft.finished_at = state, {}, "", None
    job = jobs.start(kind, {"import": draft.id, "language": by.locale}, by=by)
    draft.job_id = job.id
    db.session.flush()
    return job


def carry_out(job: Job, *, is_dry: bool) -> None:
    """One pass, from where an earlier attempt of the same job ended. Commits step by step."""
    job_id, import_id, result = job.id, job.payload["import"], dict(job.result)
    draft = db.session.get(Import, import_id)
    if draft is None or draft.job_id != job_id:
        # Somebody began anew meanwhile.
        return
    by = Doer(job.by_id) if job.by_id else None
    with as_viewer(job.payload.get("language")):
        keeper = Keeper(import_id, job_id, result, total=draft.sources["main"]["rows"])
        try:
            plan = plan_of(draft)
            db.session.commit()
            tracker = None if is_dry else Tracker(import_id)
            run(plan, by=by, is_dry=is_dry, keep=keeper.keep, skip=keeper.items, tracker=tracker)
        except DomainError as error:
            db.session.rollback()
            finish(import_id, "failed", keeper.counts, by=by, error=error.message)
        else:
            finish(import_id, "checked" if is_dry else "done", keeper.counts, by=by)


def finish(import_id: int, state: str, counts: Counts, *, by: Actor | None, error: str = "") -> None:
    """Note how a pass ended. Commits."""
    draft = db.session.get_one(Import, import_id, populate_existing=True)
    draft.state, draft.counts, draft.error, draft.finished_at = state, as_json(counts), error, utcnow()
    if state == "done":
        data = {"import": draft.id, "kind": draft.kind, "file": draft.name, "counts": draft.counts}
        record("import.finished", None, by=by, data=data)
    db.session.commit()


class Keeper:
    """Keeps what a pass did, step by step, so that it can be watched, and go on after a crash."""

    def __init__(self, import_id: int, job_id: int, result: dict[str, Any], *, total: int) -> None:
        self.import_id, self.job_id, self.total = import_id, job_id, total
        self.items, self.rows, self.listed = (int(result.get(key, 0)) for key in ("items", "rows", "listed"))
        self.counts: Counts = tally_of(result.get("counts", {}))
        if not self.items:
            db.session.execute(sa.delete(FAULTS).where(FAULTS.c.import_id == import_id))

    def keep(self, step: Step) -> None:
        """Note the step in the running transaction."""
        self.items += step.items
        self.rows += step.rows
        self.counts += step.counts
        self.listed += list_faults(self.import_id, step.faults, MOST_FAULTS - self.listed)
        result = {"items": self.items, "rows": self.rows, "listed": self.listed, "counts": as_json(self.counts)}
        jobs.advance(self.job_id, done=self.rows, total=self.total, result=result)


def list_faults(import_id: int, faults: list[Fault], most: int) -> int:
    """Write at most so many faults down; answers how many."""
    rows = [
        {"import_id": import_id, "role": fault.role, "row": fault.row, "column": fault.column, "value": fault.value,
         "sentence": fault.sentence}
        for fault in faults[: max(most, 0)]
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(FAULTS), rows)
    return len(rows)


def begin_by_command(plan: Plan) -> tuple[Import, Job]:
    """The import that a command carries out, with its mark; one of the same file and answers that broke off goes on.

    Its files are not kept.
    """
    sources = {
        role: {"file": None, "name": source.name, "rows": source.table.count(), "encoding": source.layout.encoding,
               "separator": source.layout.separator, "mapping": dict(source.mapping), "sha256": digest(source.path)}
        for role, source in plan.sources.items()
    }  # fmt: skip
    options = plan.options.as_json()
    broken = (
        sa.select(Import).join(Job, Job.id == Import.job_id).where(Import.state == "running", Import.by_id.is_(None))
    )
    for known in db.session.scalars(broken.where(Import.kind == plan.kind.key, Job.kind == "import.command")):
        if known.sources == sources and known.options == options and known.job is not None:
            return known, known.job
    job = Job(kind="import.command", state="running", created_at=utcnow())
    row = Import(kind=plan.kind.key, state="running", sources=sources, options=options, job=job)
    db.session.add_all([job, row])
    db.session.flush()
    data = {"import": row.id, "kind": row.kind, "file": row.name}
    record("import.started", None, data=data)
    return row, job


def carry_out_by_command(plan: Plan) -> tuple[Counts, list[ImportFault]]:
    """Import in this process; answers what came of it. Commits step by step."""
    # The files are read without holding the database.
    db.session.rollback()
    row, job = begin_by_command(plan)
    import_id, job_id = row.id, job.id
    keeper = Keeper(import_id, job_id, dict(job.result), total=row.sources["main"]["rows"])
    db.session.commit()
    run(plan, by=None, is_dry=False, keep=keeper.keep, skip=keeper.items, tracker=Tracker(import_id))
    ended = sa.update(table_of(Job)).where(table_of(Job).c.id == job_id)
    db.session.execute(ended.values(state="done", finished_at=utcnow()))
    finish(import_id, "done", keeper.counts, by=None)
    faults = sa.select(ImportFault).where(ImportFault.import_id == import_id).order_by(ImportFault.id)
    return keeper.counts, list(db.session.scalars(faults))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_json(counts: Counts) -> dict[str, int]:
    return {f"{what}.{outcome}": count for (what, outcome), count in sorted(counts.items())}
