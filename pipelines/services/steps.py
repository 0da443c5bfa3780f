"""Portal steps: what customers read instead of stages, in the order of their rail."""

from collections.abc import Mapping
from typing import Any

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from pipelines.access import renew
from pipelines.models import Pipeline, PortalStep, Stage
from pipelines.sequence import hold

FIELDS = ("label_fa", "label_en", "explanation_fa", "explanation_en", "icon", "usual_hours", "is_aside")
HIDDEN, NEW = "hidden", "new"


def choose_step(pipeline: Pipeline, stage: Stage, choice: str, words: Mapping[str, Any]) -> int | None:
    """The id of the step behind a stage: None for "hidden", a fresh one of `words` for "new", else the chosen one.

    A fresh step follows the step that the stages before show. Raises a `DomainError` for another board's step.
    """
    if choice == HIDDEN:
        return None
    if choice == NEW:
        return _add(pipeline, stage, words).id
    step = next((step for step in pipeline.portal_steps if str(step.id) == choice), None)
    if step is None:
        raise DomainError(_("There is no such step."), code="unknown", field="portal")
    return step.id


def _add(pipeline: Pipeline, stage: Stage, words: Mapping[str, Any]) -> PortalStep:
    earlier = [row.portal_step_id for row in pipeline.stages if row.portal_step_id and row.position < stage.position]
    steps = list(pipeline.portal_steps)
    place = next((index + 1 for index, step in enumerate(steps) if earlier and step.id == earlier[-1]), 0)
    step = PortalStep(pipeline_id=pipeline.id, **{name: words[name] for name in FIELDS})
    steps.insert(place, step)
    for position, row in enumerate(steps):
        row.position = position
    db.session.add(step)
    db.session.flush()
    db.session.expire(pipeline, ["portal_steps"])
    return step


def get_facts(step: PortalStep) -> dict[str, Any]:
    """What history keeps of a step."""
    return {name: getattr(step, name) for name in FIELDS}


def change_step(pipeline: Pipeline, step: PortalStep, words: Mapping[str, Any], *, base_epoch: int | None,
                by: Actor) -> None:  # fmt: skip
    """Write other words for customers; every stage behind the step shows them."""
    hold(pipeline, base_epoch)
    before = get_facts(step)
    changed = [name for name in FIELDS if words[name] != before[name]]
    if not changed:
        return
    for name in changed:
        setattr(step, name, words[name])
    db.session.flush()
    data = {"from": {name: before[name] for name in changed}, "to": {name: words[name] for name in changed}}
    renew(pipeline, "pipeline.redesigned", by=by, data={"change": "step.changed", "step": step.id, **data})


def move_step(pipeline: Pipeline, step: PortalStep, direction: str, *, by: Actor) -> None:
    """Exchange a step with its neighbour on the rail, `direction` "up" (earlier) or "down"."""
    hold(pipeline)
    steps = list(pipeline.portal_steps)
    index = steps.index(step)
    other = index + (-1 if direction == "up" else 1)
    if not 0 <= other < len(steps):
        return
    before = [row.id for row in steps]
    steps[index], steps[other] = steps[other], steps[index]
    for position, row in enumerate(steps):
        row.position = position
    db.session.flush()
    db.session.expire(pipeline, ["portal_steps"])
    data = {"change": "step.moved", "step": step.id, "from": before, "to": [row.id for row in steps]}
    renew(pipeline, "pipeline.redesigned", by=by, data=data)
