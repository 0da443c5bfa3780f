"""The end of the work, and its return."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import PORTAL, Actor, record
from app.extensions import db
from app.i18n import _
from app.outbox import enqueue
from app.text import clean
from app.users.models import User
from cards.models import Card, Closure
from cards.placement import Anchor, Cause, answered_before, move, open_counts, record_on, take_turn, touch
from cards.promises import clock
from cards.services.writing import write_entry
from cards.surveys import ask
from pipelines.models import Stage
from pipelines.models.membership import member_ids
from pipelines.sequence import give_back, lock

events.define("card.resolved")
GRACE = timedelta(days=3)


def resolve(
    card: Card,
    stage: Stage,
    *,
    cause: str,
    solution: str,
    by: User | None,
    op_id: str | None = None,
    base_version: int | None = None,
    to: Anchor = Anchor(),
) -> dict[str, Any]:
    """Declare the work done: move the card to a closing stage with what was wrong and what was done.

    A ticket's customer reads `cause` and `solution` as a message and is asked for an opinion, once. Answers what `move`
    answers. Raises a `DomainError` when a ticket is resolved without a solution.
    """
    turn = lock(card.pipeline_id)
    done = answered_before(op_id)
    if done is not None:
        give_back(card.pipeline_id)
        return done
    cause, solution = clean(cause), clean(solution)
    if not stage.is_closing:
        raise DomainError(_("This stage does not end the work."), code="not_closing", field="stage_id")
    tells = stage.pipeline.kind == "ticket" and not card.is_internal
    if tells and stage.is_success and not solution:
        raise DomainError(_("Please tell the customer what was done."), code="empty", field="solution")
    answer = move(card, stage.id, by=by, turn=turn, op_id=op_id, base_version=base_version, to=to, ends_work=True,
                  cause=Cause(data={"closing": True}))  # fmt: skip
    card.closure = Closure(by_id=by.id if by else None, at=card.resolved_at or utcnow(), cause=cause, solution=solution)
    _tell(
        card, "\n\n".join(filter(None, (cause, solution))) if tells else "", by=by, tells=tells, asks=stage.is_success
    )
    if stage.pipeline.kind in {"deal", "order"}:
        close(card, by=by)
    return answer


def _tell(card: Card, words: str, *, by: User | None, tells: bool, asks: bool) -> None:
    """Let the customer read how it ended, and ask for an opinion, once."""
    entry = write_entry(card, "reply" if by else "system", words, visibility=PORTAL, author=by) if words else None
    card.portal_changed_at = utcnow()
    written = entry.id if entry else None
    event = record("card.resolved", card, by=by, visibility=PORTAL, data={"entry": written})
    if tells:
        enqueue("message.closing", key=f"{event.id}:closing", card_id=card.id, contact_id=card.contact_id,
                payload={"entry": written, "survey": asks and ask(card)})  # fmt: skip


def close(card: Card, *, by: Actor | None) -> None:
    """Take a resolved card off the board into the archive; a closed card stays as it is."""
    turn = take_turn(card)
    if card.is_closed:
        give_back(card.pipeline_id)
        return
    if not card.is_resolved:
        raise DomainError(_("Only a card whose work is done can be closed."), code="not_resolved")
    card.closed_at = utcnow()
    touch(card)
    db.session.flush()
    record_on("card.closed", card, turn, by=by, counts=open_counts(card.stage_id))


def close_expired(now: datetime | None = None, limit: int = 200) -> int:
    """Close what has been resolved longer than the grace time; answers how many. Commits card by card.

    What was brought over from another system is given that time from then on: its people have not seen it here before.
    """
    before = (now or utcnow()) - GRACE
    is_settled = sa.or_(Card.imported_at.is_(None), Card.imported_at < before)
    query = (
        sa.select(Card)
        .where(Card.closed_at.is_(None), Card.resolved_at < before, is_settled)
        .order_by(Card.resolved_at)
        .limit(limit)
    )
    cards = list(db.session.scalars(query))
    for card in cards:
        close(card, by=None)
        db.session.commit()
    return len(cards)


def reopen(card: Card, *, by: Actor, reason: str = "", silent: bool = False) -> None:
    """Return a resolved or closed card to the first active stage and to the agent who had it last.

    When that agent no longer works on the board, the card is nobody's, and the event says so.
    """
    turn = take_turn(card)
    if not card.is_resolved and not card.is_closed:
        raise DomainError(_("This card is open already."), code="open")
    stage = card.pipeline.reopening_stage
    was_closed, card.closed_at = card.is_closed, None
    agent_id = card.assignee_id or card.last_assignee_id
    present = agent_id is not None and agent_id in member_ids(card.pipeline_id, "member")
    admin = db.session.scalar(
        sa.select(User.id).where(User.id == agent_id, User.role == "admin", User.deactivated_at.is_(None))
    )
    card.assignee_id = agent_id if present or admin else None
    card.reopening_count += 1
    card.waiting_since = utcnow() if by.actor_kind == "contact" else card.waiting_since
    card.portal_changed_at = utcnow()
    db.session.flush()
    db.session.expire(card, ["assignee"])
    data = {"reason": reason, "was_closed": was_closed, "agent": card.assignee_id,
            "agent_absent": agent_id is not None and card.assignee_id is None}  # fmt: skip
    cause = Cause(event="card.reopened", reason=reason or "reopened", shows_return=True, data=data)
    move(card, stage.id, by=by, turn=turn, cause=cause)
    _promise_anew(card, by=by, silent=silent)
    if card.closure is not None:
        db.session.delete(card.closure)
        db.session.flush()
        db.session.expire(card, ["closure"])


def _promise_anew(card: Card, *, by: Actor, silent: bool) -> None:
    """A request that is taken up again is owed an answer again."""
    promise = clock.begin(card, utcnow(), "reopened") if card.is_request and not card.has_promise else None
    db.session.flush()
    clock.keep(promise, card, by=by, silent=silent)
