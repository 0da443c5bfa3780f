"""Who works on a pipeline: users, or whole teams, each with a level."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from flask import g, has_app_context
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.i18n import _l
from app.users.models import TeamMember, User

LEVELS = {"viewer": _l("Viewer"), "member": _l("Member"), "manager": _l("Manager of the board")}
RANK = {"none": 0, "viewer": 1, "member": 2, "manager": 3}


class PipelineMembership(Model):
    """That a user, or everyone in a team, may see (viewer), work on (member) or design (manager) a pipeline."""

    __tablename__ = "pipeline_memberships"
    __table_args__ = (
        sa.CheckConstraint("level IN ('viewer', 'member', 'manager')", name="level"),
        sa.CheckConstraint("(user_id IS NULL) <> (team_id IS NULL)", name="one_holder"),
        sa.UniqueConstraint("pipeline_id", "user_id"),
        sa.UniqueConstraint("pipeline_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    level: Mapped[str] = mapped_column(default="member")


def held_by(user_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Whether a membership is the user's own or that of one of their teams."""
    teams = sa.select(TeamMember.team_id).where(TeamMember.user_id == user_id)
    return sa.or_(PipelineMembership.user_id == user_id, PipelineMembership.team_id.in_(teams))


def reachable_ids(user: User) -> Select[int]:
    """Ids of pipelines that the user belongs to, for use inside other queries."""
    return sa.select(PipelineMembership.pipeline_id).where(held_by(user.id))


def levels_of(user: User) -> dict[int, str]:
    """The user's level on each pipeline they belong to; read once a request."""
    known: dict[int, dict[int, str]] = g.setdefault("pipeline_levels", {}) if has_app_context() else {}
    if user.id not in known:
        levels: dict[int, str] = {}
        rows = db.session.execute(_levels(), {"user": user.id})
        for pipeline_id, level in rows:
            if RANK[level] > RANK[levels.get(pipeline_id, "none")]:
                levels[pipeline_id] = level
        known[user.id] = levels
    return known[user.id]


@cache
def _levels() -> Select[int, str]:
    mine = held_by(sa.bindparam("user", type_=sa.Integer))
    return sa.select(PipelineMembership.pipeline_id, PipelineMembership.level).where(mine)


def remember_levels(user: User, levels: dict[int, str]) -> None:
    """Spare `levels_of` its query: the levels were read together with something else in this request."""
    g.setdefault("pipeline_levels", {}).setdefault(user.id, levels)


def forget_levels() -> None:
    """Read levels anew: somebody's have changed in this very request."""
    if has_app_context():
        g.pop("pipeline_levels", None)


def member_ids(pipeline_id: int, at_least: str = "viewer") -> list[int]:
    """Active colleagues with at least this level on the pipeline, admins without a membership left out. One query."""
    return list(db.session.scalars(_member_ids(at_least), {"pipeline": pipeline_id}))


@cache
def _member_ids(at_least: str) -> Select[int]:
    members = are_members(sa.bindparam("pipeline", type_=sa.Integer), at_least)
    return sa.select(User.id).where(members).order_by(User.name, User.id)


def are_members(pipeline_id: int | sa.BindParameter[int], at_least: str = "viewer") -> sa.ColumnElement[bool]:
    """Whether users are active colleagues with at least this level on the pipeline, for use inside other queries."""
    wanted = [level for level in LEVELS if RANK[level] >= RANK[at_least]]
    here = sa.and_(PipelineMembership.pipeline_id == pipeline_id, PipelineMembership.level.in_(wanted))
    direct = sa.select(PipelineMembership.user_id).where(here)
    by_team = (
        sa.select(TeamMember.user_id)
        .join(PipelineMembership, PipelineMembership.team_id == TeamMember.team_id)
        .where(here)
    )
    is_colleague = sa.and_(User.deactivated_at.is_(None), User.is_service.is_(False))
    return sa.and_(is_colleague, sa.or_(User.id.in_(direct), User.id.in_(by_team)))
