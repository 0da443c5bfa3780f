"""The door to the settings."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.auth.guards import require_staff
from app.errors import Denied
from app.i18n import _
from app.navigation import Item
from app.settings_nav import settings_pages
from app.users.models import User

bp = Blueprint("settings", __name__, url_prefix="/settings")
bp.before_request(require_staff)


@bp.get("/")
def index() -> ResponseReturnValue:
    """The first page that the current user may see."""
    pages = settings_pages()
    if not pages:
        raise Denied
    return redirect(pages[0]["url"], 303)


def settings_item(_user: User) -> list[Item]:
    """The entry of the side navigation, for those who find anything behind it."""
    return [Item(_("Settings"), url_for("settings.index"), "gear")] if settings_pages() else []
