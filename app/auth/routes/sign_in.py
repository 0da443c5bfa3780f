"""Sign-in, sign-out, forgotten password, invitation."""

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import passkeys, services, sessions
from app.auth.forms import PasswordForm, ResetRequestForm, SignInForm
from app.auth.guards import require_staff
from app.auth.models import STAFF
from app.auth.routes.landing import go_on
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.navigation import start_page

bp: Blueprint = Blueprint("auth", __name__)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(services.safe_next(start_page(current_user)), 303)
    return render_template("app/sign_in.html", form=SignInForm(request.args), has_passkeys=passkeys.site().works)


@bp.post("/sign-in")
def create_session() -> ResponseReturnValue:
    form = SignInForm.from_request()
    if not form.validate():
        return refuse(form, "app/sign_in.html", has_passkeys=passkeys.site().works)
    try:
        row = services.sign_in(str(form.email.data), str(form.password.data))
    except DomainError as error:
        return refuse(form, "app/sign_in.html", error=error, has_passkeys=passkeys.site().works)
    db.session.commit()
    return go_on(row)


@bp.post("/sign-out")
def end_session() -> ResponseReturnValue:
    sessions.sign_out(STAFF)
    db.session.commit()
    return redirect(url_for("auth.sign_in"), 303)


@bp.post("/sign-out-everywhere")
def end_all_sessions() -> ResponseReturnValue:
    refused = require_staff()
    if refused is not None:
        return refused
    here = sessions.current_session(STAFF)
    count = sessions.end_all_of_user(current_user, but=here)
    if count:
        record("user.signed_out", current_user, by=current_user, data={"others": count})
    sessions.sign_out(STAFF)
    db.session.commit()
    flash(_("You are signed out on every device."))
    return redirect(url_for("auth.sign_in"), 303)


@bp.get("/password-reset")
def reset_request() -> ResponseReturnValue:
    return render_template("app/reset_request.html", form=ResetRequestForm(), sent=False)


@bp.post("/password-reset")
def create_reset() -> ResponseReturnValue:
    form = ResetRequestForm.from_request()
    if not form.validate():
        return refuse(form, "app/reset_request.html", sent=False)
    try:
        services.ask_reset(form.email.data)
    except DomainError as error:
        return refuse(form, "app/reset_request.html", error=error, sent=False)
    db.session.commit()
    return render_template("app/reset_request.html", form=form, sent=True)


@bp.get("/<any(invitation, reset):purpose>/<token>")
def link(purpose: str, token: str) -> ResponseReturnValue:
    found = services.find_link(token, purpose)
    response = make_response(
        render_template("app/set_password.html", form=PasswordForm(), link=found, purpose=purpose, token=token),
        200 if found else 404,
    )
    # The token is in the address: it must not travel on in a Referer.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.post("/<any(invitation, reset):purpose>/<token>")
def create_password(purpose: str, token: str) -> ResponseReturnValue:
    found = services.find_link(token, purpose)
    if found is None:
        abort(404)
    form = PasswordForm.from_request()
    context: dict[str, Any] = {"link": found, "purpose": purpose, "token": token}
    if not form.validate():
        return refuse(form, "app/set_password.html", **context)
    try:
        row = services.use_link(found, str(form.password.data))
    except DomainError as error:
        return refuse(form, "app/set_password.html", error=error, **context)
    db.session.commit()
    return go_on(row)
