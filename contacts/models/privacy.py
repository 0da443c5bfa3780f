"""What was given out of a person's data, and what was erased of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.codes import new_code
from app.extensions import Model
from app.jobs import Job
from app.users.models import User


class DataExport(Model):
    """An archive of a person's data, to be fetched until it expires; then the file goes and the row stays."""

    __tablename__ = "data_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    # None: the customer's own wish, in the portal.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    language: Mapped[str] = mapped_column(default="fa")
    size_bytes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    by: Mapped[User | None] = relationship()
    job: Mapped[Job | None] = relationship()

    @property
    def path(self) -> Path:
        """Where the archive lies; nobody finds it but by the row."""
        folder: Path = current_app.config["FILES_DIR"]
        return folder / "exports" / f"{self.code}.zip"

    @property
    def state(self) -> str:
        """ "waiting", "ready", "failed" or "gone"."""
        if self.removed_at is not None or self.expires_at <= utcnow():
            return "gone"
        if self.size_bytes:
            return "ready"
        return "failed" if self.job is not None and self.job.state == "failed" else "waiting"


class Erasure(Model):
    """That a person's data was erased: who asked for it, when, and how many things of each kind went."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), unique=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[User | None] = relationship()
    job: Mapped[Job | None] = relationship()
