"""Open cards by pipeline and stage, read once a request: for the board's heads and for the navigation."""

from functools import cache

import sqlalchemy as sa
from flask import g

from app.db import table_of
from app.extensions import db
from app.users.models import User
from cards.models import Card
from pipelines.models import Pipeline, PipelineMembership
from pipelines.models.membership import RANK, held_by, remember_levels

CARDS = table_of(Card)
COUNTS = (
    sa.select(CARDS.c.pipeline_id, CARDS.c.stage_id, sa.func.count())
    .where(CARDS.c.closed_at.is_(None), CARDS.c.pipeline_id.in_(sa.bindparam("boards", expanding=True)))
    .group_by(CARDS.c.pipeline_id, CARDS.c.stage_id)
)


def pipelines_of(user: User) -> list[Pipeline]:
    """Boards in the user's reach, in their order. One query a request, which also tells the user's level on each."""
    if "pipelines" not in g:
        g.pipelines = _load(user)
    boards: list[Pipeline] = g.pipelines
    return boards


def _load(user: User) -> list[Pipeline]:
    levels: dict[int, str] = {}
    boards: dict[int, Pipeline] = {}
    for pipeline, level in db.session.execute(_with_levels(), {"user": user.id}):
        if level and RANK[level] > RANK[levels.get(pipeline.id, "none")]:
            levels[pipeline.id] = level
        if pipeline.archived_at is None and (level or user.is_admin):
            boards[pipeline.id] = pipeline
    remember_levels(user, levels)
    return list(boards.values())


@cache
def _with_levels() -> sa.Select[Pipeline, str]:
    """Every board in its order, once for each membership of `user` in it. Built once: every page asks."""
    mine = sa.and_(PipelineMembership.pipeline_id == Pipeline.id, held_by(sa.bindparam("user", type_=sa.Integer)))
    query = sa.select(Pipeline, PipelineMembership.level).outerjoin(PipelineMembership, mine)
    return query.order_by(Pipeline.position, Pipeline.id)


def open_by_stage(user: User) -> dict[int, dict[int, int]]:
    """{pipeline id: {stage id: open cards}} of the user's boards. One query a request, over the index of open cards."""
    if "open_by_stage" not in g:
        found: dict[int, dict[int, int]] = {pipeline.id: {} for pipeline in pipelines_of(user)}
        for pipeline_id, stage_id, count in db.session.execute(COUNTS, {"boards": list(found)}):
            found[pipeline_id][stage_id] = count
        g.open_by_stage = found
    counts: dict[int, dict[int, int]] = g.open_by_stage
    return counts
