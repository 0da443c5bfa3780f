"""How one proves who one is: the authenticator app, recovery codes, passkeys, trusted browsers."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import passkeys, totp, trust, two_factor
from app.auth.forms import CodeForm
from app.auth.guards import require_staff
from app.auth.models import Authenticator, Passkey, TrustedBrowser
from app.auth.recent import require_recent
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.settings_pages.forms.security import PasskeyForm, PasskeyNameForm

bp = Blueprint("security", __name__, url_prefix="/account")
bp.before_request(require_staff)
APP, CODES = "app/account_app.html", "app/recovery_codes.html"


def _back() -> ResponseReturnValue:
    return redirect(url_for("account.show", _anchor="security"), 303)


def _shown_once(codes: list[str]) -> ResponseReturnValue:
    """The page of fresh recovery codes. Not a redirect: only their hashes are kept."""
    on = url_for("account.show", _anchor="security")
    return render_template(CODES, codes=codes, on=on, is_bare=False), 201


@bp.post("/app")
def create_app_secret() -> ResponseReturnValue:
    require_recent()
    if not totp.is_on(current_user):
        totp.begin(current_user)
        db.session.commit()
    return redirect(url_for("security.show_app"), 303)


def _unconfirmed() -> Authenticator | None:
    row = totp.of_user(current_user)
    return row if row is not None and row.confirmed_at is None else None


def _app_context(row: Authenticator) -> dict[str, Any]:
    return {"picture": totp.picture(row, current_user), "secret": totp.secret_text(row)}


@bp.get("/app")
def show_app() -> ResponseReturnValue:
    row = _unconfirmed()
    if row is None:
        return _back()
    require_recent()
    return render_template(APP, form=CodeForm(), **_app_context(row))


@bp.post("/app/confirmation")
def confirm_app() -> ResponseReturnValue:
    row = _unconfirmed()
    if row is None:
        return _back()
    require_recent()
    form = CodeForm.from_request()
    if not form.validate():
        return refuse(form, APP, **_app_context(row))
    try:
        codes = two_factor.switch_on_app(current_user, str(form.code.data))
    except DomainError as error:
        return refuse(form, APP, error=error, **_app_context(row))
    two_factor.start_afresh(current_user, "totp")
    db.session.commit()
    flash(_("From now on signing in asks for a code of the app."))
    return _shown_once(codes) if codes else _back()


@bp.post("/app/removal")
def remove_app() -> ResponseReturnValue:
    require_recent()
    two_factor.switch_off_app(current_user)
    two_factor.start_afresh(current_user, "confirmed")
    db.session.commit()
    flash(_("The app is not asked for codes any more. Every other device is signed out."))
    return _back()


@bp.post("/recovery-codes")
def create_recovery_codes() -> ResponseReturnValue:
    require_recent()
    if not two_factor.is_on(current_user):
        return _back()
    codes = two_factor.renew_codes(current_user)
    db.session.commit()
    return _shown_once(codes)


@bp.post("/passkeys/question")
def ask_new_passkey() -> ResponseReturnValue:
    require_recent()
    options = passkeys.ask_to_add(current_user)
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/passkeys")
def create_passkey() -> ResponseReturnValue:
    require_recent()
    form = PasskeyForm.from_request()
    if not form.validate():
        raise DomainError(next(iter(form.sentences.values())), field="name")
    was_on = two_factor.is_on(current_user)
    passkeys.add(current_user, str(form.credential.data), str(form.name.data))
    codes = [] if was_on else two_factor.first_codes(current_user)
    if not was_on:
        two_factor.start_afresh(current_user, "passkey")
    db.session.commit()
    flash(_("The passkey is kept. You can sign in with it from now on."))
    return _shown_once(codes) if codes else _back()


def get_passkey(passkey_id: int) -> Passkey:
    """One of one's own passkeys; 404 when it is somebody else's or nobody's."""
    row = db.session.scalar(passkeys.of_user(current_user).where(Passkey.id == passkey_id))
    if row is None:
        raise NotFound
    return row


@bp.post("/passkeys/<int:passkey_id>/name")
def rename_passkey(passkey_id: int) -> ResponseReturnValue:
    row, form = get_passkey(passkey_id), PasskeyNameForm.from_request()
    if not form.validate():
        raise DomainError(next(iter(form.sentences.values())), field="name")
    passkeys.rename(row, str(form.name.data), by=current_user)
    db.session.commit()
    return _back()


@bp.post("/passkeys/<int:passkey_id>/removal")
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    row = get_passkey(passkey_id)
    require_recent()
    two_factor.remove_passkey(row, current_user)
    two_factor.start_afresh(current_user, "confirmed")
    db.session.commit()
    flash(_("The passkey is removed. Every other device is signed out."))
    return _back()


@bp.post("/trusted/<int:browser_id>/removal")
def forget_browser(browser_id: int) -> ResponseReturnValue:
    query = sa.select(TrustedBrowser).where(TrustedBrowser.id == browser_id, TrustedBrowser.user_id == current_user.id)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    trust.forget(row, by=current_user)
    db.session.commit()
    flash(_("That browser is asked for the second step again."))
    return redirect(url_for("account.show", _anchor="devices"), 303)
