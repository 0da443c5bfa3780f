"""Acts that must not be done from a screen left open: they need a proof of who sits there that is not an hour old."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth import passkeys, sessions, totp
from app.auth.forms import ConfirmationForm
from app.auth.models import STAFF, Session
from app.clock import utcnow
from app.errors import is_partial, problem, wants_json
from app.extensions import db
from app.i18n import _
from app.links import own_path

FRESH = timedelta(hours=1)
TEMPLATE = "app/confirmation.html"
# Fields of the proof begin with this; they are never handed on to what was wanted.
PREFIX = "confirm_"


def is_recent() -> bool:
    """Whether the person at this browser proved who they are within the last hour."""
    row = sessions.current_session(STAFF)
    return row is not None and utcnow() - row.last_proof_at < FRESH


def require_recent() -> None:
    """Go on only with a recent proof; ask for it first thing in a route, before anything is written.

    A page leads to the confirmation and back. A form is kept there with what was typed and sent again afterwards. A
    script is told 403 `reauthenticate`, with the `url` of the confirmation.
    """
    if not is_recent():
        db.session.rollback()
        abort(make_response(_ask()))


def _ask() -> ResponseReturnValue:
    url = url_for("confirmation.show", next=_way_back())
    if wants_json():
        return problem(403, "reauthenticate", _("Please confirm first that it is you."), url=url)
    if is_partial():
        return "", 403, {"HX-Redirect": url}
    if request.method in {"GET", "HEAD"}:
        return redirect(url, 303)
    if any(file.filename for file in request.files.values()):
        # A browser does not let a page keep somebody's files.
        return page(ConfirmationForm(), then=_way_back(), is_lost=True), 403
    return page(ConfirmationForm(), again=request.full_path.rstrip("?")), 403


def _way_back() -> str:
    """The page that was asked for, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    referrer = request.referrer or ""
    return own_path(referrer.removeprefix(request.host_url.rstrip("/")), "/")


def kept() -> Iterator[tuple[str, str]]:
    """What was typed into the form that waits, as pairs of name and value."""
    for name, value in request.form.items(multi=True):
        if name != "csrf_token" and not name.startswith(PREFIX):
            yield name, value


def page(form: ConfirmationForm, *, then: str = "", again: str = "", is_lost: bool = False) -> str:
    """The page that asks. `again`: where the form that waits is sent after the proof; else `then` is opened."""
    form.confirm_next.data, form.confirm_again.data = then, again
    return render_template(TEMPLATE, form=form, **context(is_lost=is_lost, is_kept=bool(again)))


def context(*, is_lost: bool = False, is_kept: bool = True) -> dict[str, Any]:
    """What the page needs beside its form."""
    return {"kept": list(kept()) if is_kept else [], "is_lost": is_lost, "has_code": totp.is_on(current_user),
            "has_passkey": passkeys.usable(current_user)}  # fmt: skip


def note_proof(row: Session) -> None:
    """The person at this browser has just shown that it is them."""
    row.proved_at = utcnow()
