"""Who must sign in with two steps, and who does."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import settings
from app.auth import two_factor
from app.auth.guards import require_admin
from app.auth.recent import require_recent
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.settings_pages.forms.security import SecondStepRolesForm
from app.users.models import User

bp = Blueprint("sign_in_rules", __name__, url_prefix="/settings/sign-in")
bp.before_request(require_admin)
TEMPLATE = "app/settings_sign_in.html"
KEY = "security.second_step_roles"


def _context() -> dict[str, Any]:
    people, having = db.session.scalars(User.active()).all(), two_factor.ids_with_it()
    return {"without": [user for user in people if user.id not in having], "count": len(people)}


@bp.get("")
def show() -> ResponseReturnValue:
    return render_template(TEMPLATE, form=SecondStepRolesForm(data={"roles": settings.get(KEY)}), **_context())


@bp.post("")
def update() -> ResponseReturnValue:
    form = SecondStepRolesForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, **_context())
    require_recent()
    settings.put(KEY, sorted(form.roles.data or ()), by=current_user)
    db.session.commit()
    flash(_("Saved. Who has no second step yet is led to it at the next sign-in."))
    return redirect(url_for("sign_in_rules.show"), 303)
