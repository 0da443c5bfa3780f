"""Answers before a question is asked."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.i18n import localised


class FaqEntry(Model):
    """A frequent question of a department and its answer."""

    __tablename__ = "faq_entries"
    __table_args__ = (sa.Index("ix_faq_entries_department", "department_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id", ondelete="CASCADE"))
    question_fa: Mapped[str]
    question_en: Mapped[str] = mapped_column(default="")
    answer_fa: Mapped[str]
    answer_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def question(self) -> str:
        return localised(self.question_fa, self.question_en)

    @property
    def answer(self) -> str:
        return localised(self.answer_fa, self.answer_en)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "faq_entry", "subject_id": self.id}

    @classmethod
    def shown_for(cls, department_id: int) -> Select[FaqEntry]:
        """What customers of a department read before the form, in order."""
        query = sa.select(cls).where(cls.department_id == department_id, cls.is_active)
        return query.order_by(cls.position, cls.id)
