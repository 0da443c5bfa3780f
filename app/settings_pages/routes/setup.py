"""The way through an empty start: the first admin, then page by page to a first real request."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import settings
from app.auth.guards import require_admin
from app.auth.services import safe_next
from app.errors import DomainError
from app.extensions import db
from app.forms import refuse
from app.i18n import _, viewer
from app.links import external
from app.navigation import Item, start_page
from app.settings_pages import business as verbs
from app.settings_pages import first_steps
from app.settings_pages.forms.people import InvitationForm
from app.settings_pages.forms.setup import FirstAdminForm, FirstBusinessForm
from app.settings_pages.setup import begin as begin_setup
from app.users import services
from app.users.models import User

bp = Blueprint("setup", __name__, url_prefix="/setup")
OPEN = frozenset({"setup.begin", "setup.create"})


@bp.before_request
def guard() -> ResponseReturnValue | None:
    """Admins only, but for the first page: it opens to anybody as long as there is nobody."""
    return None if request.endpoint in OPEN else require_admin()


@bp.get("")
def begin() -> ResponseReturnValue:
    """The form for the first admin, as long as nobody has an account."""
    if services.exist():
        return redirect(url_for("setup.business" if first_steps.is_under_way() else "pages.root"), 303)
    return render_template("app/setup_begin.html", form=FirstAdminForm())


@bp.post("")
def create() -> ResponseReturnValue:
    form = FirstAdminForm.from_request()
    if not services.exist() and not form.validate():
        return refuse(form, "app/setup_begin.html")
    try:
        begin_setup(str(form.email.data), str(form.name.data), str(form.password.data), locale=viewer().locale)
    except DomainError as error:
        db.session.rollback()
        if error.status == 409:
            raise
        return refuse(form, "app/setup_begin.html", error=error)
    db.session.commit()
    return redirect(url_for("setup.business"), 303)


@bp.get("/business")
def business() -> ResponseReturnValue:
    return render_template("app/setup_business.html", form=FirstBusinessForm(data=verbs.values()))


@bp.post("/business")
def save_business() -> ResponseReturnValue:
    form = FirstBusinessForm.from_request()
    if not form.validate():
        return refuse(form, "app/setup_business.html")
    verbs.save(form.data, by=current_user)
    db.session.commit()
    return redirect(first_steps.url_after("setup.business"), 303)


@bp.get("/colleagues")
def colleagues() -> ResponseReturnValue:
    return _colleagues(None)


@bp.post("/colleagues")
def create_colleague() -> ResponseReturnValue:
    form = InvitationForm.from_request()
    if not form.validate():
        return refuse(form, "app/setup_colleagues.html", link=None)
    try:
        _user, token = services.add(form.data, by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "app/setup_colleagues.html", error=error, link=None)
    db.session.commit()
    # Not a redirect: the link is shown this once, only its hash is kept.
    return _colleagues(external(url_for("auth.link", purpose="invitation", token=token))), 201


def _colleagues(link: str | None) -> str:
    form = InvitationForm(data={"locale": settings.get("business.language")})
    return render_template("app/setup_colleagues.html", form=form, link=link)


@bp.get("/mail")
def mail() -> ResponseReturnValue:
    return render_template("app/setup_mail.html")


@bp.post("/end")
def finish() -> ResponseReturnValue:
    settings.put("setup.finished", True, by=current_user)
    db.session.commit()
    return redirect(safe_next(start_page(current_user)), 303)


def steps_item(user: User) -> list[Item]:
    """The way back to the first steps, as long as they are not done."""
    if not user.is_admin or not first_steps.is_under_way():
        return []
    return [Item(_("First steps"), url_for("setup.business"), "map")]
