"""What left the house, and what is stuck."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import events, held
from app.auth.guards import require_admin
from app.clock import utcnow
from app.dates import in_digits
from app.errors import DomainError, NotFound
from app.events import record
from app.extensions import db
from app.hooks import after_commit
from app.i18n import _, _l, _n
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
    "staff_mail.address": _l("New e-mail address"), "staff_mail.security": _l("Notice about an account"),
    "staff_mail.notices": _l("What stayed unread"),
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
    waits = sa.func.count().filter(Outbox.error == held.HELD, Outbox.state == "unknown")
    undecided = sa.select(sa.func.count() - waits, waits).where(Outbox.state.in_(("failed", "unknown")))
    stuck, waiting = db.session.execute(undecided).one()
    return render_template("channels/sent.html", rows=rows[:PAGE], next_url=next_url, states=STATES, kinds=KINDS,
                           state=state, stuck=stuck, waiting=waiting, held=held.HELD, built_in=BUILT_IN)  # fmt: skip


@bp.post("/held")
def decide_held() -> ResponseReturnValue:
    """A person lets go, or never lets go, what waited when the backup was made that was restored."""
    choice = request.form.get("choice")
    if choice not in {"send", "drop"}:
        raise DomainError(_("Choose whether they are sent."), code="unknown_choice")
    number = held.decide(sends=choice == "send", by=current_user)
    if not number:
        raise DomainError(_("There is nothing to decide about these messages any more."), code="decided")
    db.session.commit()
    flash(
        in_digits(_n("%(num)s message leaves now.", "%(num)s messages leave now.", number))
        if choice == "send"
        else in_digits(_n("%(num)s message stays unsent.", "%(num)s messages stay unsent.", number))
    )
    return redirect(url_for("sent.index"), 303)


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
