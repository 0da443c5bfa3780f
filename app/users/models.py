"""Users (staff) and the teams they form."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l, localised

ROLES = {"admin": _l("Admin"), "manager": _l("Manager"), "agent": _l("Support agent"), "sales": _l("Sales")}


class User(UserMixin, Model):  # type: ignore[misc]
    """A member of staff. Customers are contacts, never users."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("role IN ('admin', 'manager', 'agent', 'sales')", name="role"),
        sa.Index("ix_users_active", "deactivated_at", "name"),
    )
    actor_kind: ClassVar[str] = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    display_name: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="agent")
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="fa")
    calendar: Mapped[str] = mapped_column(default="jalali")
    digits: Mapped[str] = mapped_column(default="fa")
    theme: Mapped[str] = mapped_column(default="system")
    board_direction: Mapped[str] = mapped_column(default="auto")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    # Between these hours of the business's day ("22:00") no mail about notifications leaves; None: at any time.
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    deactivated_at: Mapped[datetime | None]
    # A program that comes in with tokens only. It is no colleague: nobody gives it work, and it never signs in.
    is_service: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def is_manager(self) -> bool:
        """Whether cost, margin and other people's work are theirs to see."""
        return self.role in {"admin", "manager"}

    @property
    def shown_name(self) -> str:
        """The name that colleagues read, in their language."""
        return localised(self.name, self.name_en)

    @property
    def name_for_customers(self) -> str:
        """The only name that leaves the house: the display name, else the first name."""
        return self.display_name or (self.name.split() or [""])[0]

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "user", "subject_id": self.id}

    @classmethod
    def active(cls) -> Select[User]:
        """Staff who may sign in, by name."""
        can_sign_in = sa.and_(cls.deactivated_at.is_(None), cls.is_service.is_(False))
        return sa.select(cls).where(can_sign_in).order_by(cls.name, cls.id)


class Team(Model):
    """People who work together; a pipeline may be opened to a whole team."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_fa: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="")
    archived_at: Mapped[datetime | None]
    # Whose hours count on the boards of this team; None: those of the house.
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id", ondelete="SET NULL"))
    members: Mapped[list[User]] = relationship(secondary="team_members", order_by=User.name)

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "team", "subject_id": self.id}

    @classmethod
    def in_use(cls) -> Select[Team]:
        """Teams that are not archived, by name."""
        return sa.select(cls).where(cls.archived_at.is_(None)).order_by(cls.name_fa, cls.id)


class TeamMember(Model):
    """That a user belongs to a team."""

    __tablename__ = "team_members"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
