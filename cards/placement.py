"""The write path of the board: one function owns a card's stage, rank and the pipeline's sequence.

Written in SQLAlchemy Core: the same move through the ORM costs several times the time. Every verb that changes what a
board shows begins with `take_turn`, which is the lock: the pipeline's row. What was read before it is not trusted.
"""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app import events
from app.clock import utcnow
from app.db import insert_missing, table_of
from app.errors import Conflict, DomainError
from app.events import PORTAL, Actor, record
from app.extensions import db
from app.i18n import _
from cards import ranks
from cards.conflicts import moved_meanwhile
from cards.models import BoardOp, Card, StageTransition
from cards.promises import clock
from cards.standing import read_again
from pipelines.models import CLOSING_KINDS
from pipelines.sequence import Turn, give_back, lock

events.define(
    "card.opened", "card.moved", "card.changed", "card.closed", "card.reopened", "card.left", "card.progressed"
)
# More relabelled neighbours than this are not worth listing: the column is loaded anew.
MOST_PAIRS = 2000
CARDS, STAYS = table_of(Card), table_of(StageTransition)
# Built once: every move asks them. The values say which columns they set.
_CHANGE = sa.update(CARDS).where(CARDS.c.id == sa.bindparam("moving"))
_LEAVE = sa.update(STAYS).where(STAYS.c.card_id == sa.bindparam("moving"), STAYS.c.left_at.is_(None))
_ENTER, _KEEP = sa.insert(STAYS), sa.insert(table_of(BoardOp))
_ANSWERS = sa.select(BoardOp.answer).where(BoardOp.op_id == sa.bindparam("op"))


@dataclass
class Placement:
    """The answer to a move, as the browser reads it."""

    seq: int
    card: dict[str, int]
    from_stage: int
    relabelled: list[tuple[int, int]] = field(default_factory=list)
    counts: dict[int, dict[str, int]] = field(default_factory=dict)
    anchor_lost: bool = False
    # The card that stood above it before, for the way back.
    above: int | None = None

    def as_json(self) -> dict[str, Any]:
        pairs = self.relabelled if len(self.relabelled) <= MOST_PAIRS else []
        return {
            "ok": True, "seq": self.seq, "card": self.card, "from_stage": self.from_stage, "relabelled": pairs,
            "reset": len(self.relabelled) > MOST_PAIRS, "anchor_lost": self.anchor_lost,
            "counts": {str(stage_id): count for stage_id, count in self.counts.items()},
            "undo": {"stage_id": self.from_stage, "after_id": self.above, "base_version": self.card["version"]},
        }  # fmt: skip


def take_turn(card: Card) -> Turn:
    """The first statement of every verb of a card: lock its board, then read the card again."""
    turn = lock(card.pipeline_id)
    pipeline_id = card.pipeline_id
    db.session.refresh(card)
    if card.pipeline_id != pipeline_id:
        raise Conflict(_("This card has just moved to another board. Please open it again."), code="moved_away")
    return turn


def record_on(name: str, card: Card, turn: Turn, *, by: Actor | None, **kwargs: Any) -> events.Event:
    """Record a fact of the board: it takes the turn's number and reaches the board's room."""
    return record(name, card, by=by, seq=turn.seq, epoch=turn.epoch, card=mark_of(card), **kwargs)


def touch(card: Card) -> None:
    """A changed face: clients that hold an older version fetch it again."""
    card.version += 1


def answered_before(op_id: str | None) -> dict[str, Any] | None:
    """The stored answer of an operation that was done already. Call it while holding the turn."""
    return db.session.scalar(_ANSWERS, {"op": op_id}) if op_id else None


def keep_answer(op_id: str, answer: dict[str, Any], by: Actor | None) -> None:
    """Remember what an operation came to, for whoever asks it again."""
    user_id = by.id if by and by.actor_kind == "user" else None
    db.session.execute(_KEEP, {"op_id": op_id, "user_id": user_id, "answer": answer, "at": utcnow()})


