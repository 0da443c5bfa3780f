"""Closed by default: every staff blueprint asks one of these before a request."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import Denied, is_partial, problem, wants_json
from app.i18n import _


def require_staff() -> ResponseReturnValue | None:
    """Let staff in; send others to sign in (pages) or answer 401 (scripts and partials)."""
    if current_user.is_authenticated:
        return None
    if wants_json() or is_partial() or request.method != "GET":
        if wants_json() or is_partial():
            return problem(401, "unauthenticated", _("Please sign in first."))
        return redirect(url_for("auth.sign_in"), 303)
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")), 303)


def require_admin() -> ResponseReturnValue | None:
    """Let admins in; other staff are denied."""
    refused = require_staff()
    if refused is not None:
        return refused
    if not current_user.is_admin:
        raise Denied
    return None
