"""Imports: which files, what their columns are, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l
from app.jobs import Job
from app.users.models import User

STATES = {
    "draft": _l("Not checked yet"), "checking": _l("Being checked"), "checked": _l("Checked"),
    "running": _l("Running"), "done": _l("Done"), "failed": _l("Stopped"),
}  # fmt: skip
UNDER_WAY = frozenset({"checking", "running"})


class Import(Model):
    """One import, from the choice of files to the report.

    `sources`: by role {"file": id or None, "name", "rows", "encoding", "separator", "mapping"}. `counts`: of the last
    pass, as "what.outcome". `error`: the sentence that says why it stopped.
    """

    __tablename__ = "imports"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'checking', 'checked', 'running', 'done', 'failed')", name="state"
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]
    by: Mapped[User | None] = relationship()
    job: Mapped[Job | None] = relationship()

    @property
    def name(self) -> str:
        """The name of the file that leads."""
        return str(self.sources.get("main", {}).get("name", ""))

    @property
    def is_under_way(self) -> bool:
        """Whether a pass is running, or waits for its turn."""
        return self.state in UNDER_WAY

    @property
    def is_settled(self) -> bool:
        """Whether its answers stay as they are."""
        return (self.is_under_way and not self.has_broken_off) or self.state == "done"

    @property
    def has_broken_off(self) -> bool:
        """Whether a fault of ours stopped the pass."""
        return self.is_under_way and self.job is not None and self.job.state == "failed"

    @property
    def tally(self) -> Counter[tuple[str, str]]:
        """Counts by what and outcome."""
        return tally_of(self.counts)

    @property
    def faulty_count(self) -> int:
        """Rows that cannot be taken."""
        return self.tally["rows", "faulty"]

    @classmethod
    def visible_to(cls, user: User) -> Select[Import]:
        """Imports in a user's reach: admins see all of them."""
        return sa.select(cls) if user.is_admin else sa.select(cls).where(sa.false())


def tally_of(counts: Mapping[str, int]) -> Counter[tuple[str, str]]:
    """Stored counts by (what, outcome)."""
    return Counter({(what, outcome): count for key, count in counts.items() for what, outcome in [key.split(".")]})


class ImportFault(Model):
    """What is wrong with a cell of an import's file, or with a whole row when `column` is empty."""

    __tablename__ = "import_faults"
    __table_args__ = (sa.Index("ix_import_faults_import", "import_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    role: Mapped[str]
    row: Mapped[int]
    column: Mapped[str]
    value: Mapped[str]
    sentence: Mapped[str]
