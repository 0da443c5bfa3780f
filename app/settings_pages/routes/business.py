"""The page of the business."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import colors, files
from app.auth.guards import require_admin
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.settings_pages import business
from app.settings_pages.forms.business import BusinessForm

bp = Blueprint("business", __name__, url_prefix="/settings/business")
bp.before_request(require_admin)
TEMPLATE = "app/settings_business.html"


def _context(form: BusinessForm) -> dict[str, Any]:
    color = colors.parse_color(form.color.data)
    return {
        "logo": business.logo(),
        "ratio": colors.contrast(color, "#ffffff") if color else None, "least": colors.LEAST_CONTRAST,
    }  # fmt: skip


@bp.get("")
def show() -> ResponseReturnValue:
    form = BusinessForm(data=business.values())
    return render_template(TEMPLATE, form=form, **_context(form))


@bp.post("")
def update() -> ResponseReturnValue:
    form = BusinessForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, **_context(form))
    try:
        _save(form)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, TEMPLATE, error=error, **_context(form))
    db.session.commit()
    flash(_("The business is saved."))
    return redirect(url_for("business.show"), 303)


def _save(form: BusinessForm) -> None:
    if form.logo.data:
        business.set_logo(form.logo.data, by=current_user)
    elif form.removes_logo.data:
        business.set_logo(None, by=current_user)
    business.save({name: form[name].data for name in business.NAMES}, by=current_user)


@bp.get("/logo")
def logo() -> ResponseReturnValue:
    stored = business.logo()
    if stored is None:
        raise NotFound
    return files.send(stored, "logo", inline=True)
