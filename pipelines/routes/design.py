"""What the page of a board's design is made of."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from app.errors import NotFound
from app.i18n import _, as_viewer, viewer
from pipelines import queries
from pipelines.forms import ArchivalForm, StageForm
from pipelines.models import Pipeline, PortalStep, Stage
from pipelines.preview import RECEIVED, Draft
from pipelines.services import stages
from pipelines.services.steps import HIDDEN

TEMPLATE = "pipelines/show.html"


def get_stage(pipeline: Pipeline, stage_id: int) -> Stage:
    """The stage of this board, archived or not; 404 when it has none such."""
    stage = next((stage for stage in pipeline.all_stages if stage.id == stage_id), None)
    if stage is None:
        raise NotFound
    return stage


def get_step(pipeline: Pipeline, step_id: int) -> PortalStep:
    """The portal step of this board; 404 when it has none such."""
    step = next((step for step in pipeline.portal_steps if step.id == step_id), None)
    if step is None:
        raise NotFound
    return step


def stage_form(pipeline: Pipeline, stage: Stage | None) -> StageForm:
    """The form of a stage as it is, or of a new one."""
    columns: dict[str, Any] = {"kind": "active", "color": "turquoise", "portal": HIDDEN}
    if stage is not None:
        columns = {name: getattr(stage, name) for name in stages.FIELDS if name != "portal_step_id"}
        columns["portal"] = str(stage.portal_step_id) if stage.portal_step_id else HIDDEN
    return StageForm(data={**columns, "base_epoch": pipeline.access_epoch}).offer(pipeline)


def archival_form(pipeline: Pipeline, stage: Stage | None) -> ArchivalForm:
    """The form that archives a stage."""
    form = ArchivalForm(data={"base_epoch": pipeline.access_epoch})
    targets = stages.targets_of(stage) if stage else []
    form.target_id.choices = [("", _("Choose a stage")), *((str(row.id), row.name) for row in targets)]
    return form


def context(pipeline: Pipeline, opened: str = "", **more: Any) -> dict[str, Any]:
    """What the page of the stages needs. `opened`: the id of the stage whose form stands open, or "new"."""
    stage = next((row for row in pipeline.stages if str(row.id) == opened), None)
    used = {row.portal_step_id for row in pipeline.stages}
    base: dict[str, Any] = {
        "pipeline": pipeline, "rows": queries.stage_rows(pipeline), "opened": opened, "opened_step": "",
        "stage": stage, "archival": archival_form(pipeline, stage) if stage else None, "step_form": None,
        "archived": [row for row in pipeline.all_stages if row.archived_at is not None],
        "steps": [(step, step.id in used) for step in pipeline.portal_steps],
        "stage_form": stage_form(pipeline, stage) if opened else None, "moved": ("", ""),
    }  # fmt: skip
    draft = Draft.of(pipeline)
    return {**base, "preview": preview_of(draft, draft.shown_at(opened) if stage else None, viewer().locale), **more}


def preview_of(draft: Draft, now: str | None, language: str) -> dict[str, Any]:
    """The rail for the phone, in a language: on the step `now`, or on the first that is more than "Received"."""
    with as_viewer(language):
        wells = draft.rail(now or next((column.step for column in draft.columns if column.step), RECEIVED))
        steps = [{"label": well.label, "when": well.when, "state": well.state, "hint": ""} for well in wells]
        present = next(well for well in wells if well.state == "now")
        phone = render_template("pipelines/_phone.html", steps=steps, now=present)
        return {"language": language, "phone": Markup(phone)}  # noqa: S704  # it was escaped when it was rendered
