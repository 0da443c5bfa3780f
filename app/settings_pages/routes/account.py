"""One's own account: how one is called, how pages look, what one hears of, the address, the password, the devices."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import notifications
from app.auth import addresses, sessions
from app.auth.guards import require_staff
from app.auth.models import STAFF, Session
from app.auth.recent import require_recent
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import Form, refuse
from app.i18n import _, forget_viewer
from app.settings_pages import account, overview
from app.settings_pages.forms.account import (
    AddressForm,
    DisplayForm,
    PasswordChangeForm,
    ProfileForm,
    notices_form,
)
from app.users import pictures, services

bp = Blueprint("account", __name__, url_prefix="/account")
bp.before_request(require_staff)
TEMPLATE = "app/account.html"


def _refused(error: DomainError | None = None, **form: Form) -> ResponseReturnValue:
    return refuse(next(iter(form.values())), TEMPLATE, error=error, **overview.context(**form))


def _saved(sentence: str, anchor: str | None = None) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence)
    return redirect(url_for("account.show", _anchor=anchor), 303)


@bp.get("")
def show() -> ResponseReturnValue:
    return render_template(TEMPLATE, **overview.context())


@bp.post("")
def update() -> ResponseReturnValue:
    form = ProfileForm.from_request()
    if not form.validate():
        return _refused(own=form)
    try:
        services.change(current_user, form.data, allowed=services.OWN, by=current_user)
        if form.picture.data or form.removes_picture.data:
            pictures.set_picture(current_user, form.picture.data or None)
    except DomainError as error:
        db.session.rollback()
        return _refused(error, own=form)
    return _saved(_("Your account is saved."))


@bp.post("/display")
def update_display() -> ResponseReturnValue:
    form = DisplayForm.from_request()
    if not form.validate():
        return _refused(display=form)
    services.change(current_user, form.data, allowed=services.OWN, by=current_user)
    forget_viewer()
    return _saved(_("Pages look like this from now on."), "display")


@bp.post("/notices")
def update_notices() -> ResponseReturnValue:
    form = notices_form().from_request()
    if not form.validate():
        return _refused(notices=form)
    try:
        notifications.choose(current_user, form.levels, form.quiet)
    except DomainError as error:
        return _refused(error, notices=form)
    return _saved(_("Your choice is saved."), "notices")


@bp.post("/address")
def create_address_change() -> ResponseReturnValue:
    form = AddressForm.from_request()
    if not form.validate():
        return _refused(address=form)
    require_recent()
    try:
        addresses.ask(current_user, str(form.email.data))
    except DomainError as error:
        return _refused(error, address=form)
    return _saved(_("A link is on its way to %(email)s. The address changes when you open it.", email=form.email.data))


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    form = PasswordChangeForm.from_request()
    if not form.validate():
        return _refused(password=form)
    try:
        account.change_password(current_user, str(form.current.data), str(form.password.data))
    except DomainError as error:
        return _refused(error, password=form)
    return _saved(_("The password is changed. Every other device is signed out."), "security")


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
    return _saved(_("That device is signed out."), "devices")


@bp.post("/devices/others/sign-out")
def end_other_sessions() -> ResponseReturnValue:
    account.end_other_sessions(current_user)
    return _saved(_("Every other device is signed out."), "devices")
