"""The steps of the rail, and when a card reached them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.extensions import db
from app.i18n import localised
from cards.models import StageTransition
from pipelines.models import PortalStep, Stage


@dataclass(frozen=True, slots=True)
class StepRow:
    """A portal step as the rail needs it. `asks`: every stage behind it waits for the customer. `is_used`: a stage in
    use shows it; who has reached another one still sees it behind them."""

    id: int
    label: str
    explanation: str
    usual_hours: int | None
    position: int
    is_aside: bool
    asks: bool
    is_used: bool


def steps_by_pipeline(pipeline_ids: Iterable[int]) -> dict[int, list[StepRow]]:
    """The steps of each pipeline in order. One query."""
    behind = sa.select(Stage.id).where(Stage.portal_step_id == PortalStep.id, Stage.archived_at.is_(None))
    waits = behind.where(Stage.kind == "waiting_customer").exists()
    works = behind.where(Stage.kind != "waiting_customer").exists()
    query = sa.select(PortalStep, sa.and_(waits, sa.not_(works)), behind.exists())
    query = query.where(PortalStep.pipeline_id.in_(set(pipeline_ids)))
    steps: dict[int, list[StepRow]] = defaultdict(list)
    for row, asks, is_used in db.session.execute(query.order_by(PortalStep.position, PortalStep.id)):
        label = localised(row.label_fa, row.label_en)
        explanation = localised(row.explanation_fa, row.explanation_en)
        steps[row.pipeline_id].append(
            StepRow(row.id, label, explanation, row.usual_hours, row.position, row.is_aside, bool(asks), bool(is_used))
        )
    return steps


def reached_by_card(card_ids: Iterable[int]) -> dict[int, dict[int, datetime]]:
    """For each card: step id -> when it was first reached. One query; stays in hidden stages add nothing to it."""
    stays = StageTransition
    query = sa.select(stays.card_id, stays.portal_step_id, sa.func.min(stays.entered_at))
    query = query.where(stays.card_id.in_(set(card_ids)), stays.portal_step_id.is_not(None))
    query = query.group_by(stays.card_id, stays.portal_step_id)
    reached: dict[int, dict[int, datetime]] = defaultdict(dict)
    for card_id, step_id, at in db.session.execute(query):
        if step_id is not None:
            reached[card_id][step_id] = at
    return reached
