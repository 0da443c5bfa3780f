"""Files on a card."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.codes import new_code
from app.extensions import Model
from app.files import StoredFile


class Attachment(Model):
    """A file that came with an entry, under the entry's visibility."""

    __tablename__ = "attachments"
    __table_args__ = (sa.CheckConstraint("visibility IN ('internal', 'portal')", name="visibility"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    name: Mapped[str]
    visibility: Mapped[str] = mapped_column(default="internal")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    file: Mapped[StoredFile] = relationship(lazy="joined")
