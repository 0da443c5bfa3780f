"""What is written on a card, and to whom it is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.users.models import User
from cards.models.attachment import Attachment
from contacts.models import Contact


class Entry(Model):
    """A note (internal), a reply or system message (the customer sees it), or a customer's message."""

    __tablename__ = "entries"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('note', 'reply', 'customer_message', 'system')", name="kind"),
        sa.CheckConstraint("visibility IN ('internal', 'portal')", name="visibility"),
        sa.CheckConstraint("kind <> 'note' OR visibility = 'internal'", name="notes_stay_inside"),
        sa.Index("ix_entries_card", "card_id", "id"),
        sa.Index("ix_entries_portal", "card_id", "visibility", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))
    kind: Mapped[str]
    visibility: Mapped[str] = mapped_column(default="internal")
    body: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(default="portal")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    withdrawn_at: Mapped[datetime | None]
    # The page's own number for the act of writing: sent twice, it is kept once.
    op_id: Mapped[str | None] = mapped_column(unique=True)
    author: Mapped[User | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(order_by=Attachment.id)
    mentions: Mapped[list[Mention]] = relationship(cascade="all, delete-orphan")

    @property
    def is_internal(self) -> bool:
        return self.visibility == "internal"

    @classmethod
    def visible_in_portal(cls, card_id: Any) -> Select[Entry]:
        """What the customer reads of a card's thread, oldest first; withdrawn replies leave only that they were."""
        return sa.select(cls).where(cls.card_id == card_id, cls.visibility == "portal").order_by(cls.id)


class Mention(Model):
    """That a note asks a colleague."""

    __tablename__ = "mentions"
    __table_args__ = (sa.UniqueConstraint("entry_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship()
