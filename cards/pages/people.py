"""The colleagues around a card: who wrote and did things, who may be responsible, who may be asked."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from app.i18n import _, localised
from app.text import search_key
from app.users.models import TeamMember, User
from app.users.pictures import picture_url
from pipelines.models import PipelineMembership
from pipelines.models.membership import RANK

USERS = table_of(User)


class Colleague(NamedTuple):
    """What a page of cards says of somebody on the staff. Everybody is read for every card, so it is no object of the
    session; the names are those of `User`."""

    id: int
    email: str
    name: str
    name_en: str
    role: str
    picture_id: int | None
    deactivated_at: datetime | None

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def shown_name(self) -> str:
        """The name that colleagues read, in their language."""
        return localised(self.name, self.name_en)


@dataclass(frozen=True)
class People:
    """Everybody on the staff by id, former colleagues included, and the level of those who reach the board."""

    users: dict[int, Colleague]
    levels: dict[int, str]

    def name(self, user_id: int | None) -> str:
        """The name that colleagues read; a word of its own for somebody unknown."""
        user = self.users.get(user_id) if user_id is not None else None
        return user.shown_name if user else _("Somebody")

    def picture(self, user_id: int | None) -> str:
        """Where the picture of a colleague is; "" for nobody and where there is none."""
        user = self.users.get(user_id) if user_id is not None else None
        return picture_url(user.id, user.picture_id) if user else ""

    def reaching(self, at_least: str) -> list[Colleague]:
        """Active colleagues with at least this level on the board, by name."""
        return [user for user in self.users.values() if user.is_active and self._rank(user) >= RANK[at_least]]

    @property
    def holders(self) -> list[Colleague]:
        """Who may be responsible for the card."""
        return self.reaching("member")

    @property
    def readers(self) -> list[Colleague]:
        """Who may be mentioned: everybody who reads the board already."""
        return self.reaching("viewer")

    def find(self, text: str, *, but: User, limit: int = 8) -> list[Colleague]:
        """Readers whose name, or the beginning of whose address, holds the words; `but` is left out."""
        words = search_key(text).split()
        others = [user for user in self.readers if user.id != but.id]
        return [user for user in others if all(word in _named(user) for word in words)][:limit]

    def _rank(self, user: Colleague) -> int:
        return RANK["manager" if user.is_admin else self.levels.get(user.id, "none")]


def _named(user: Colleague) -> str:
    return search_key(f"{user.name} {user.name_en} {user.email.split('@')[0]}")


def load_people(pipeline_id: int) -> People:
    """The staff as seen from one board. One query."""
    users: dict[int, Colleague] = {}
    levels: dict[int, str] = {}
    for *user, level in db.session.execute(_staff(), {"pipeline": pipeline_id}):
        found = Colleague(*user)
        users[found.id] = found
        if level and RANK[level] > RANK[levels.get(found.id, "none")]:
            levels[found.id] = level
    return People(users, levels)


@cache
def _staff() -> sa.Select[*tuple[Any, ...]]:
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
    columns = (USERS.c[name] for name in Colleague._fields)
    both = USERS.outerjoin(every, every.c.user_id == USERS.c.id)
    return sa.select(*columns, every.c.level).select_from(both).order_by(USERS.c.name, USERS.c.id)
