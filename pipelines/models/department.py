"""Departments: the first choice of a customer who asks for something."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.i18n import localised
from app.users.models import User
from pipelines.models.pipeline import Pipeline


class Department(Model):
    """Where a request goes: the pipeline, who gets it first, and which questions are answered before the form."""

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name_fa: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="chat")
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    default_assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    # A department that is not public takes requests of colleagues only.
    is_public: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    # Whose hours its promises count; None: those of the teams of its board, else of the house.
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id", ondelete="SET NULL"))
    pipeline: Mapped[Pipeline] = relationship()
    default_assignee: Mapped[User | None] = relationship()

    @property
    def name(self) -> str:
        return localised(self.name_fa, self.name_en)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "department", "subject_id": self.id}

    @classmethod
    def in_portal(cls) -> Select[Department]:
        """Departments that customers may choose, in their order."""
        query = sa.select(cls).join(Pipeline).where(cls.is_active, cls.is_public, Pipeline.is_in_portal)
        return query.where(Pipeline.archived_at.is_(None)).order_by(cls.position, cls.id)
