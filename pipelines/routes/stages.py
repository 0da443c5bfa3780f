"""The stages of a board, with what customers see of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError
from app.extensions import db
from app.forms import refuse
from app.i18n import LOCALES, _, viewer
from pipelines.forms import ArchivalForm, DirectionForm, StageForm, StepForm, epoch_of
from pipelines.models import Pipeline
from pipelines.preview import Draft
from pipelines.routes.boards import bp, get_pipeline
from pipelines.routes.design import TEMPLATE, archival_form, context, get_stage, preview_of
from pipelines.services import stages
from pipelines.services.steps import NEW


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    opened, step_id = request.args.get("stage", ""), request.args.get("step", "")
    if opened != NEW and opened not in {str(row.id) for row in pipeline.stages}:
        opened = ""
    step = next((row for row in pipeline.portal_steps if str(row.id) == step_id), None)
    more: dict[str, Any] = {}
    if step is not None and not opened:
        form = StepForm(obj=step, data={"base_epoch": pipeline.access_epoch})
        more = {"step_form": form, "opened_step": step_id}
        more["preview"] = preview_of(Draft.of(pipeline), step_id, viewer().locale)
    more["moved"] = (request.args.get("moved", ""), request.args.get("way", ""))
    return render_template(TEMPLATE, **context(pipeline, opened, **more))


@bp.get("/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """The phone as the form that is being filled in would make it; nothing is changed."""
    pipeline = get_pipeline(slug)
    key, step = request.args.get("stage", ""), request.args.get("step", "")
    language = request.args.get("lang", "")
    draft = Draft.of(pipeline)
    form = StageForm(request.args).offer(pipeline)
    now: str | None = None
    if key:
        draft = draft.with_stage(key, form.values)
        now = draft.shown_at(key)
    elif step:
        draft, now = draft.with_words(step, form.words), step
    shown = preview_of(draft, now, language if language in LOCALES else viewer().locale)
    return render_template("pipelines/_preview.html", preview=shown, pipeline=pipeline, opened=key, opened_step=step)


@bp.post("/<slug>/stages")
def create_stage(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    form = StageForm.from_request().offer(pipeline)
    if not form.validate():
        return refuse(form, TEMPLATE, **context(pipeline, NEW, stage_form=form))
    try:
        stage = stages.add_stage(pipeline, form.values, base_epoch=epoch_of(form.base_epoch), by=current_user)
    except DomainError as error:
        return _refused(pipeline, NEW, form, error)
    db.session.commit()
    flash(_("The stage %(name)s is on the board.", name=stage.name))
    return redirect(url_for("pipelines.show", slug=slug, _anchor=f"stage-{stage.id}"), 303)


@bp.post("/<slug>/stages/<int:stage_id>")
def update_stage(slug: str, stage_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    stage = get_stage(pipeline, stage_id)
    form = StageForm.from_request().offer(pipeline)
    if not form.validate():
        return refuse(form, TEMPLATE, **context(pipeline, str(stage_id), stage_form=form))
    try:
        stages.change_stage(stage, form.values, base_epoch=epoch_of(form.base_epoch), by=current_user)
    except DomainError as error:
        return _refused(pipeline, str(stage_id), form, error)
    db.session.commit()
    flash(_("The stage %(name)s is saved.", name=stage.name))
    return redirect(url_for("pipelines.show", slug=slug, _anchor=f"stage-{stage_id}"), 303)


def _refused(pipeline: Pipeline, opened: str, form: StageForm, error: DomainError) -> ResponseReturnValue:
    """The page again with what was typed. Sent once more it counts from the board as it is shown now."""
    db.session.rollback()
    form.offer(pipeline)
    form.base_epoch.data = str(pipeline.access_epoch)
    form.base_epoch.raw_data = None
    return refuse(form, TEMPLATE, error=error, **context(pipeline, opened, stage_form=form))


@bp.post("/<slug>/stages/<int:stage_id>/position")
def create_position(slug: str, stage_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    stage = get_stage(pipeline, stage_id)
    form = DirectionForm.from_request()
    if not form.validate():
        return refuse(form)
    stages.move_stage(stage, str(form.direction.data), by=current_user)
    db.session.commit()
    # The focus goes back to the button that was pressed.
    return redirect(url_for("pipelines.show", slug=slug, moved=stage_id, way=form.direction.data), 303)


@bp.post("/<slug>/stages/<int:stage_id>/archival")
def archive_stage(slug: str, stage_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    stage = get_stage(pipeline, stage_id)
    sent = ArchivalForm.from_request()
    form = archival_form(pipeline, stage)
    target = next((row for row in pipeline.stages if str(row.id) == sent.target_id.data), None)
    try:
        if sent.target_id.data and target is None:
            raise DomainError(_("There is no such stage on this board."), code="unknown_stage", field="target_id")
        stages.archive_stage(stage, target, base_epoch=epoch_of(sent.base_epoch), by=current_user)
    except DomainError as error:
        db.session.rollback()
        form.target_id.data = sent.target_id.data
        return refuse(form, TEMPLATE, error=error, **context(pipeline, str(stage_id), archival=form))
    db.session.commit()
    flash(_("The stage %(name)s is archived.", name=stage.name))
    return redirect(url_for("pipelines.show", slug=slug), 303)


@bp.post("/<slug>/stages/<int:stage_id>/restoration")
def restore_stage(slug: str, stage_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    stage = get_stage(pipeline, stage_id)
    stages.restore_stage(stage, by=current_user)
    db.session.commit()
    flash(_("The stage %(name)s is back on the board.", name=stage.name))
    return redirect(url_for("pipelines.show", slug=slug, _anchor=f"stage-{stage_id}"), 303)
