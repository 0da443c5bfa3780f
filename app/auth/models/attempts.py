"""Failed tries, counted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import Model


class Attempt(Model):
    """A failed try, counted per bucket: an account from a source, a source, an account, everything."""

    __tablename__ = "attempts"
    __table_args__ = (sa.Index("ix_attempts_bucket", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
