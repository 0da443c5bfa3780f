"""Tokens with which programs come in, and the answers they got, for requests that are sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l
from app.users.models import User

KINDS = {"personal": _l("Personal"), "service": _l("Service")}


class ApiToken(Model):
    """That a program may act as a user, and in what. Only the secret's hash is kept; `prefix` is its readable head."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('personal', 'service')", name="kind"),
        sa.Index("ix_api_tokens_user", "user_id", "revoked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    # Its owner, or the service that the token belongs to.
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])

    def is_live(self, at: datetime) -> bool:
        """Whether the token opens anything: not revoked, not expired, its user active."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at) and self.user.is_active

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "token", "subject_id": self.id}


class ApiAnswer(Model):
    """What a request with an `Idempotency-Key` was answered; written in the transaction of what it did."""

    __tablename__ = "api_answers"
    __table_args__ = (sa.Index("ix_api_answers_at", "at"),)

    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    # Method, path and the body in one spelling, hashed.
    request_hash: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