def claim(op_id: str | None, answer: dict[str, Any], by: Actor | None) -> dict[str, Any] | None:
    """Answer an operation before it is carried out, without holding the board: None, or what was answered before.

    One who asks for the same operation meanwhile waits here until it is done.
    """
    if not op_id:
        return None
    row = {"op_id": op_id, "user_id": by.id if by and by.actor_kind == "user" else None, "answer": answer}
    claimed = insert_missing(BoardOp, db.engine.dialect.name).returning(BoardOp.op_id)
    is_new = db.session.scalar(claimed, {**row, "at": utcnow()}) is not None
    return None if is_new else answered_before(op_id)


def put_on_top(card: Card, opened: events.Event) -> None:
    """Take a turn for a card that was just written, and put it above all others of its stage.

    Nothing else of the opening needs the board. Raises a `DomainError` when the stage is archived.
    """
    turn = lock(card.pipeline_id)
    top = ranks.find_top(card.stage_id, card.id)
    if top.is_archived:
        raise DomainError(_("There is no such stage on this board."), code="unknown_stage", field="stage_id")
    card.rank = top.place.rank
    db.session.flush()
    counts = {card.stage_id: {"total": top.total + 1}}
    events.put_in_order(opened, turn.seq, epoch=turn.epoch, card=mark_of(card), counts=counts)


