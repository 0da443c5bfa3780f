"""By when customers get their next answer, and how long that may take."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from pipelines.models import Department

REASONS = ("opened", "wrote", "reopened", "by_hand")


class Promise(Model):
    """One promised answer: from the customer's question to our word. What happened to it on the way are events.

    It counts `from_seconds` of open time from `from_at`; while it waits for others, the card alone keeps what is left.
    A promise that was set by hand is the instant that somebody named, whatever the calendar says.
    """

    __tablename__ = "promises"
    __table_args__ = (
        sa.CheckConstraint(f"reason IN ({', '.join(repr(reason) for reason in REASONS)})", name="reason"),
        sa.Index("uq_promises_open", "card_id", unique=True, sqlite_where=sa.text("met_at IS NULL"),
                 postgresql_where=sa.text("met_at IS NULL")),
        sa.Index("ix_promises_card", "card_id", "id"),
        sa.Index("ix_promises_met", "met_at", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))
    # What it was made for, one of REASONS.
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    # The open time that the target allows, in all.
    seconds: Mapped[int]
    first_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    from_at: Mapped[datetime]
    from_seconds: Mapped[int]
    is_by_hand: Mapped[bool] = mapped_column(default=False)
    # The first promised instant that passed without an answer; a later promise does not undo it.
    missed_at: Mapped[datetime | None]
    # When it was answered; an open promise has none.
    met_at: Mapped[datetime | None]

    @property
    def is_kept(self) -> bool:
        """Whether the answer came in time."""
        return self.met_at is not None and self.missed_at is None


class Target(Model):
    """How much open time an answer may take: of a department or (None) of the house, for a priority or (None) for
    those that have no target of their own."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.CheckConstraint("priority IS NULL OR priority BETWEEN 1 AND 4", name="priority"),
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.UniqueConstraint("department_id", "priority"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id", ondelete="CASCADE"))
    priority: Mapped[int | None]
    minutes: Mapped[int]
    department: Mapped[Department | None] = relationship()
