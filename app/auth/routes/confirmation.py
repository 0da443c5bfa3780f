"""Confirming that it is oneself, in the middle of something else."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import passkeys, proofs, recent, sessions
from app.auth.forms import ConfirmationForm
from app.auth.guards import require_staff
from app.auth.models import STAFF
from app.errors import DomainError
from app.extensions import db
from app.forms import refuse
from app.links import own_path

bp: Blueprint = Blueprint("confirmation", __name__, url_prefix="/confirmation")
bp.before_request(require_staff)


@bp.get("")
def show() -> ResponseReturnValue:
    return recent.page(ConfirmationForm(), then=request.args.get("next", ""))


@bp.post("")
def create() -> ResponseReturnValue:
    form = ConfirmationForm.from_request()
    again, target = own_path(form.confirm_again.data, ""), own_path(form.confirm_next.data, "/")
    if not form.validate():
        return refuse(form, recent.TEMPLATE, **recent.context())
    row = sessions.current_session(STAFF)
    try:
        proofs.prove(current_user, form.proof)
    except DomainError as error:
        return refuse(form, recent.TEMPLATE, error=error, **recent.context())
    if row is not None:
        recent.note_proof(row)
    db.session.commit()
    # 307 sends the same body on: what was typed arrives as if nothing had been in the way.
    return redirect(again, 307) if again else redirect(target, 303)


@bp.post("/passkey")
def ask_passkey() -> ResponseReturnValue:
    """The question to one of one's own passkeys."""
    options = passkeys.ask(current_user)
    db.session.commit()
    return Response(options, mimetype="application/json")
