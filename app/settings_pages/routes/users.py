"""Colleagues: the list, invitations, roles, closing an account with the hand-over of its open work."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import settings
from app.auth import two_factor
from app.auth.guards import require_admin
from app.auth.recent import require_recent
from app.auth.services import LIFETIMES
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.links import external
from app.settings_pages import queries
from app.settings_pages.forms.people import InvitationForm, UserForm, hand_over_form
from app.users import services, teams
from app.users.holdings import holdings_of
from app.users.models import User

bp = Blueprint("users", __name__, url_prefix="/settings/users")
bp.before_request(require_admin)
LIST, ONE = "app/settings_users.html", "app/settings_user.html"
INVITE, CLOSE = "app/settings_invitation.html", "app/settings_deactivation.html"


def get_user(user_id: int) -> User:
    """The colleague with this id; 404 when there is none."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template(LIST, colleagues=queries.colleagues())


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template(INVITE, form=InvitationForm(data={"locale": settings.get("business.language")}))


@bp.post("")
def create() -> ResponseReturnValue:
    form = InvitationForm.from_request()
    if not form.validate():
        return refuse(form, INVITE)
    try:
        user, token = services.add(form.data, by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, INVITE, error=error)
    db.session.commit()
    return show_link(user, token)


@bp.post("/<int:user_id>/invitation")
def create_invitation(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    token = services.invite(user, by=current_user)
    db.session.commit()
    return show_link(user, token)


def show_link(user: User, token: str) -> ResponseReturnValue:
    """The page that shows the link, this once: only its hash is kept. Not a redirect, for the same reason."""
    link = external(url_for("auth.link", purpose="invitation", token=token))
    return render_template("app/settings_link.html", user=user, link=link, days=LIFETIMES["invitation"].days), 201


def _context(user: User) -> dict[str, Any]:
    state = queries.Colleague(user, [], None).state
    return {"user": user, "state": state, "has_second_step": two_factor.is_on(user)}


@bp.get("/<int:user_id>")
def show(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    form = UserForm(obj=user, data={"teams": queries.team_ids(user)})
    return render_template(ONE, form=form, **_context(user))


@bp.post("/<int:user_id>")
def update(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    form = UserForm.from_request()
    if not form.validate():
        return refuse(form, ONE, **_context(user))
    if form.role.data != user.role:
        require_recent()
    try:
        services.change(user, form.data, allowed=services.DETAILS, by=current_user)
        services.change_role(user, str(form.role.data), by=current_user)
        teams.set_teams(user, form.teams.data or (), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, **_context(user))
    db.session.commit()
    flash(_("%(name)s is saved.", name=user.shown_name))
    return redirect(url_for("users.index"), 303)


@bp.get("/<int:user_id>/deactivation")
def deactivation(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    form = hand_over_form(holdings_of(user))()
    return render_template(CLOSE, user=user, form=form)


@bp.post("/<int:user_id>/deactivation")
def create_deactivation(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    holdings = holdings_of(user)
    form = hand_over_form(holdings).from_request()
    if not form.validate():
        return refuse(form, CLOSE, user=user)
    people = {person.id: person for holding in holdings for person in holding.candidates}
    try:
        services.deactivate(user, form.takers(people), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, CLOSE, error=error, user=user)
    db.session.commit()
    flash(_("The account of %(name)s is closed.", name=user.shown_name))
    return redirect(url_for("users.index"), 303)


@bp.post("/<int:user_id>/reactivation")
def create_reactivation(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    services.reactivate(user, by=current_user)
    db.session.commit()
    flash(_("The account of %(name)s is open again.", name=user.shown_name))
    return redirect(url_for("users.show", user_id=user.id), 303)


@bp.post("/<int:user_id>/second-step/removal")
def reset_second_step(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    require_recent()
    two_factor.reset(user, by=current_user)
    db.session.commit()
    flash(_("The second step is off for %(name)s. They are told by mail.", name=user.shown_name))
    return redirect(url_for("users.show", user_id=user.id), 303)
