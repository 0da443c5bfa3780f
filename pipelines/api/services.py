"""Boards are opened to services as they are to colleagues: as members."""

from collections.abc import Collection

import sqlalchemy as sa

from app.api import programs
from app.extensions import db
from app.users.models import User
from pipelines.models import Pipeline
from pipelines.services.members import add_member


def _boards() -> list[tuple[int, str]]:
    query = sa.select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id)
    return [(pipeline.id, pipeline.name) for pipeline in db.session.scalars(query)]


def _open_to(user: User, ids: Collection[int], by: User) -> None:
    """In the order of their ids, so that two who do it at once never wait in a ring."""
    for pipeline in db.session.scalars(sa.select(Pipeline).where(Pipeline.id.in_(ids)).order_by(Pipeline.id)).all():
        add_member(pipeline, user, "member", by=by)


programs.offer_boards(_boards, _open_to)
