"""A card that a colleague opens: for a caller, for somebody at the counter, for a deal."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.codes import new_code
from app.errors import Denied, DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.users.models import User
from cards import services
from cards.board.counts import pipelines_of
from cards.models import Card
from cards.pages.blueprint import bp
from cards.pages.forms import OpeningForm, uploads
from cards.pages.people import load_people
from cards.placement import claim
from cards.policies import can_open_on
from contacts.models import Company, Contact
from contacts.services import create_contact
from pipelines.models import Department, Pipeline


@bp.get("/new")
def new() -> ResponseReturnValue:
    pipeline = chosen_pipeline()
    form = offered(OpeningForm(assignee_id=current_user.id, op_id=uuid4().hex), pipeline)
    form.department_id.data = next((department.id for department in departments_of(pipeline)), 0)
    contact = db.session.scalar(Contact.visible_to(current_user).where(Contact.code == request.args.get("contact", "")))
    if contact is not None:
        form.contact.data, form.contact_code.data = contact.shown_name, contact.code
    return render_template("cards/new.html", form=form, **context(pipeline))


@bp.post("/new")
def create() -> ResponseReturnValue:
    pipeline = chosen_pipeline()
    form = offered(OpeningForm.from_request(), pipeline)
    if not form.validate():
        return refuse(form, "cards/new.html", **context(pipeline))
    code = new_code()
    known = claim(form.op_id.data, {"code": code}, current_user)
    if known is not None:
        db.session.rollback()
        return redirect(url_for("cards.show", code=known["code"]), 303)
    try:
        card = open_by_hand(pipeline, form, code)
    except DomainError as error:
        db.session.rollback()
        return refuse(offered(form, pipeline), "cards/new.html", error=error, **context(pipeline))
    db.session.commit()
    return redirect(url_for("cards.show", code=card.code), 303)


def open_by_hand(pipeline: Pipeline, form: OpeningForm, code: str) -> Card:
    """The card with its first words. The acknowledgement tells the customer, so a first reply tells nothing more."""
    contact = contact_of(form)
    card = services.open_card(
        contact, pipeline.first_stage, title=form.title.data or "", by=current_user, channel=form.channel.data,
        department=db.session.get(Department, form.department_id.data) if form.department_id.data else None,
        assignee=db.session.get(User, form.assignee_id.data) if form.assignee_id.data else None,
        company=company_of(contact), priority=form.priority.data, amount_rials=form.amount.data,
        code=code,
    )  # fmt: skip
    body, files = form.body.data or "", uploads(form.files)
    if body or files:
        if form.kind.data == "reply":
            services.add_reply(card, body, by=current_user, files=files, tell=False)
        else:
            services.add_note(card, body, by=current_user, files=files)
    return card


def contact_of(form: OpeningForm) -> Contact:
    """The chosen contact, else a new one. Raises a `DomainError` on a field of the form."""
    found: Contact | None = form.contact.found
    if found is not None:
        return found
    points = [("mobile", form.new_mobile.data)] if form.new_mobile.data else []
    try:
        return create_contact(by=current_user, name=form.new_name.data or "", points=points)
    except DomainError as error:
        raise DomainError(error.message, code=error.code, field=f"new_{error.field}") from error


def company_of(contact: Contact) -> Company | None:
    """The company a contact speaks for, when there is only one."""
    companies = [membership.company for membership in contact.active_memberships]
    return companies[0] if len(companies) == 1 else None


def boards() -> list[Pipeline]:
    """Boards on which the current user opens cards by hand."""
    return [pipeline for pipeline in pipelines_of(current_user) if can_open_on(current_user, pipeline)]


def chosen_pipeline() -> Pipeline:
    """The asked board, else the first one for tickets, else the first. Raises `NotFound` or `Denied`."""
    asked, open_to_me = request.values.get("pipeline"), boards()
    if asked:
        found = next((pipeline for pipeline in pipelines_of(current_user) if pipeline.slug == asked), None)
        if found is None:
            raise NotFound
        if found not in open_to_me:
            raise Denied(_("You cannot open cards on this board."))
        return found
    if not open_to_me:
        raise Denied(_("You work on no board yet. A manager of a board can let you in."))
    return next((pipeline for pipeline in open_to_me if pipeline.kind == "ticket"), open_to_me[0])


def offered(form: OpeningForm, pipeline: Pipeline) -> OpeningForm:
    """The form with the choices of the board."""
    form.department_id.choices = [(0, _("None")), *((row.id, row.name) for row in departments_of(pipeline))]
    holders = load_people(pipeline.id).holders
    form.assignee_id.choices = [(0, _("Nobody yet")), *((user.id, user.shown_name) for user in holders)]
    return form


def departments_of(pipeline: Pipeline) -> list[Department]:
    """The departments that feed the board, in their order."""
    query = sa.select(Department).where(Department.pipeline_id == pipeline.id, Department.is_active)
    return list(db.session.scalars(query.order_by(Department.position, Department.id)))


def context(pipeline: Pipeline) -> dict[str, Any]:
    return {"pipeline": pipeline, "boards": boards(), "contact_code": request.values.get("contact", "")}
