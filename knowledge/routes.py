"""The frequent questions of a department."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_admin
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from knowledge import services
from knowledge.forms import DirectionForm, FaqForm
from knowledge.models import FaqEntry
from pipelines.models import Department

bp = Blueprint("faq", __name__, url_prefix="/settings/departments/<slug>/questions")
bp.before_request(require_admin)
LIST, ONE = "knowledge/faq.html", "knowledge/faq_entry.html"


def get_department(slug: str) -> Department:
    """The department with this address; 404 when there is none."""
    department = db.session.scalar(sa.select(Department).where(Department.slug == slug))
    if department is None:
        raise NotFound
    return department


def get_entry(department: Department, entry_id: int) -> FaqEntry:
    """The question of this department; 404 when it has none such."""
    entry = next((row for row in services.entries_of(department) if row.id == entry_id), None)
    if entry is None:
        raise NotFound
    return entry


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    department = get_department(slug)
    return render_template(LIST, department=department, entries=services.entries_of(department))


@bp.get("/new")
def new(slug: str) -> ResponseReturnValue:
    return render_template(ONE, department=get_department(slug), entry=None, form=FaqForm())


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    department = get_department(slug)
    form = FaqForm.from_request()
    if not form.validate():
        return refuse(form, ONE, department=department, entry=None)
    try:
        services.add_entry(department, form.data, by=current_user)
    except DomainError as error:
        return refuse(form, ONE, error=error, department=department, entry=None)
    db.session.commit()
    flash(_("The question is saved."))
    return redirect(url_for("faq.index", slug=slug), 303)


@bp.get("/<int:entry_id>")
def show(slug: str, entry_id: int) -> ResponseReturnValue:
    department = get_department(slug)
    entry = get_entry(department, entry_id)
    return render_template(ONE, department=department, entry=entry, form=FaqForm(obj=entry))


@bp.post("/<int:entry_id>")
def update(slug: str, entry_id: int) -> ResponseReturnValue:
    department = get_department(slug)
    entry = get_entry(department, entry_id)
    form = FaqForm.from_request()
    if not form.validate():
        return refuse(form, ONE, department=department, entry=entry)
    services.change_entry(entry, form.data, by=current_user)
    db.session.commit()
    flash(_("The question is saved."))
    return redirect(url_for("faq.index", slug=slug), 303)


@bp.post("/<int:entry_id>/position")
def create_position(slug: str, entry_id: int) -> ResponseReturnValue:
    department = get_department(slug)
    entry = get_entry(department, entry_id)
    form = DirectionForm.from_request()
    if not form.validate():
        return refuse(form)
    services.move_entry(department, entry, str(form.direction.data), by=current_user)
    db.session.commit()
    return redirect(url_for("faq.index", slug=slug, moved=entry_id, way=form.direction.data), 303)
