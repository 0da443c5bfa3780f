"""The words that customers read instead of stages, and their order."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from pipelines.forms import DirectionForm, StepForm, epoch_of
from pipelines.routes.boards import bp, get_pipeline
from pipelines.routes.design import TEMPLATE, context, get_step
from pipelines.services import steps


@bp.post("/<slug>/steps/<int:step_id>")
def update_step(slug: str, step_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    step = get_step(pipeline, step_id)
    form = StepForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, **context(pipeline, step_form=form, opened_step=str(step_id)))
    try:
        steps.change_step(pipeline, step, form.words, base_epoch=epoch_of(form.base_epoch), by=current_user)
    except DomainError as error:
        db.session.rollback()
        form.base_epoch.raw_data, form.base_epoch.data = None, str(pipeline.access_epoch)
        return refuse(form, TEMPLATE, error=error, **context(pipeline, step_form=form, opened_step=str(step_id)))
    db.session.commit()
    flash(_("What customers read is saved."))
    return redirect(url_for("pipelines.show", slug=slug, _anchor=f"step-{step_id}"), 303)


@bp.post("/<slug>/steps/<int:step_id>/position")
def move_step(slug: str, step_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    step = get_step(pipeline, step_id)
    form = DirectionForm.from_request()
    if not form.validate():
        return refuse(form)
    steps.move_step(pipeline, step, str(form.direction.data), by=current_user)
    db.session.commit()
    moved = f"step-{step_id}"
    return redirect(url_for("pipelines.show", slug=slug, moved=moved, way=form.direction.data, _anchor=moved), 303)
