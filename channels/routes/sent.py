"""What left the house, and what is stuck."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import events
from app.auth.guards import require_admin
from app.clock import utcnow
from app.errors import DomainError, NotFound
from app.events import record
from app.extensions import db
from app.hooks import after_commit
from app.i18n import _, _l
from app.outbox import Outbox, wake
from channels.delivery import BUILT_IN

bp = Blueprint("sent", __name__, url_prefix="/settings/messages")
bp.before_request(require_admin)
events.define("message.decided")

PAGE = 50
STATES = {"waiting": _l("Waiting"), "sending": _l("On its way"), "done": _l("Sent"), "failed": _l("Failed"),
          "unknown": _l("Unclear"), "dropped": _l("Not sent")}  # fmt: skip
KINDS = {
    "message.acknowledgement": _l("Request received"), "message.reply": _l("Answer to a request"),
    "message.closing": _l("Request solved"), "message.code": _l("Sign-in code"),
    "staff_mail.invitation": _l("Invitation"), "staff_mail.reset": _l("New password"),
}  # fmt: skip


@bp.get("")
def index() -> ResponseReturnValue:
    state = request.args.get("state", "")
    before = request.args.get("before", "")
    query = sa.select(Outbox).where(Outbox.kind.in_(KINDS)).order_by(Outbox.id.desc()).limit(PAGE + 1)
    if state in STATES:
        query = query.where(Outbox.state == state)
    if before.isascii() and before.isdigit() and len(before) < 16:
        query = query.where(Outbox.id < int(before))
    rows = list(db.session.scalars(query))
    next_url = url_for("sent.index", state=state or None, before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    stuck = db.session.scalar(sa.select(sa.func.count()).where(Outbox.state.in_(("failed", "unknown"))))
    return render_template("channels/sent.html", rows=rows[:PAGE], next_url=next_url, states=STATES, kinds=KINDS,
                           state=state, stuck=stuck, built_in=BUILT_IN)  # fmt: skip


@bp.post("/<int:row_id>/decision")
def decide(row_id: int) -> ResponseReturnValue:
    """A person says what became of a message whose answer was lost, or lets a failed one be tried again."""
    row = db.session.scalar(sa.select(Outbox).where(Outbox.id == row_id, Outbox.kind.in_(KINDS)).with_for_update())
    if row is None:
        raise NotFound
    choice = request.form.get("choice")
    if row.state not in {"failed", "unknown"} or choice not in {"arrived", "again"}:
        raise DomainError(_("There is nothing to decide about this message any more."), code="decided")
    if choice == "arrived":
        row.state, row.done_at = "done", utcnow()
    else:
        row.state, row.due_at, row.attempts, row.claimed_until = "waiting", utcnow(), 0, None
        after_commit(lambda: wake(row_id))
    record("message.decided", None, by=current_user, data={"row": row.id, "choice": choice})
    db.session.commit()
    flash(_("Noted as sent.") if choice == "arrived" else _("It is being sent again."))
    return redirect(url_for("sent.index"), 303)
