"""Open cards by pipeline and stage, read once a request: for the board's heads and for the navigation."""

import sqlalchemy as sa
from flask import g

from app.db import table_of
from app.extensions import db
from app.users.models import User
from cards.models import Card
from pipelines.models import Pipeline

CARDS = table_of(Card)


def pipelines_of(user: User) -> list[Pipeline]:
    """Boards in the user's reach, in their order. One query a request."""
    if "pipelines" not in g:
        g.pipelines = list(db.session.scalars(Pipeline.visible_to(user)))
    boards: list[Pipeline] = g.pipelines
    return boards


def open_by_stage(user: User) -> dict[int, dict[int, int]]:
    """{pipeline id: {stage id: open cards}} of the user's boards. One query a request, over the index of open cards."""
    if "open_by_stage" not in g:
        found: dict[int, dict[int, int]] = {pipeline.id: {} for pipeline in pipelines_of(user)}
        query = sa.select(CARDS.c.pipeline_id, CARDS.c.stage_id, sa.func.count()).where(CARDS.c.closed_at.is_(None))
        query = query.where(CARDS.c.pipeline_id.in_(found)).group_by(CARDS.c.pipeline_id, CARDS.c.stage_id)
        for pipeline_id, stage_id, count in db.session.execute(query):
            found[pipeline_id][stage_id] = count
        g.open_by_stage = found
    counts: dict[int, dict[int, int]] = g.open_by_stage
    return counts
