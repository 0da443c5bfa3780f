"""What colleagues are told in the app: the bell, live and kept until read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.events import Event
from app.extensions import Model, db
from app.hooks import after_commit
from app.realtime import STAFF, emit
from app.users.models import User


class Notification(Model):
    """That a user is told of an event. What it says is rendered when it is read, with the reader's rights of then."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "event_id", "kind"),
        sa.Index("ix_notifications_bell", "user_id", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]
    # When it was put into a mail.
    mailed_at: Mapped[datetime | None]

    @classmethod
    def unread_of(cls, user: User) -> Select[Notification]:
        """What the user has not read yet, newest first."""
        return sa.select(cls).where(cls.user_id == user.id, cls.read_at.is_(None)).order_by(cls.id.desc())


class NoticeChoice(Model):
    """How a user wants to hear of a kind. No row: the bell alone."""

    __tablename__ = "notice_choices"
    __table_args__ = (sa.CheckConstraint("level IN ('nothing', 'bell', 'mail')", name="level"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]


def notify(user_ids: Iterable[int], kind: str, event: Event) -> None:
    """Tell these users of an event, each once and never the one who caused it. One statement for all of them."""
    actor_id = event.actor_id if event.actor_kind == "user" else None
    facts = {"event_id": event.id, "kind": kind, "card_id": event.card_id, "created_at": event.at}
    rows = [{"user_id": user_id, **facts} for user_id in dict.fromkeys(user_ids) if user_id != actor_id]
    if not rows:
        return
    written = sa.insert(Notification).returning(Notification.id, Notification.user_id)
    for row in db.session.execute(written, rows):
        _announce(row.id, row.user_id)


def _announce(notification_id: int, user_id: int) -> None:
    payload: dict[str, Any] = {"id": notification_id}
    after_commit(lambda: emit("notification", payload, f"user:{user_id}", STAFF))
