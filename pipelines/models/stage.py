"""Stages, and the steps that customers see instead of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.i18n import _l, localised

if TYPE_CHECKING:
    from pipelines.models.pipeline import Pipeline

# The meaning of a stage for clocks, reports and reopening, whatever managers call it; which pipelines may use it.
STAGE_KINDS = {
    "new": _l("New"),
    "active": _l("In progress"),
    "waiting_customer": _l("Waiting for the customer"),
    "waiting_other": _l("Waiting for somebody else"),
    "resolved": _l("Resolved"),
    "cancelled": _l("Cancelled"),
    "won": _l("Won"),
    "lost": _l("Lost"),
    "delivered": _l("Delivered"),
    "returned": _l("Returned"),
}
SUCCESS_KINDS = frozenset({"resolved", "won", "delivered"})
CLOSING_KINDS = frozenset({"resolved", "cancelled", "won", "lost", "delivered", "returned"})
KINDS_BY_PIPELINE = {
    "ticket": ("new", "active", "waiting_customer", "waiting_other", "resolved", "cancelled"),
    "task": ("new", "active", "waiting_other", "resolved", "cancelled"),
    "deal": ("new", "active", "waiting_customer", "waiting_other", "won", "lost"),
    "order": ("new", "active", "waiting_customer", "waiting_other", "delivered", "returned", "cancelled"),
}
COLORS = {"stone": _l("Stone"), "turquoise": _l("Turquoise"), "blue": _l("Blue"), "violet": _l("Violet"),
          "saffron": _l("Saffron"), "green": _l("Green")}  # fmt: skip


class PortalStep(Model):
    """One well on the rail that customers follow. Several stages may share it."""

    __tablename__ = "portal_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"), index=True)
    label_fa: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    explanation_fa: Mapped[str] = mapped_column(default="")
    explanation_en: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="")
    usual_hours: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    # A side track (cancelled, returned) is on the rail only for those who are on it.
    is_aside: Mapped[bool] = mapped_column(default=False)

    @property
    def label(self) -> str:
        return localised(self.label_fa, self.label_en)

    @property
    def explanation(self) -> str:
        return localised(self.explanation_fa, self.explanation_en)


class Stage(Model):
    """A column of the board. Archived, never deleted: history keeps its names."""

    __tablename__ = "stages"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in STAGE_KINDS)})", name="kind"),
        sa.Index("ix_stages_board", "pipeline_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"))
    name_fa: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="active")
    color: Mapped[str] = mapped_column(default="stone")
    card_limit: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    # None: hidden, customers keep seeing the last shown step.
    portal_step_id: Mapped[int | None] = mapped_column(ForeignKey("portal_steps.id", ondelete="SET NULL"))
    # Whether customers see a card come back here from a later step.
    shows_return: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]
    pipeline: Mapped[Pipeline] = relationship(back_populates="all_stages")
    portal_step: Mapped[PortalStep | None] = relationship()

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)

    @property
    def is_closing(self) -> bool:
        """Whether entering it asks for the closing form."""
        return self.kind in CLOSING_KINDS

    @property
    def is_success(self) -> bool:
        return self.kind in SUCCESS_KINDS

    @property
    def is_waiting(self) -> bool:
        return self.kind in {"waiting_customer", "waiting_other"}
