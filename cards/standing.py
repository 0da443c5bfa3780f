"""What a move reads while it holds the board: where the card stands, and where it is to go."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import table_of
from app.errors import NotFound
from app.extensions import db
from cards.models import BoardOp, Card
from pipelines.models import Pipeline, PortalStep, Stage

CARDS = table_of(Card)


def read_again(card: Card, stage_id: int, op_id: str | None) -> Any:
    """The card as it is now, the target stage, the current step's place, who stands above, and an earlier answer.

    One query.
    """
    values = {"moving": card.id, "target": stage_id, "op": op_id or ""}
    # The object in hand was read before the lock: what it says of the card is brought up to date too.
    row = db.session.execute(_standing(), values, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound
    return row


@cache
def _standing() -> Any:
    cards, step, shown = CARDS, aliased(PortalStep), aliased(PortalStep)
    target = sa.bindparam("target", type_=sa.Integer)
    answer = sa.select(BoardOp.answer).where(BoardOp.op_id == sa.bindparam("op")).scalar_subquery()
    return (
        sa.select(
            Card, cards.c.id, cards.c.stage_id, cards.c.pipeline_id, cards.c.version, cards.c.stage_version,
            cards.c.started_at, cards.c.resolved_at, cards.c.closed_at, cards.c.seen_at, cards.c.portal_step_id,
            cards.c.department_id, cards.c.promised_at, cards.c.promise_told_at, cards.c.promise_seconds,
            cards.c.promise_left_seconds, cards.c.promise_waits_for, _is_in_portal(cards).label("is_in_portal"),
            shown.position.label("shown_position"), shown.is_aside.label("shown_aside"),
            Stage.id.label("to_id"), Stage.pipeline_id.label("to_pipeline"), Stage.kind.label("to_kind"),
            Stage.archived_at.label("to_archived"), Stage.shows_return.label("to_shows_return"),
            Stage.portal_step_id.label("to_step"), step.position.label("to_position"), step.is_aside.label("to_aside"),
            answer.label("answer"), _above(cards).label("above"),
            _open_in(cards.c.stage_id).label("open_here"), _open_in(target).label("open_there"),
        )
        .select_from(cards)
        .outerjoin(Stage, Stage.id == target)
        .outerjoin(step, step.id == Stage.portal_step_id)
        .outerjoin(shown, shown.id == cards.c.portal_step_id)
        .where(cards.c.id == sa.bindparam("moving", type_=sa.Integer))
    )  # fmt: skip


def _above(cards: sa.Table) -> sa.ScalarSelect[int]:
    higher = cards.alias()
    above = sa.select(higher.c.id).where(higher.c.stage_id == cards.c.stage_id, higher.c.closed_at.is_(None))
    above = above.where(sa.tuple_(higher.c.rank, higher.c.id) < sa.tuple_(cards.c.rank, cards.c.id))
    return above.order_by(higher.c.rank.desc(), higher.c.id.desc()).limit(1).correlate(cards).scalar_subquery()


def _is_in_portal(cards: sa.Table) -> sa.ScalarSelect[bool]:
    return sa.select(Pipeline.is_in_portal).where(Pipeline.id == cards.c.pipeline_id).correlate(cards).scalar_subquery()


def _open_in(stage_id: Any) -> sa.ScalarSelect[int]:
    others = CARDS.alias()
    found = sa.select(sa.func.count()).select_from(others).where(others.c.closed_at.is_(None))
    return found.where(others.c.stage_id == stage_id).correlate(CARDS).scalar_subquery()
