"""One's own tokens, and those of services. A secret is shown on the page that answers its making, and never again."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.api import programs
from app.api.forms import ServiceForm, TokenForm
from app.api.models import ApiToken
from app.api.scopes import SCOPES
from app.api.tokens import issue, live_of, revoke
from app.auth.guards import require_admin, require_staff
from app.auth.recent import require_recent
from app.clock import utcnow
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _

own = Blueprint("tokens", __name__, url_prefix="/account/tokens")
own.before_request(require_staff)
services = Blueprint("services", __name__, url_prefix="/settings/services")
services.before_request(require_admin)
OWN, SERVICES = "app/tokens.html", "app/services.html"


def _shared() -> dict[str, Any]:
    return {"labels": SCOPES, "moment": utcnow()}


def _own() -> dict[str, Any]:
    return {**_shared(), "tokens": live_of(current_user)}


@own.get("")
def index() -> ResponseReturnValue:
    return render_template(OWN, form=TokenForm(), **_own())


@own.post("")
def create() -> ResponseReturnValue:
    form = TokenForm.from_request()
    if not form.validate():
        return refuse(form, OWN, **_own())
    require_recent()
    try:
        token, secret = issue(current_user, name=form.name.data or "", scopes=form.scopes.data or (),
                              days=form.days.data or None, by=current_user)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, OWN, error=error, **_own())
    db.session.commit()
    return render_template(OWN, token=token, secret=secret, form=TokenForm(), **_own()), 201


@own.post("/<int(max=2147483647):token_id>/revocation")
def create_revocation(token_id: int) -> ResponseReturnValue:
    query = sa.select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == current_user.id)
    token = db.session.scalar(query)
    if token is None:
        raise NotFound
    revoke(token, by=current_user)
    db.session.commit()
    flash(_("The token opens nothing any more."))
    return redirect(url_for("tokens.index"), 303)


def _offered(form: ServiceForm) -> ServiceForm:
    form.boards.choices = programs.boards()
    return form


def _services() -> dict[str, Any]:
    return {**_shared(), "tokens": programs.all_tokens()}


@services.get("", endpoint="index")
def list_services() -> ResponseReturnValue:
    return render_template(SERVICES, form=_offered(ServiceForm()), **_services())


@services.post("", endpoint="create")
def create_service() -> ResponseReturnValue:
    form = _offered(ServiceForm.from_request())
    if not form.validate():
        return refuse(form, SERVICES, **_services())
    require_recent()
    try:
        token, secret = programs.add_service(
            name=form.name.data or "", role=str(form.role.data), boards=form.boards.data or (), by=current_user,
            scopes=form.scopes.data or (), days=form.days.data or None,
        )  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(_offered(form), SERVICES, error=error, **_services())
    db.session.commit()
    empty = _offered(ServiceForm())
    return render_template(SERVICES, token=token, secret=secret, form=empty, **_services()), 201


@services.post("/<int(max=2147483647):token_id>/revocation", endpoint="create_revocation")
def create_service_revocation(token_id: int) -> ResponseReturnValue:
    """An admin takes back anybody's token; with a service's, the service ends."""
    token = db.session.get(ApiToken, token_id)
    if token is None:
        raise NotFound
    if token.kind == "service":
        programs.end_service(token, by=current_user)
    else:
        revoke(token, by=current_user)
    db.session.commit()
    flash(_("The token opens nothing any more."))
    return redirect(url_for("services.index"), 303)
