"""Reads of the settings pages that span tables."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.auth.models import Session
from app.clock import utcnow
from app.extensions import db
from app.users.models import Team, TeamMember, User


@dataclass(frozen=True)
class Colleague:
    """A line of the list of colleagues. `seen_at`: the last use of any of their sessions."""

    user: User
    teams: list[Team]
    seen_at: datetime | None

    @property
    def state(self) -> str:
        """ "active", "invited" (has not chosen a password yet) or "closed"."""
        if not self.user.is_active:
            return "closed"
        return "active" if self.user.password_hash else "invited"


def colleagues() -> list[Colleague]:
    """Everybody with an account: the active by name, then those whose account is closed. Three queries."""
    users = db.session.scalars(
        sa.select(User).where(User.is_service.is_(False)).order_by(User.deactivated_at.is_not(None), User.name, User.id)
    ).all()
    seen = sa.select(Session.user_id, sa.func.max(Session.seen_at)).where(Session.user_id.is_not(None))
    seen_at = {row[0]: row[1] for row in db.session.execute(seen.group_by(Session.user_id))}
    teams = defaultdict(list)
    query = sa.select(TeamMember.user_id, Team).join(Team, Team.id == TeamMember.team_id)
    for user_id, team in db.session.execute(query.where(Team.archived_at.is_(None)).order_by(Team.name_fa, Team.id)):
        teams[user_id].append(team)
    return [Colleague(user, teams[user.id], seen_at.get(user.id)) for user in users]


def team_ids(user: User) -> list[int]:
    """Ids of the teams in use that the user belongs to."""
    query = sa.select(Team.id).join(TeamMember, TeamMember.team_id == Team.id).where(TeamMember.user_id == user.id)
    return list(db.session.scalars(query.where(Team.archived_at.is_(None))))


def devices(user: User) -> list[Session]:
    """Browsers in which the user is signed in now, the last used first."""
    query = sa.select(Session).where(Session.user_id == user.id, Session.ended_at.is_(None))
    rows, now = db.session.scalars(query.order_by(Session.seen_at.desc(), Session.id.desc())), utcnow()
    return [row for row in rows if row.is_live(now)]
