"""Sessions, links that let a person in, and the counters that slow a guesser down."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.users.models import User

STAFF, PORTAL = "staff", "portal"
IDLE = {STAFF: timedelta(hours=8), PORTAL: timedelta(days=30)}
ABSOLUTE = {STAFF: timedelta(days=14), PORTAL: timedelta(days=180)}


class Session(Model):
    """A signed-in browser. The cookie carries a random token, this row its hash; ending the row ends the session."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (contact_id IS NULL)", name="one_owner"),
        sa.Index("ix_sessions_user", "user_id", "ended_at"),
        sa.Index("ix_sessions_contact", "contact_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()

    @property
    def audience(self) -> str:
        return STAFF if self.user_id else PORTAL

    def is_live(self, at: datetime) -> bool:
        """Whether the session still counts: not ended, not idle too long, not too old."""
        return self.ended_at is None and at < self.expires_at and at - self.seen_at < IDLE[self.audience]


class SignInLink(Model):
    """A single-use link: an invitation to a new colleague, or the way back after a forgotten password."""

    __tablename__ = "sign_in_links"
    __table_args__ = (sa.CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # An address changed after the link was made makes it worthless.
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Attempt(Model):
    """A failed try, counted per bucket: an account from a source, a source, an account, everything."""

    __tablename__ = "attempts"
    __table_args__ = (sa.Index("ix_attempts_bucket", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
