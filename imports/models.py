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
    "running": _l("Running"), "done": _l("Done"), "failed": _l("Stopped"), "undoing": _l("Being undone"),
    "undone": _l("Undone"),
}  # fmt: skip
UNDER_WAY = frozenset({"checking", "running", "undoing"})


class Import(Model):
    """One import, from the choice of files to the report.

    `sources`: by role {"file": id or None, "name", "rows", "encoding", "separator", "mapping"}. `counts`: of the last
    pass, as "what.outcome". `error`: the sentence that says why it stopped.
    """

    __tablename__ = "imports"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'checking', 'checked', 'running', 'done', 'failed', 'undoing', 'undone')", name="state"
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
    # What came of its undo, as "table.outcome"; empty before.
    undo_counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])
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
        return (self.is_under_way and not self.has_broken_off) or self.state in {"done", "undoing", "undone"}

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


class ImportRecord(Model):
    """A row that an import made (`is_new`) or changed, so that it can be undone.

    `row_id` is the primary key in `row_table`, keys of several columns joined by a colon. `before`: what the columns
    held that it changed. Events of the import about the row lie after `floor_event_id` and up to `last_event_id`; a
    later one says that somebody worked on it since. `outcome` of the undo: removed, restored or kept; None before.
    """

    __tablename__ = "import_records"
    __table_args__ = (
        sa.UniqueConstraint("import_id", "row_table", "row_id"),
        sa.Index("ix_import_records_row", "row_table", "row_id"),
        sa.Index("ix_import_records_open", "import_id", "outcome", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row_table: Mapped[str]
    row_id: Mapped[str]
    is_new: Mapped[bool]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    floor_event_id: Mapped[int] = mapped_column(sa.BigInteger)
    last_event_id: Mapped[int] = mapped_column(sa.BigInteger)
    outcome: Mapped[str | None]


class ImportedTicket(Model):
    """Which card a ticket of another system became, and how far its history was brought over.

    `last_at`, `last_change` and `last_count`: the newest row that was taken, and how many rows share its place.
    `last_event_id`: the newest event of the card then.
    """

    __tablename__ = "imported_tickets"
    __table_args__ = (sa.UniqueConstraint("pipeline_id", "number"),)

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"))
    number: Mapped[str]
    last_at: Mapped[datetime | None]
    last_change: Mapped[int] = mapped_column(default=0)
    last_count: Mapped[int] = mapped_column(default=0)
    last_event_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class ImportMark(Model):
    """Who is meant by a name or number of another system: a user, a team or a contact by `row_id`."""

    __tablename__ = "import_marks"
    __table_args__ = (sa.UniqueConstraint("kind", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mark: Mapped[str]
    row_id: Mapped[int]
