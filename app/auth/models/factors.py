"""What proves a person beside the password: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import Model


class Authenticator(Model):
    """The secret that a person's authenticator app shares with us. It counts once a code of it was right."""

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    # Sealed by `app.vault`.
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    confirmed_at: Mapped[datetime | None]
    # The half-minute of the last code that was taken: neither it nor an older one is taken again.
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Model):
    """One way in without the app; the code itself was shown once, what is kept is its hash."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A key pair on a person's device or security key; what is kept here is the public half."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    # In base64url, as browsers send it.
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    # What the device calls the account by; the same in all passkeys of one person.
    user_handle: Mapped[str]
    # The host it was made for; browsers offer it nowhere else.
    host: Mapped[str]
    sign_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]


class Challenge(Model):
    """A random question to a passkey, answered once."""

    __tablename__ = "challenges"
    __table_args__ = (sa.CheckConstraint("purpose IN ('add', 'sign_in', 'prove')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    # Whose passkey may answer; None: anybody's, who then is signed in.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]
