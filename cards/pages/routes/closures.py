"""The end of the work on a card, and its return."""

from typing import Any

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import Conflict, DomainError, is_partial, problem, wants_json
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from cards import services
from cards.models import Card
from cards.pages.blueprint import bp, checked, done, get_card, require_open, require_write
from cards.pages.forms import ClosureForm, ReopeningForm
from cards.pages.routes.card import number
from cards.placement import Anchor
from contacts.models import Contact
from contacts.services import add_point, make_primary, update_contact
from pipelines.models import Stage


@bp.get("/<code>/closure")
def closure(code: str) -> ResponseReturnValue:
    """The closing form: a page, or the inside of a dialog for scripts."""
    card = get_finishable(code)
    contact = card.contact
    form = ClosureForm(
        name=contact.name, mobile=contact.mobile, email=contact.email, base_version=card.version,
        stage_id=chosen_stage(card, number("stage")),
    )  # fmt: skip
    return draw(card, form)


@bp.post("/<code>/closure")
def create_closure(code: str) -> ResponseReturnValue:
    card = get_finishable(code)
    form = ClosureForm.from_request()
    form.stage_id.choices = stage_choices(card)
    if not form.validate():
        return refuse(form, template(), **context(card))
    stage = next(stage for stage in closing_stages(card) if stage.id == form.stage_id.data)
    try:
        answer = services.resolve(
            card, stage, cause=form.cause.data or "", solution=form.solution.data or "", by=current_user,
            op_id=form.op_id.data or None, base_version=form.base_version.data,
            to=Anchor(
                after_id=form.after_id.data, before_id=form.before_id.data, at_end=form.at_end.data
            ),
        )  # fmt: skip
        keep_contact(card.contact, form)
    except Conflict as error:
        if is_partial():
            # The dialog stays as it is; its script says why.
            return problem(error.status, error.code, error.message, **error.extra)
        raise
    except DomainError as error:
        db.session.rollback()
        form.stage_id.choices = stage_choices(card)
        return refuse(form, template(), error=error, **context(card))
    db.session.commit()
    return finished(card, answer)


def get_finishable(code: str) -> Card:
    """An open card whose work the current user may declare done."""
    card = get_card(code)
    require_write(card)
    require_open(card)
    if not closing_stages(card):
        raise DomainError(_("This board has no stage that ends the work. A manager of the board can add one."),
                          code="no_stage")  # fmt: skip
    return card


def closing_stages(card: Card) -> list[Stage]:
    return [stage for stage in card.pipeline.stages if stage.is_closing]


def stage_choices(card: Card) -> list[tuple[int, str]]:
    return [(stage.id, stage.name) for stage in closing_stages(card)]


def chosen_stage(card: Card, asked: int | None) -> int:
    """The asked stage when it ends the work here, else the first that ends it well."""
    known = [stage.id for stage in closing_stages(card)]
    usual = card.pipeline.resolved_stage
    return asked if asked in known else usual.id if usual else known[0]


def template() -> str:
    return "cards/_closure_form.html" if is_partial() else "cards/closure.html"


def context(card: Card) -> dict[str, Any]:
    tells = card.pipeline.kind == "ticket" and not card.is_internal
    return {"card": card, "contact": card.contact, "tells": tells, "is_partial": is_partial()}


def draw(card: Card, form: ClosureForm) -> ResponseReturnValue:
    form.stage_id.choices = stage_choices(card)
    return render_template(template(), form=form, **context(card))


def finished(card: Card, answer: dict[str, Any]) -> ResponseReturnValue:
    """The answer of a move for scripts, the card's page for people."""
    if wants_json() or is_partial():
        return jsonify(answer)
    return redirect(url_for("cards.show", code=card.code), 303)


def keep_contact(contact: Contact, form: ClosureForm) -> None:
    """Bring the contact up to date with what stands in the form; what was left empty stays as it is known.

    A corrected number becomes the first one; the old one is kept, somebody may still call from it.
    """
    if form.name.data and form.name.data != contact.name:
        update_contact(contact, by=current_user, name=form.name.data)
    for kind, field in (("mobile", form.mobile), ("email", form.email)):
        if not field.data or field.data == contact.address_of(kind):
            continue
        found = next((point for point in contact.points if point.kind == kind and point.normalised == field.data), None)
        point = found or add_point(contact, kind, field.data, by=current_user)
        make_primary(contact, point, by=current_user)


@bp.post("/<code>/reopening")
def create_reopening(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require_write(card)
    form = checked(ReopeningForm.from_request())
    services.reopen(card, by=current_user, reason=form.reason.data or "")
    db.session.commit()
    return done(card)
