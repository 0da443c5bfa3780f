"""The blueprint of the settings of time, and how each of its changes is carried out."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_admin
from app.extensions import db
from app.i18n import _n
from cards.services import recounting

bp = Blueprint("calendars", __name__, url_prefix="/settings")
bp.before_request(require_admin)
MOST_SHOWN = 100
OWN_FIELDS = ("csrf_token", "confirmed", "tells", "cause")


def carry_out(change: Callable[[], object], *, why: dict[str, Any], said: str, back: str) -> ResponseReturnValue:
    """Make a change that may move promises: first shown with what it moves, then made for good.

    `why` is kept with each promise that moves, `said` is told when it is done, `back` is where it leads. Raises what
    the change raises.
    """
    if "confirmed" not in request.form:
        moves = recounting.preview(change)
        if moves:
            return _ask(moves, back)
    change()
    cause = request.form.get("cause", "")[:40] or secrets.token_hex(8)
    moved = recounting.apply(why, tells="tells" in request.form, key=cause, by=current_user)
    db.session.commit()
    flash(f"{said} {_moved(moved)}".strip())
    return redirect(back, 303)


def _ask(moves: list[recounting.Move], back: str) -> ResponseReturnValue:
    """The page that shows what would move; its form sends the same again, with a yes."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS]
    return render_template(
        "cards/hours/moves.html", moves=moves[:MOST_SHOWN], total=len(moves), sent=sent, back=back, url=request.path,
        people=len({move.contact_id for move in moves}), cause=secrets.token_hex(8),
    )  # fmt: skip


def _moved(number: int) -> str:
    if number > recounting.AT_ONCE:
        return _n("%(num)s promise is being moved in the background.",
                  "%(num)s promises are being moved in the background.", number)  # fmt: skip
    return _n("%(num)s promise moved.", "%(num)s promises moved.", number) if number else ""
