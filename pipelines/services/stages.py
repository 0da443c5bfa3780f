"""Stages: adding, changing, ordering, archiving. Each is one fact of the board, after which every open page reloads."""

from collections.abc import Mapping
from typing import Any

from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _, _n
from pipelines import contents
from pipelines.access import renew
from pipelines.models import CLOSING_KINDS, COLORS, Pipeline, Stage
from pipelines.models.stage import KINDS_BY_PIPELINE, SUCCESS_KINDS
from pipelines.sequence import hold
from pipelines.services.steps import choose_step

FIELDS = ("name_fa", "name_en", "kind", "color", "card_limit", "portal_step_id", "shows_return")
MOST_STAGES = 30


def redesign(pipeline: Pipeline, change: str, *, by: Actor | None, **data: Any) -> None:
    """Record what changed about a board."""
    renew(pipeline, "pipeline.redesigned", by=by, data={"change": change, **data})


def facts(stage: Stage) -> dict[str, Any]:
    """What history keeps of a stage."""
    return {name: getattr(stage, name) for name in FIELDS}


def add_stage(pipeline: Pipeline, values: Mapping[str, Any], *, base_epoch: int | None, by: Actor | None) -> Stage:
    """Put a new stage behind the last one that works are still done in.

    `values`: the columns of a stage, and `portal` ("hidden", "new" or a step's id) with `words` of a new step.
    """
    hold(pipeline, base_epoch)
    if len(pipeline.stages) >= MOST_STAGES:
        raise DomainError(_("A board has at most %(num)s stages.", num=MOST_STAGES), code="too_many")
    stage = Stage(pipeline_id=pipeline.id, position=_place_for(pipeline, values["kind"]))
    for other in pipeline.all_stages:
        other.position += other.position >= stage.position
    _fill(stage, pipeline, values)
    db.session.add(stage)
    db.session.flush()
    db.session.expire(pipeline, ["all_stages"])
    redesign(pipeline, "stage.added", by=by, stage=stage.id, to=facts(stage))
    return stage


def _place_for(pipeline: Pipeline, kind: str) -> int:
    """Where a new stage begins: at the end, but before the stages that end the work unless it is one of them."""
    stages = pipeline.all_stages
    if kind not in CLOSING_KINDS:
        before = next((stage.position for stage in pipeline.stages if stage.is_closing), None)
        if before is not None:
            return before
    return stages[-1].position + 1 if stages else 0


def _fill(stage: Stage, pipeline: Pipeline, values: Mapping[str, Any]) -> None:
    if values["kind"] not in KINDS_BY_PIPELINE[pipeline.kind] or values["color"] not in COLORS:
        raise DomainError(_("This kind of stage does not belong on this board."), code="unknown", field="kind")
    for name in ("name_fa", "name_en", "kind", "color", "card_limit", "shows_return"):
        setattr(stage, name, values[name])
    stage.portal_step_id = choose_step(pipeline, stage, values["portal"], values["words"])


def change_stage(stage: Stage, values: Mapping[str, Any], *, base_epoch: int | None, by: Actor) -> None:
    """Write another name, meaning, colour, limit or portal step. Takes what `add_stage` takes."""
    pipeline = stage.pipeline
    hold(pipeline, base_epoch)
    before = facts(stage)
    _fill(stage, pipeline, values)
    _check_meaning(stage, before["kind"])
    after = facts(stage)
    if before == after:
        return
    db.session.flush()
    _check_rest(pipeline)
    changed = [name for name in FIELDS if before[name] != after[name]]
    old_and_new = {"from": {name: before[name] for name in changed}, "to": {name: after[name] for name in changed}}
    redesign(pipeline, "stage.changed", by=by, stage=stage.id, **old_and_new)


def _check_meaning(stage: Stage, before: str) -> None:
    """Cards that stand here are done or not done by their stage's kind; that must not turn round under them."""
    if (before in CLOSING_KINDS) == stage.is_closing:
        return
    count = contents.count_open([stage.id])[stage.id]
    if count:
        raise DomainError(
            _n("%(num)s card stands here. Move it elsewhere before the stage gets this meaning.",
               "%(num)s cards stand here. Move them elsewhere before the stage gets this meaning.", count),
            code="not_empty", field="kind",
        )  # fmt: skip


def _check_rest(pipeline: Pipeline) -> None:
    """Raise a `DomainError` when a board could no longer take new cards in or let finished ones out."""
    kinds = {stage.kind for stage in pipeline.stages}
    if "new" not in kinds:
        raise DomainError(_("A board needs a stage for new cards."), code="no_entrance", field="kind")
    if not kinds & SUCCESS_KINDS:
        raise DomainError(_("A board needs a stage where the work is done."), code="no_exit", field="kind")


def move_stage(stage: Stage, direction: str, *, by: Actor) -> None:
    """Exchange a stage with its neighbour, `direction` "up" (earlier) or "down"; at the end nothing happens."""
    pipeline = stage.pipeline
    hold(pipeline)
    stages = pipeline.stages
    index = stages.index(stage) if stage in stages else -1
    other = index + (-1 if direction == "up" else 1)
    if index < 0 or not 0 <= other < len(stages):
        return
    before = [row.id for row in stages]
    stages[index], stages[other] = stages[other], stages[index]
    archived = [row for row in pipeline.all_stages if row.archived_at is not None]
    for position, row in enumerate([*stages, *archived]):
        row.position = position
    db.session.flush()
    db.session.expire(pipeline, ["all_stages"])
    redesign(pipeline, "stage.moved", by=by, stage=stage.id, **{"from": before, "to": [row.id for row in stages]})


def targets_of(stage: Stage) -> list[Stage]:
    """Where the cards of a stage may go when it is archived: done work to stages of done work, other work to others."""
    return [other for other in stage.pipeline.stages if other.id != stage.id and other.is_closing == stage.is_closing]


def archive_stage(stage: Stage, target: Stage | None, *, base_epoch: int | None, by: Actor) -> None:
    """Take a stage off the board; its open cards go to the end of `target`, in order, and no customer is told.

    Raises a `DomainError` for a stage the board cannot do without, and for cards without a place to go.
    """
    pipeline = stage.pipeline
    hold(pipeline, base_epoch)
    if stage.archived_at is not None:
        return
    stage.archived_at = utcnow()
    db.session.flush()
    _check_rest(pipeline)
    count = contents.count_open([stage.id])[stage.id]
    if count and (target is None or target not in targets_of(stage)):
        raise DomainError(
            _n("Choose where its %(num)s card goes.", "Choose where its %(num)s cards go.", count),
            code="no_target", field="target_id",
        )  # fmt: skip
    redesign(pipeline, "stage.archived", by=by, stage=stage.id, count=count,
             target=target.id if target and count else None)  # fmt: skip
    if target is not None and count:
        contents.move_all(stage, target, by=by)


def restore_stage(stage: Stage, *, by: Actor) -> None:
    """Bring an archived stage back to the place it had; its former cards stay where they went."""
    pipeline = stage.pipeline
    hold(pipeline)
    if stage.archived_at is None:
        return
    if len(pipeline.stages) >= MOST_STAGES:
        raise DomainError(_("A board has at most %(num)s stages.", num=MOST_STAGES), code="too_many")
    stage.archived_at = None
    db.session.flush()
    redesign(pipeline, "stage.restored", by=by, stage=stage.id)
