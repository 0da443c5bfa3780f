"""Signed-in browsers, sign-ins that wait for their second step, and browsers that are trusted with it."""

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
    # Where it was signed in from, as the network told; never turned into a place.
    address: Mapped[str] = mapped_column(default="", server_default="")
    # How the person proved who they are: "password", "password+totp", "passkey", ...
    method: Mapped[str] = mapped_column(default="", server_default="")
    # When that was last proved; None means not since the beginning.
    proved_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()

    @property
    def last_proof_at(self) -> datetime:
        """When the person behind the browser last showed that it is them."""
        return self.proved_at or self.created_at

    @property
    def audience(self) -> str:
        return STAFF if self.user_id else PORTAL

    def is_live(self, at: datetime) -> bool:
        """Whether the session still counts: not ended, not idle too long, not too old."""
        return self.ended_at is None and at < self.expires_at and at - self.seen_at < IDLE[self.audience]


class SignInStep(Model):
    """A sign-in between its two steps. It opens nothing but the page of the second step: no session exists yet."""

    __tablename__ = "sign_in_steps"
    __table_args__ = (sa.CheckConstraint("kind IN ('code', 'set_up')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # "code": a second proof is asked for; "set_up": the role asks for a second step that is to be set up first.
    kind: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # The first proof: "password" or "reset".
    method: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class TrustedBrowser(Model):
    """A browser that is not asked for the second step for a while. Its owner can take that back at any time."""

    __tablename__ = "trusted_browsers"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
