"""What the customer thought of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import Model

_SCORE = "{0} IS NULL OR {0} BETWEEN 1 AND 5"


class Survey(Model):
    """Asked once for a card when it is resolved; answered by three scores of 1 to 5 and a comment."""

    __tablename__ = "surveys"
    __table_args__ = tuple(
        sa.CheckConstraint(_SCORE.format(name), name=name) for name in ("speed", "usefulness", "behaviour")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    # Who is rated: the one responsible when it was resolved.
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    speed: Mapped[int | None]
    usefulness: Mapped[int | None]
    behaviour: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def mean(self) -> float | None:
        """Mean of the scores given; None before the answer."""
        scores = [score for score in (self.speed, self.usefulness, self.behaviour) if score]
        return sum(scores) / len(scores) if scores else None
