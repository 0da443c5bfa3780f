"""Who works on a board: users and teams, each with a level. Less access takes effect at once, open pages included."""

from typing import Any

import sqlalchemy as sa

from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.users.models import Team, User
from pipelines.access import bump
from pipelines.models import LEVELS, Pipeline, PipelineMembership
from pipelines.models.membership import RANK
from pipelines.sequence import hold


def _facts(membership: PipelineMembership, before: str | None, after: str | None) -> dict[str, Any]:
    holder = {"user": membership.user_id} if membership.user_id else {"team": membership.team_id}
    return {**holder, "from": before, "to": after}


def add_member(pipeline: Pipeline, holder: User | Team, level: str, *, by: Actor | None) -> PipelineMembership:
    """Open the board to a user or to everybody in a team; who is on it already gets this level."""
    if level not in LEVELS:
        raise DomainError(_("There is no such level."), code="unknown", field="level")
    hold(pipeline)
    column = PipelineMembership.user_id if isinstance(holder, User) else PipelineMembership.team_id
    query = sa.select(PipelineMembership).where(PipelineMembership.pipeline_id == pipeline.id, column == holder.id)
    known = db.session.scalar(query)
    if known is not None:
        change_level(pipeline, known, level, by=by)
        return known
    is_user = isinstance(holder, User)
    membership = PipelineMembership(pipeline_id=pipeline.id, user_id=holder.id if is_user else None,
                                    team_id=None if is_user else holder.id, level=level)  # fmt: skip
    db.session.add(membership)
    db.session.flush()
    record("access.changed", pipeline, by=by, data=_facts(membership, None, level))
    return membership


def change_level(pipeline: Pipeline, membership: PipelineMembership, level: str, *, by: Actor | None) -> None:
    """Give a member another level."""
    if level not in LEVELS:
        raise DomainError(_("There is no such level."), code="unknown", field="level")
    hold(pipeline)
    before = membership.level
    if before == level:
        return
    membership.level = level
    db.session.flush()
    data = _facts(membership, before, level)
    if RANK[level] < RANK[before]:
        bump(pipeline, by=by, data=data)
    else:
        record("access.changed", pipeline, by=by, data=data)


def remove_member(pipeline: Pipeline, membership: PipelineMembership, *, by: Actor) -> None:
    """Close the board to a user or a team. Who is also on it in another way keeps that."""
    hold(pipeline)
    data = _facts(membership, membership.level, None)
    db.session.delete(membership)
    db.session.flush()
    db.session.expire(pipeline, ["memberships"])
    bump(pipeline, by=by, data=data)
