"""One's own account: how one is called, how pages look, the password, the devices."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import sessions
from app.auth.guards import require_staff
from app.auth.models import STAFF, Session
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import Form, refuse
from app.i18n import _, forget_viewer
from app.settings_pages import account, queries
from app.settings_pages.devices import device_name
from app.settings_pages.forms.account import AccountForm, PasswordChangeForm
from app.users import services

bp = Blueprint("account", __name__, url_prefix="/account")
bp.before_request(require_staff)
TEMPLATE = "app/account.html"


def _context(**forms: Form) -> dict[str, Any]:
    here = sessions.current_session(STAFF)
    return {
        "own": AccountForm(obj=current_user), "password": PasswordChangeForm(),
        "devices": queries.devices(current_user), "here": here.id if here else None, "device_name": device_name,
        **forms,
    }  # fmt: skip


@bp.get("")
def show() -> ResponseReturnValue:
    return render_template(TEMPLATE, **_context())


@bp.post("")
def update() -> ResponseReturnValue:
    form = AccountForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, **_context(own=form))
    services.change(current_user, form.data, allowed=services.OWN, by=current_user)
    db.session.commit()
    forget_viewer()
    flash(_("Your account is saved."))
    return redirect(url_for("account.show"), 303)


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    form = PasswordChangeForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, **_context(password=form))
    try:
        account.change_password(current_user, str(form.current.data), str(form.password.data))
    except DomainError as error:
        return refuse(form, TEMPLATE, error=error, **_context(password=form))
    db.session.commit()
    flash(_("The password is changed. Every other device is signed out."))
    return redirect(url_for("account.show"), 303)


@bp.post("/devices/<int:session_id>/sign-out")
def end_session(session_id: int) -> ResponseReturnValue:
    row = db.session.scalar(sa.select(Session).where(Session.id == session_id, Session.user_id == current_user.id))
    if row is None:
        raise NotFound
    here = sessions.current_session(STAFF)
    if here is not None and here.id == row.id:
        sessions.sign_out(STAFF)
    else:
        account.end_session(row, by=current_user)
    db.session.commit()
    flash(_("That device is signed out."))
    return redirect(url_for("account.show"), 303)
