"""Boards in the feed of events: a board's events are told to those who reach it."""

import sqlalchemy as sa

from app.api import feed
from app.events import Event
from app.extensions import db
from app.users.models import User
from pipelines.models import Pipeline
from pipelines.models.membership import reachable_ids


def _of_reachable_boards(user: User) -> sa.ColumnElement[bool]:
    if user.is_admin:
        return sa.true()
    return sa.or_(Event.pipeline_id.is_(None), Event.pipeline_id.in_(reachable_ids(user)))


def _slugs(user: User, ids: set[int]) -> dict[int, str]:
    query = sa.select(Pipeline.id, Pipeline.slug).where(Pipeline.id.in_(ids))
    reached = query if user.is_admin else query.where(Pipeline.id.in_(reachable_ids(user)))
    return {row.id: row.slug for row in db.session.execute(reached)}


feed.within(_of_reachable_boards)
feed.name_by_code("pipeline_id", _slugs)
feed.tell("pipelines:read", {"pipeline.created": (), "pipeline.redesigned": (), "pipeline.restored": ()})
