"""Boards: the list, a new one, its names, its archive."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from pipelines import queries
from pipelines.forms import DetailsForm, PipelineForm
from pipelines.models import Pipeline
from pipelines.patterns import PATTERNS
from pipelines.policies import can_design, can_make_boards
from pipelines.services import boards

bp = Blueprint("pipelines", __name__, url_prefix="/settings/pipelines")
bp.before_request(require_staff)
NEW, DETAILS = "pipelines/new.html", "pipelines/details.html"


def get_pipeline(slug: str) -> Pipeline:
    """The board with this address, for who may design it: 404 out of reach, 403 for other members."""
    pipeline = db.session.scalar(Pipeline.visible_to(current_user).where(Pipeline.slug == slug))
    if pipeline is None:
        raise NotFound
    require(can_design(current_user, pipeline))
    return pipeline


@bp.get("")
def index() -> ResponseReturnValue:
    designed = [board for board in queries.boards(current_user) if can_design(current_user, board)]
    makes = can_make_boards(current_user)
    require(makes or bool(designed))
    archived = queries.boards(current_user, archived=True) if makes else []
    return render_template("pipelines/index.html", pipelines=designed, archived=archived, makes=makes)


@bp.get("/new")
def new() -> ResponseReturnValue:
    require(can_make_boards(current_user))
    return render_template(NEW, form=PipelineForm(), patterns=PATTERNS)


@bp.post("")
def create() -> ResponseReturnValue:
    require(can_make_boards(current_user))
    form = PipelineForm.from_request()
    if not form.validate():
        return refuse(form, NEW, patterns=PATTERNS)
    try:
        pipeline = boards.create_pipeline(
            PATTERNS[str(form.pattern.data)], name_fa=str(form.name_fa.data), name_en=form.name_en.data or "",
            slug=str(form.slug.data), by=current_user,
        )  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, NEW, error=error, patterns=PATTERNS)
    db.session.commit()
    flash(_("The board is there. Now choose who works on it."))
    return redirect(url_for("pipelines.members", slug=pipeline.slug), 303)


@bp.get("/<slug>/details")
def details(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    return render_template(DETAILS, form=DetailsForm(obj=pipeline), pipeline=pipeline)


@bp.post("/<slug>/details")
def update(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    form = DetailsForm.from_request()
    if not form.validate():
        return refuse(form, DETAILS, pipeline=pipeline)
    boards.change_pipeline(pipeline, form.data, by=current_user)
    db.session.commit()
    flash(_("The board is saved."))
    return redirect(url_for("pipelines.details", slug=slug), 303)


@bp.post("/<slug>/archival")
def archive(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    require(can_make_boards(current_user))
    try:
        boards.archive_pipeline(pipeline, by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(DetailsForm(obj=pipeline), DETAILS, error=error, pipeline=pipeline)
    db.session.commit()
    flash(_("The board %(name)s is archived.", name=pipeline.name))
    return redirect(url_for("pipelines.index"), 303)


@bp.post("/<slug>/restoration")
def restore(slug: str) -> ResponseReturnValue:
    require(can_make_boards(current_user))
    pipeline = next((row for row in queries.boards(current_user, archived=True) if row.slug == slug), None)
    if pipeline is None:
        raise NotFound
    boards.restore_pipeline(pipeline, by=current_user)
    db.session.commit()
    flash(_("The board %(name)s is back.", name=pipeline.name))
    return redirect(url_for("pipelines.index"), 303)
