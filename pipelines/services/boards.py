"""Boards as a whole: making one of a pattern, its names, its archive."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _, _n
from pipelines import contents
from pipelines.access import renew
from pipelines.models import Department, Pipeline, PortalStep, Stage
from pipelines.patterns import Pattern
from pipelines.sequence import hold

events.define("pipeline.created", "pipeline.archived", "pipeline.restored")
FIELDS = ("name_fa", "name_en", "icon", "is_in_portal")


def create_pipeline(pattern: Pattern, *, name_fa: str, name_en: str, slug: str, by: Actor | None) -> Pipeline:
    """Make a board of a pattern, behind the others. Raises a `DomainError` when the address is taken."""
    last = db.session.scalar(sa.select(sa.func.max(Pipeline.position)))
    pipeline = Pipeline(slug=slug, name_fa=name_fa, name_en=name_en, kind=pattern.kind, icon=pattern.icon,
                        position=0 if last is None else last + 1)  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(pipeline)
            db.session.flush()
    except IntegrityError:
        raise DomainError(_("Another board has this address."), code="taken", field="slug") from None
    _furnish(pipeline, pattern)
    record("pipeline.created", pipeline, by=by, data={"slug": slug, "name_fa": name_fa, "pattern": pattern.key})
    return pipeline


def _furnish(pipeline: Pipeline, pattern: Pattern) -> None:
    steps = [
        PortalStep(pipeline_id=pipeline.id, position=position, **asdict(step))
        for position, step in enumerate(pattern.steps)
    ]
    db.session.add_all(steps)
    db.session.flush()
    for position, drawn in enumerate(pattern.stages):
        columns = asdict(drawn)
        step = columns.pop("step")
        columns["portal_step_id"] = steps[step].id if step is not None else None
        db.session.add(Stage(pipeline_id=pipeline.id, position=position, **columns))
    db.session.flush()
    db.session.expire(pipeline, ["all_stages", "portal_steps"])


def change_pipeline(pipeline: Pipeline, values: Mapping[str, Any], *, by: Actor) -> None:
    """Write another name or icon, or whether customers may see this board's cards at all."""
    hold(pipeline)
    before = {name: getattr(pipeline, name) for name in FIELDS}
    changed = [name for name in FIELDS if values[name] != before[name]]
    if not changed:
        return
    for name in changed:
        setattr(pipeline, name, values[name])
    db.session.flush()
    data = {"from": {name: before[name] for name in changed}, "to": {name: values[name] for name in changed}}
    renew(pipeline, "pipeline.redesigned", by=by, data={"change": "board.changed", **data})


def archive_pipeline(pipeline: Pipeline, *, by: Actor) -> None:
    """Take an empty board out of use. Raises a `DomainError` while cards or departments need it."""
    hold(pipeline)
    if pipeline.archived_at is not None:
        return
    count = sum(contents.count_open([stage.id for stage in pipeline.all_stages]).values())
    if count:
        raise DomainError(
            _n("%(num)s card is still open on this board.", "%(num)s cards are still open on this board.", count),
            code="not_empty",
        )  # fmt: skip
    feeding = sa.select(Department).where(Department.pipeline_id == pipeline.id, Department.is_active)
    department = db.session.scalar(feeding.limit(1))
    if department is not None:
        sentence = _(
            "The department %(name)s sends its requests here. Give it another board first.", name=department.name
        )
        raise DomainError(sentence, code="in_use")
    pipeline.archived_at = utcnow()
    db.session.flush()
    renew(pipeline, "pipeline.archived", by=by, data={})


def restore_pipeline(pipeline: Pipeline, *, by: Actor) -> None:
    """Take a board out of the archive as it was."""
    hold(pipeline)
    if pipeline.archived_at is None:
        return
    pipeline.archived_at = None
    db.session.flush()
    record("pipeline.restored", pipeline, by=by)
