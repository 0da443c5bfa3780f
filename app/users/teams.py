"""Teams: who works together. A team that a board is open to brings its members there."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, Event, record
from app.extensions import db
from app.i18n import _
from app.users.models import Team, TeamMember, User

events.define("team.created", "team.renamed", "team.members_changed", "team.archived", "team.restored")


def create(name_fa: str, name_en: str, member_ids: Iterable[int], *, by: Actor | None) -> Team:
    """Make a team. Raises a `DomainError` when another one has this name."""
    team = Team()
    _name(team, name_fa, name_en)
    record("team.created", team, by=by, data={"name_fa": name_fa, "name_en": name_en})
    set_members(team, member_ids, by=by)
    return team


def rename(team: Team, name_fa: str, name_en: str, *, by: Actor) -> None:
    """Give a team other names."""
    before = {"name_fa": team.name_fa, "name_en": team.name_en}
    after = {"name_fa": name_fa, "name_en": name_en}
    if before == after:
        return
    _name(team, name_fa, name_en)
    record("team.renamed", team, by=by, data={"from": before, "to": after})


def _name(team: Team, name_fa: str, name_en: str) -> None:
    """Write the names; the unique one decides between two who want it at once."""
    try:
        with db.session.begin_nested():
            team.name_fa, team.name_en = name_fa, name_en
            db.session.add(team)
            db.session.flush()
    except IntegrityError:
        raise DomainError(_("Another team has this name."), code="taken", field="name_fa") from None


def member_ids(team: Team) -> set[int]:
    """Ids of the members, deactivated colleagues included."""
    return set(db.session.scalars(sa.select(TeamMember.user_id).where(TeamMember.team_id == team.id)))


def set_members(team: Team, user_ids: Iterable[int], *, by: Actor | None) -> None:
    """Let exactly these users be the team. Raises a `DomainError` for an id that is nobody's."""
    wanted, before = set(user_ids), member_ids(team)
    known = set(db.session.scalars(sa.select(User.id).where(User.id.in_(wanted))))
    if wanted - known:
        raise DomainError(_("There is no such colleague."), code="unknown", field="members")
    _exchange(team, added=wanted - before, removed=before - wanted, by=by)


def set_teams(user: User, team_ids: Collection[int], *, by: Actor) -> None:
    """Let the user belong to exactly these of the teams in use. Raises a `DomainError` for an id that is no team's."""
    teams = list(db.session.scalars(Team.in_use()))
    if set(team_ids) - {team.id for team in teams}:
        raise DomainError(_("There is no such team."), code="unknown", field="teams")
    for team in teams:
        has, wants = user.id in member_ids(team), team.id in team_ids
        if has != wants:
            _exchange(team, added={user.id} if wants else set(), removed={user.id} if has else set(), by=by)


def _exchange(team: Team, *, added: set[int], removed: set[int], by: Actor | None) -> None:
    if not added and not removed:
        return
    db.session.execute(sa.delete(TeamMember).where(TeamMember.team_id == team.id, TeamMember.user_id.in_(removed)))
    db.session.add_all([TeamMember(team_id=team.id, user_id=user_id) for user_id in sorted(added)])
    db.session.flush()
    db.session.expire(team, ["members"])
    record("team.members_changed", team, by=by, data={"added": sorted(added), "removed": sorted(removed)})


def archive(team: Team, *, by: Actor) -> None:
    """Dissolve a team; its members lose what they reach through it alone. `restore` brings both back."""
    if team.archived_at is not None:
        return
    members = member_ids(team)
    _exchange(team, added=set(), removed=members, by=by)
    team.archived_at = utcnow()
    db.session.flush()
    record("team.archived", team, by=by, data={"members": sorted(members)})


def restore(team: Team, *, by: Actor) -> None:
    """Take a team out of the archive with the members it had."""
    if team.archived_at is None:
        return
    last = sa.select(Event).where(Event.name == "team.archived", Event.subject_kind == "team")
    event = db.session.scalar(last.where(Event.subject_id == team.id).order_by(Event.id.desc()).limit(1))
    members = set(event.data["members"]) if event else set()
    team.archived_at = None
    db.session.flush()
    record("team.restored", team, by=by)
    set_members(team, db.session.scalars(sa.select(User.id).where(User.id.in_(members))).all(), by=by)
