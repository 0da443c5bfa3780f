"""Reads of the pages of boards that span tables."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.i18n import _
from app.users.models import Team, User
from pipelines import contents
from pipelines.models import Department, Pipeline, PipelineMembership, Stage
from pipelines.preview import RECEIVED, Draft


@dataclass(frozen=True)
class StageRow:
    """A line of the list of stages. `seen`: what customers read meanwhile; `is_hidden`: the stage says nothing new."""

    stage: Stage
    count: int
    seen: str
    is_hidden: bool


@dataclass(frozen=True)
class MemberRow:
    """Somebody a board is open to. `people`: how many a team brings; 0 for a single colleague."""

    membership: PipelineMembership
    name: str
    people: int
    is_gone: bool


def stage_rows(pipeline: Pipeline) -> list[StageRow]:
    """Stages in use, in order, with their open cards."""
    draft, counts = Draft.of(pipeline), contents.count_open([stage.id for stage in pipeline.stages])
    labels = {str(step.id): step.label for step in pipeline.portal_steps} | {RECEIVED: _("Received")}
    return [
        StageRow(stage, counts[stage.id], labels[draft.shown_at(str(stage.id))], stage.portal_step_id is None)
        for stage in pipeline.stages
    ]


def member_rows(pipeline: Pipeline) -> list[MemberRow]:
    """Who a board is open to: teams, then colleagues, by name. Two queries."""
    held = sa.select(PipelineMembership, Team).join(Team, Team.id == PipelineMembership.team_id)
    held = held.where(PipelineMembership.pipeline_id == pipeline.id).order_by(Team.name_fa, Team.id)
    rows = [
        MemberRow(membership, team.name, sum(user.is_active for user in team.members), team.archived_at is not None)
        for membership, team in db.session.execute(held)
    ]
    own = sa.select(PipelineMembership, User).join(User, User.id == PipelineMembership.user_id)
    own = own.where(PipelineMembership.pipeline_id == pipeline.id).order_by(User.name, User.id)
    return rows + [MemberRow(membership, user.shown_name, 0, not user.is_active)
                   for membership, user in db.session.execute(own)]  # fmt: skip


def boards(user: User, *, archived: bool = False) -> list[Pipeline]:
    """Boards that the user may design, in their order; or those in the archive, for admins."""
    query = sa.select(Pipeline).where(Pipeline.archived_at.is_not(None)).order_by(Pipeline.position, Pipeline.id)
    return list(db.session.scalars(query if archived else Pipeline.visible_to(user)))


def departments() -> list[Department]:
    """All departments in their order."""
    return list(db.session.scalars(sa.select(Department).order_by(Department.position, Department.id)))
