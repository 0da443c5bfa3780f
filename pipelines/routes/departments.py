"""Departments: the doors through which customers write."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_admin
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.links import external
from app.users.models import User
from pipelines import queries
from pipelines.forms import DepartmentForm, DirectionForm, NewDepartmentForm
from pipelines.models import Department
from pipelines.services import departments as verbs

bp = Blueprint("departments", __name__, url_prefix="/settings/departments")
bp.before_request(require_admin)
ONE = "pipelines/department.html"


def get_department(slug: str) -> Department:
    """The department with this address; 404 when there is none."""
    department = next((row for row in queries.departments() if row.slug == slug), None)
    if department is None:
        raise NotFound
    return department


def offer(form: DepartmentForm) -> DepartmentForm:
    """Fill the choices of boards and colleagues."""
    form.pipeline_id.choices = [(board.id, board.name) for board in verbs.boards_for_requests()]
    people = [(user.id, user.shown_name) for user in db.session.scalars(User.active())]
    form.default_assignee_id.choices = [(0, _("Nobody: whoever takes it first")), *people]
    return form


def values_of(form: DepartmentForm) -> dict[str, Any]:
    """The columns that the form fills."""
    values = {name: form[name].data for name in verbs.FIELDS}
    return {**values, "default_assignee_id": values["default_assignee_id"] or None}


@bp.get("")
def index() -> ResponseReturnValue:
    rows = [(row, external(f"/portal/requests/new?department={row.slug}")) for row in queries.departments()]
    return render_template("pipelines/departments.html", rows=rows)


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template(ONE, form=offer(NewDepartmentForm()), department=None)


@bp.post("")
def create() -> ResponseReturnValue:
    form = NewDepartmentForm.from_request()
    offer(form)
    if not form.validate():
        return refuse(form, ONE, department=None)
    try:
        department = verbs.create_department(str(form.slug.data), values_of(form), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, department=None)
    db.session.commit()
    flash(_("The department %(name)s is open.", name=department.name))
    return redirect(url_for("departments.index"), 303)


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    department = get_department(slug)
    data = {name: getattr(department, name) for name in verbs.FIELDS}
    form = offer(DepartmentForm(data={**data, "default_assignee_id": data["default_assignee_id"] or 0}))
    return render_template(ONE, form=form, department=department)


@bp.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    department = get_department(slug)
    form = offer(DepartmentForm.from_request())
    if not form.validate():
        return refuse(form, ONE, department=department)
    try:
        verbs.change_department(department, values_of(form), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, department=department)
    db.session.commit()
    flash(_("The department %(name)s is saved.", name=department.name))
    return redirect(url_for("departments.index"), 303)


@bp.post("/<slug>/position")
def create_position(slug: str) -> ResponseReturnValue:
    department = get_department(slug)
    form = DirectionForm.from_request()
    if not form.validate():
        return refuse(form)
    verbs.move_department(department, str(form.direction.data), by=current_user)
    db.session.commit()
    return redirect(url_for("departments.index", moved=slug, way=form.direction.data), 303)
