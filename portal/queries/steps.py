"""The steps of the rail, and when a card reached them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import table_of
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
    steps: dict[int, list[StepRow]] = defaultdict(list)
    for row in db.session.execute(_STEPS, {"pipelines": list(set(pipeline_ids))}):
        label = localised(row.label_fa, row.label_en)
        explanation = localised(row.explanation_fa, row.explanation_en)
        steps[row.pipeline_id].append(StepRow(
            row.id, label, explanation, row.usual_hours, row.position, row.is_aside, bool(row.asks), bool(row.is_used)
        ))  # fmt: skip
    return steps


def reached_by_card(card_ids: Iterable[int]) -> dict[int, dict[int, datetime]]:
    """For each card: step id -> when it was first reached. One query; stays in hidden stages add nothing to it."""
    reached: dict[int, dict[int, datetime]] = defaultdict(dict)
    for card_id, step_id, at in db.session.execute(_REACHED, {"cards": list(set(card_ids))}):
        reached[card_id][step_id] = at
    return reached


def _steps() -> Any:
    steps, stages = table_of(PortalStep), table_of(Stage)
    behind = sa.select(stages.c.id).where(stages.c.portal_step_id == steps.c.id, stages.c.archived_at.is_(None))
    waits = behind.where(stages.c.kind == "waiting_customer").exists()
    works = behind.where(stages.c.kind != "waiting_customer").exists()
    query = sa.select(
        *steps.c["id", "pipeline_id", "label_fa", "label_en", "explanation_fa", "explanation_en", "usual_hours",
                "position", "is_aside"],
        sa.and_(waits, sa.not_(works)).label("asks"), behind.exists().label("is_used"),
    )  # fmt: skip
    wanted = steps.c.pipeline_id.in_(sa.bindparam("pipelines", expanding=True))
    return query.where(wanted).order_by(steps.c.position, steps.c.id)


def _reached() -> Any:
    stays = table_of(StageTransition)
    query = sa.select(stays.c.card_id, stays.c.portal_step_id, sa.func.min(stays.c.entered_at))
    wanted = stays.c.card_id.in_(sa.bindparam("cards", expanding=True))
    return query.where(wanted, stays.c.portal_step_id.is_not(None)).group_by(stays.c.card_id, stays.c.portal_step_id)


# Built once: they are asked for every page.
_STEPS, _REACHED = _steps(), _reached()