def open_counts(*stage_ids: int) -> dict[int, dict[str, int]]:
    """Open cards in each of these stages: {stage id: {"total": n}}. One query."""
    query = sa.select(CARDS.c.stage_id, sa.func.count()).where(CARDS.c.stage_id.in_(stage_ids))
    query = query.where(CARDS.c.closed_at.is_(None)).group_by(CARDS.c.stage_id)
    found: dict[int, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {stage_id: {"total": found.get(stage_id, 0)} for stage_id in dict.fromkeys(stage_ids)}


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Beside which card of the target stage: below `after_id`, else above `before_id`, else at the top or the end."""

    after_id: int | None = None
    before_id: int | None = None
    at_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a card moves, as its history tells it. `shows_return` lets the customer see a step back."""

    event: str = "card.moved"
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    shows_return: bool = False


def move(
    card: Card,
    stage_id: int,
    *,
    by: Actor | None,
    to: Anchor = Anchor(),
    cause: Cause = Cause(),
    turn: Turn | None = None,
    base_version: int | None = None,
    op_id: str | None = None,
    ends_work: bool = False,
) -> dict[str, Any]:
    """Put a card into a stage. Answers `Placement.as_json()`; asked twice under one `op_id`, it moves once.

    Raises `Conflict` when the card's stage changed after `base_version`, `DomainError` for a stage that is not on this
    board, or with the code "closing_form" for one that ends the work, unless `ends_work` says that the form was filled.
    """
    taken = turn or lock(card.pipeline_id)
    row = read_again(card, stage_id, op_id)
    if row.answer is not None:
        if turn is None:
            give_back(card.pipeline_id)
        return dict(row.answer)
    _check(row, card, stage_id, base_version, ends_work=ends_work)
    place = ranks.find_place(stage_id, moving=card.id, after_id=to.after_id, before_id=to.before_id, at_end=to.at_end)
    changes = {"rank": place.rank, "version": row.version + 1}
    promise = None
    if row.stage_id != stage_id:
        changes |= _enter(row, by=by, cause=cause)
        promise = _turn_clock(row, changes)
    _write(card, changes)
    answer = Placement(
        seq=taken.seq, from_stage=row.stage_id, relabelled=place.relabelled, anchor_lost=place.anchor_lost,
        card=mark_of(card), counts=_counts_after(row), above=row.above,
    ).as_json()  # fmt: skip
    _tell(card, row, answer, taken, by=by, cause=cause, op_id=op_id, shows="portal_step_id" in changes)
    clock.write(promise, card, by=by, at=card.stage_entered_at, silent="portal_step_id" in changes)
    if op_id:
        keep_answer(op_id, answer, by)
    return answer


def mark_of(card: Card) -> dict[str, int]:
    """Where a card stands, as frames say it."""
    return {"id": card.id, "version": card.version, "stage": card.stage_id, "rank": card.rank}


def _write(card: Card, changes: dict[str, Any]) -> None:
    """Update the row, and the object in hand without reading it again."""
    db.session.execute(_CHANGE, {"moving": card.id, **changes})
    for name, value in changes.items():
        set_committed_value(card, name, value)
    if "stage_id" in changes:
        db.session.expire(card, ["stage", "portal_step"])


def _tell(card: Card, row: Any, answer: dict[str, Any], turn: Turn, *, by: Actor | None, cause: Cause,
          op_id: str | None, shows: bool) -> None:  # fmt: skip
    frame = {key: answer[key] for key in ("from_stage", "relabelled", "reset", "counts")}
    data = {"from": row.stage_id, "to": card.stage_id, "rank": card.rank, **cause.data}
    record_on(cause.event, card, turn, by=by, data=data, op_id=op_id, **frame)
    if shows:
        record("card.progressed", card, by=by, visibility=PORTAL, data={"step": card.portal_step_id})


def _counts_after(row: Any) -> dict[int, dict[str, int]]:
    """Open cards of both stages after the move; the lock makes the sum exact."""
    if row.stage_id == row.to_id:
        return {row.to_id: {"total": row.open_there}}
    return {row.stage_id: {"total": row.open_here - 1}, row.to_id: {"total": row.open_there + 1}}


def _check(row: Any, card: Card, stage_id: int, base_version: int | None, *, ends_work: bool) -> None:
    if row.pipeline_id != card.pipeline_id:
        raise Conflict(_("This card has just moved to another board. Please open it again."), code="moved_away")
    if row.to_id is None or row.to_pipeline != row.pipeline_id or row.to_archived is not None:
        raise DomainError(_("There is no such stage on this board."), code="unknown_stage", field="stage_id")
    if row.closed_at is not None:
        raise Conflict(_("This card is closed. Reopen it first."), code="closed")
    if base_version is not None and base_version < row.stage_version and row.stage_id != stage_id:
        raise moved_meanwhile(card.id, row.version, row.stage_id)
    if row.to_kind in CLOSING_KINDS and row.resolved_at is None and not ends_work:
        raise DomainError(_("Say what was wrong and what was done, then the card is done."), code="closing_form")


def _enter(row: Any, *, by: Actor | None, cause: Cause) -> dict[str, Any]:
    """Column changes that come with entering the target stage; writes the transition."""
    now = utcnow()
    closing = row.to_kind in CLOSING_KINDS
    changes: dict[str, Any] = {
        "stage_id": row.to_id, "stage_version": row.version + 1, "stage_entered_at": now,
        "resolved_at": (row.resolved_at or now) if closing else None,
    }  # fmt: skip
    if row.started_at is None and row.to_kind != "new":
        changes["started_at"] = now
    if closing:
        changes["waiting_since"] = None
    if _shows(row, shows_return=cause.shows_return):
        changes |= {"portal_step_id": row.to_step, "portal_step_at": now, "portal_changed_at": now}
    _write_transition(row, changes, by=by, reason=cause.reason)
    return changes


def _turn_clock(row: Any, changes: dict[str, Any]) -> clock.Step | None:
    """What the stage does to the card's promise; its columns are written with the move."""
    # Where customers follow nothing, there is nothing that a hidden stage could give away.
    is_shown = row.to_step is not None or not row.is_in_portal
    step = clock.on_entering(row, row.to_kind, is_shown=is_shown, now=changes["stage_entered_at"])
    changes |= step.card if step else {}
    return step


def _write_transition(row: Any, changes: dict[str, Any], *, by: Actor | None, reason: str) -> None:
    now = changes["stage_entered_at"]
    db.session.execute(_LEAVE, {"moving": row.id, "left_at": now})
    db.session.execute(_ENTER, {
        "card_id": row.id, "pipeline_id": row.pipeline_id, "from_stage_id": row.stage_id, "stage_id": row.to_id,
        "entered_at": now, "portal_step_id": changes.get("portal_step_id", row.portal_step_id), "reason": reason,
        "actor_kind": by.actor_kind if by else None, "actor_id": by.id if by else None,
    })  # fmt: skip


def _shows(row: Any, *, shows_return: bool) -> bool:
    """Whether entering the target stage changes the step that the customer sees."""
    if row.to_step is None or row.to_step == row.portal_step_id:
        return False
    forward = row.shown_position is None or row.to_position >= row.shown_position or row.shown_aside or row.to_aside
    return bool(forward or row.to_shows_return or shows_return)
