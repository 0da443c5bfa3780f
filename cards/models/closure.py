"""How a card's work ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model

if TYPE_CHECKING:
    from cards.models.card import Card


class Closure(Model):
    """What the closing form said, when, and by whom. No row: nobody has declared the work done."""

    __tablename__ = "closures"

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    # For the customer: what was wrong and what was done.
    cause: Mapped[str] = mapped_column(default="")
    solution: Mapped[str] = mapped_column(default="")
    card: Mapped[Card] = relationship(back_populates="closure")
