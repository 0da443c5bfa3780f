"""The colleagues around a card: who wrote and did things, who may be responsible, who may be asked."""

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from app.extensions import db
from app.i18n import _
from app.text import search_key
from app.users.models import TeamMember, User
from app.users.pictures import picture_url
from pipelines.models import PipelineMembership
from pipelines.models.membership import RANK


@dataclass(frozen=True)
class People:
    """Everybody on the staff by id, former colleagues included, and the level of those who reach the board."""

    users: dict[int, User]
    levels: dict[int, str]

    def name(self, user_id: int | None) -> str:
        """The name that colleagues read; a word of its own for somebody unknown."""
        user = self.users.get(user_id) if user_id is not None else None
        return user.shown_name if user else _("Somebody")

    def picture(self, user_id: int | None) -> str:
        """Where the picture of a colleague is; "" for nobody and where there is none."""
        user = self.users.get(user_id) if user_id is not None else None
        return picture_url(user.id, user.picture_id) if user else ""

    def reaching(self, at_least: str) -> list[User]:
        """Active colleagues with at least this level on the board, by name."""
        return [user for user in self.users.values() if user.is_active and self._rank(user) >= RANK[at_least]]

    @property
    def holders(self) -> list[User]:
        """Who may be responsible for the card."""
        return self.reaching("member")

    @property
    def readers(self) -> list[User]:
        """Who may be mentioned: everybody who reads the board already."""
        return self.reaching("viewer")

    def find(self, text: str, *, but: User, limit: int = 8) -> list[User]:
        """Readers whose name, or the beginning of whose address, holds the words; `but` is left out."""
        words = search_key(text).split()
        others = [user for user in self.readers if user.id != but.id]
        return [user for user in others if all(word in _named(user) for word in words)][:limit]

    def _rank(self, user: User) -> int:
        return RANK["manager" if user.is_admin else self.levels.get(user.id, "none")]


def _named(user: User) -> str:
    return search_key(f"{user.name} {user.name_en} {user.email.split('@')[0]}")


def load_people(pipeline_id: int) -> People:
    """The staff as seen from one board. One query."""
    users: dict[int, User] = {}
    levels: dict[int, str] = {}
    for user, level in db.session.execute(_staff(), {"pipeline": pipeline_id}):
        users[user.id] = user
        if level and RANK[level] > RANK[levels.get(user.id, "none")]:
            levels[user.id] = level
    return People(users, levels)


@cache
def _staff() -> sa.Select[User, str]:
    """Everybody by name, once for each membership in `pipeline`."""
    pipeline_id = sa.bindparam("pipeline", type_=sa.Integer)
    held = sa.select(PipelineMembership.user_id.label("user_id"), PipelineMembership.level)
    held = held.where(PipelineMembership.pipeline_id == pipeline_id, PipelineMembership.user_id.is_not(None))
    by_team = (
        sa.select(TeamMember.user_id, PipelineMembership.level)
        .join(PipelineMembership, PipelineMembership.team_id == TeamMember.team_id)
        .where(PipelineMembership.pipeline_id == pipeline_id)
    )
    every = sa.union_all(held, by_team).subquery()
    return sa.select(User, every.c.level).outerjoin(every, every.c.user_id == User.id).order_by(User.name, User.id)
