"""The link that was mailed to a new address."""

from flask import Blueprint, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import addresses
from app.errors import DomainError
from app.extensions import db
from app.i18n import _

bp: Blueprint = Blueprint("addresses", __name__, url_prefix="/address")
TEMPLATE = "app/address_change.html"


@bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """A page with a button: programs that look into mails open links, and must not confirm anything by that."""
    change = addresses.find(token)
    response = make_response(render_template(TEMPLATE, change=change, token=token, error=None), 200 if change else 404)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.post("/<token>")
def create(token: str) -> ResponseReturnValue:
    change = addresses.find(token)
    if change is None:
        return render_template(TEMPLATE, change=None, token=token, error=None), 404
    try:
        addresses.confirm(change)
    except DomainError as error:
        return render_template(TEMPLATE, change=change, token=token, error=error), error.status
    db.session.commit()
    flash(_("The address of your account is %(email)s now.", email=change.email))
    return redirect("/account" if current_user.is_authenticated else "/sign-in", 303)
