"""Where a card has been."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class StageTransition(Model):
    """A stay in a stage: entered, left, by whom it was entered, and the step it showed the customer at that time."""

    __tablename__ = "stage_transitions"
    __table_args__ = (sa.Index("ix_stage_transitions_card", "card_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"))
    from_stage_id: Mapped[int | None] = mapped_column(ForeignKey("stages.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    portal_step_id: Mapped[int | None] = mapped_column(ForeignKey("portal_steps.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    actor_kind: Mapped[str | None]
    actor_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
