"""The second step of signing in, and signing in by a passkey alone."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.auth import passkeys, steps, throttle, totp, trust
from app.auth.forms import CodeForm, SecondStepForm, SignInForm
from app.auth.models import Authenticator, SignInStep
from app.auth.routes.landing import go_on
from app.auth.services import safe_next
from app.errors import DomainError, is_partial, problem, wants_json
from app.extensions import db, limiter
from app.forms import refuse
from app.i18n import _
from app.navigation import start_page

bp: Blueprint = Blueprint("second_step", __name__, url_prefix="/sign-in")
STEP, SET_UP, CODES = "app/second_step.html", "app/second_step_set_up.html", "app/recovery_codes.html"


def _from_the_start() -> ResponseReturnValue:
    """There is no unfinished sign-in in this browser, or it took too long: the password comes first."""
    if wants_json() or is_partial():
        return problem(401, "unauthenticated", _("Please sign in first."))
    return redirect(url_for("auth.sign_in", next=request.values.get("next") or None), 303)


def _context(step: SignInStep) -> dict[str, Any]:
    return {"step": step, "has_app": totp.is_on(step.user), "has_passkey": passkeys.usable(step.user)}


@bp.get("/step")
def show() -> ResponseReturnValue:
    step = steps.current("code")
    if step is None:
        return _from_the_start()
    return render_template(STEP, form=SecondStepForm(request.args), **_context(step))


@bp.post("/step")
def create() -> ResponseReturnValue:
    step = steps.current("code")
    if step is None:
        return _from_the_start()
    form = SecondStepForm.from_request()
    if not form.validate():
        return refuse(form, STEP, **_context(step))
    try:
        row = steps.finish(step, form.proof)
    except DomainError as error:
        return _from_the_start() if error.code == "used_up" else refuse(form, STEP, error=error, **_context(step))
    response = make_response(go_on(row))
    if form.remember.data:
        trust.trust(step.user, response)
    db.session.commit()
    return response


@bp.post("/step/passkey")
def ask_passkey() -> ResponseReturnValue:
    step = steps.current("code")
    if step is None:
        return _from_the_start()
    return _asked(passkeys.ask(step.user))


@bp.post("/passkey/questions")
@limiter.limit("30 per minute")
def ask_anybody() -> ResponseReturnValue:
    return _asked(passkeys.ask(None))


def _asked(options: str) -> ResponseReturnValue:
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/passkey")
@limiter.limit("30 per minute")
def create_by_passkey() -> ResponseReturnValue:
    form = SecondStepForm.from_request()
    form.validate()
    try:
        user = steps.owner_of(passkeys.answer(form.proof.passkey))
    except DomainError as error:
        return refuse(SignInForm(), "app/sign_in.html", error=error, has_passkeys=True)
    row = steps.enter(user, "passkey")
    db.session.commit()
    return go_on(row)


@bp.get("/set-up")
def show_set_up() -> ResponseReturnValue:
    step = steps.current("set_up")
    return _from_the_start() if step is None else render_template(SET_UP, form=CodeForm(request.args), **_app_of(step))


def _app_of(step: SignInStep) -> dict[str, Any]:
    row = db.session.get_one(Authenticator, step.user_id)
    return {"step": step, "picture": totp.picture(row, step.user), "secret": totp.secret_text(row)}


@bp.post("/set-up")
def create_set_up() -> ResponseReturnValue:
    step = steps.current("set_up")
    if step is None:
        return _from_the_start()
    form = CodeForm.from_request()
    if not form.validate():
        return refuse(form, SET_UP, **_app_of(step))
    try:
        codes = steps.set_up(step, str(form.code.data))
    except DomainError as error:
        return refuse(form, SET_UP, error=error, **_app_of(step))
    db.session.commit()
    response = make_response(
        render_template(CODES, codes=codes, on=safe_next(start_page(step.user)), is_bare=True), 201
    )
    throttle.mark_device(response, step.user.email)
    return response
