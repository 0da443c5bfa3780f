"""A board: stages in order, and cards of one kind."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l, localised
from app.users.models import User
from pipelines.models.membership import PipelineMembership, reachable_ids
from pipelines.models.stage import PortalStep, Stage

KINDS = {"ticket": _l("Tickets"), "deal": _l("Deals"), "order": _l("Orders"), "task": _l("Tasks")}


class Pipeline(Model):
    """`seq` numbers the events of the board without holes; `access_epoch` names its rooms: raising it evicts."""

    __tablename__ = "pipelines"
    __table_args__ = (sa.CheckConstraint("kind IN ('ticket', 'deal', 'order', 'task')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name_fa: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="ticket")
    icon: Mapped[str] = mapped_column(default="board")
    position: Mapped[int] = mapped_column(default=0)
    seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    access_epoch: Mapped[int] = mapped_column(default=1)
    is_in_portal: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    all_stages: Mapped[list[Stage]] = relationship(back_populates="pipeline", order_by=Stage.position)
    portal_steps: Mapped[list[PortalStep]] = relationship(order_by=PortalStep.position)
    memberships: Mapped[list[PipelineMembership]] = relationship(cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)

    @property
    def stages(self) -> list[Stage]:
        """Stages in use, in board order."""
        return [stage for stage in self.all_stages if stage.archived_at is None]

    @property
    def first_stage(self) -> Stage:
        """Where new cards enter."""
        return next((stage for stage in self.stages if stage.kind == "new"), self.stages[0])

    @property
    def reopening_stage(self) -> Stage:
        """Where a reopened card returns to: the first active stage."""
        return next((stage for stage in self.stages if stage.kind == "active"), self.first_stage)

    @property
    def resolved_stage(self) -> Stage | None:
        """Where closing from elsewhere leads to."""
        return next((stage for stage in self.stages if stage.is_success), None)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "pipeline", "subject_id": self.id, "pipeline_id": self.id}

    @classmethod
    def visible_to(cls, user: User) -> Select[Pipeline]:
        """Boards in a user's reach: all for admins, else those the user or one of their teams belongs to."""
        query = sa.select(cls).where(cls.archived_at.is_(None)).order_by(cls.position, cls.id)
        return query if user.is_admin else query.where(cls.id.in_(reachable_ids(user)))
