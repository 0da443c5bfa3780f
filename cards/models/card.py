"""The card: a ticket, deal, order or task on its way through a pipeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.codes import new_code
from app.extensions import Model
from app.i18n import _l
from app.users.models import Team, User
from cards.models.closure import Closure
from cards.models.marks import CardTag, Tag
from contacts.models import Company, Contact
from pipelines.models import Department, Pipeline, PortalStep, Stage
from pipelines.models.membership import reachable_ids

PRIORITIES = {1: _l("Low"), 2: _l("Normal"), 3: _l("High"), 4: _l("Critical")}
CHANNELS = {"portal": _l("Portal"), "agent": _l("Colleague"), "phone": _l("Phone"), "email": _l("E-mail"),
            "in_person": _l("In person"), "import": _l("Import"), "system": _l("System")}  # fmt: skip


class Card(Model):
    """Stage and rank are written by `cards.placement` alone. Phases are instants: opened, seen, started, resolved,
    closed. `portal_step_id` is the last step shown to the customer, kept while the card is in hidden stages."""

    __tablename__ = "cards"
    __table_args__ = (
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority"),
        sa.Index("ix_cards_board", "stage_id", "rank", "id", sqlite_where=sa.text("closed_at IS NULL"),
                 postgresql_where=sa.text("closed_at IS NULL")),
        sa.Index("ix_cards_assignee", "assignee_id", "closed_at"),
        sa.Index("ix_cards_contact", "contact_id", "opened_at", "id"),
        sa.Index("ix_cards_company", "company_id", "opened_at", "id"),
        sa.Index("ix_cards_promised", "promised_at", sqlite_where=sa.text("promised_at IS NOT NULL"),
                 postgresql_where=sa.text("promised_at IS NOT NULL")),
        sa.Index("ix_cards_resolved", "resolved_at", sqlite_where=sa.text("closed_at IS NULL"),
                 postgresql_where=sa.text("closed_at IS NULL")),
        sa.Index("ix_cards_external", "external_id"),
        sa.Index("ix_cards_team", "team_id", "closed_at"),
    )  # fmt: skip
    priorities: ClassVar = PRIORITIES

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    rank: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    # The version at which the stage last changed: a move from an older one is a conflict.
    stage_version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    last_assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    priority: Mapped[int] = mapped_column(default=2)
    channel: Mapped[str] = mapped_column(default="portal")
    amount_rials: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_internal: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    stage_entered_at: Mapped[datetime] = mapped_column(default=utcnow)
    portal_step_id: Mapped[int | None] = mapped_column(ForeignKey("portal_steps.id", ondelete="SET NULL"))
    portal_step_at: Mapped[datetime | None]
    # Since when the customer waits for a word from us; None while it is their turn.
    waiting_since: Mapped[datetime | None]
    # The newest thing a customer may see here, for lists in the portal; internal work never moves it.
    portal_changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    # The newest entry a colleague has not written: what "unread" is measured against.
    last_entry_id: Mapped[int | None]
    attachment_count: Mapped[int] = mapped_column(default=0)
    reopening_count: Mapped[int] = mapped_column(default=0)
    # By when the next answer is promised; None: nothing is promised, or the promise waits. See `Promise`.
    promised_at: Mapped[datetime | None]
    # What the customer was told, which urgency inside does not move: `promised_at` may be earlier, never later.
    promise_told_at: Mapped[datetime | None]
    # The open time that the promise allows in all, and what is left of it while it waits for "customer" or "other".
    promise_seconds: Mapped[int | None]
    promise_left_seconds: Mapped[int | None]
    promise_waits_for: Mapped[str | None]
    # The number it had in another system, and when it was brought over from there.
    external_id: Mapped[str | None]
    imported_at: Mapped[datetime | None]

    pipeline: Mapped[Pipeline] = relationship()
    stage: Mapped[Stage] = relationship()
    contact: Mapped[Contact] = relationship()
    company: Mapped[Company | None] = relationship()
    department: Mapped[Department | None] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    team: Mapped[Team | None] = relationship()
    portal_step: Mapped[PortalStep | None] = relationship()
    closure: Mapped[Closure | None] = relationship(back_populates="card", cascade="all, delete-orphan")
    tags: Mapped[list[Tag]] = relationship(secondary=CardTag.__table__, order_by=Tag.name)

    @property
    def is_closed(self) -> bool:
        """Whether the card has left the board for the archive."""
        return self.closed_at is not None

    @property
    def is_resolved(self) -> bool:
        """Whether the work is said to be done; until `closed_at` the customer may still object."""
        return self.resolved_at is not None

    @property
    def has_promise(self) -> bool:
        """Whether an answer is promised, running or waiting."""
        return self.promised_at is not None or self.promise_left_seconds is not None

    @property
    def is_request(self) -> bool:
        """Whether a customer follows it as a request; see `are_requests`."""
        wanted = self.pipeline.kind == "deal" and self.channel == "portal" and self.department_id is not None
        return not self.is_internal and (self.pipeline.kind == "ticket" or wanted)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "card", "subject_id": self.id, "pipeline_id": self.pipeline_id, "card_id": self.id,
                "contact_id": self.contact_id}  # fmt: skip

    @classmethod
    def visible_to(cls, user: User) -> Select[Card]:
        """Cards in a user's reach: those of the pipelines the user reaches, closed ones included."""
        query = sa.select(cls)
        return query if user.is_admin else query.where(cls.pipeline_id.in_(reachable_ids(user)))

    @classmethod
    def are_requests(cls) -> sa.ColumnElement[bool]:
        """Which cards customers follow as requests, where the pipeline is joined: tickets, and deals they asked for
        themselves, not those that sales thought of. Orders have pages of their own."""
        wanted = sa.and_(Pipeline.kind == "deal", cls.channel == "portal", cls.department_id.is_not(None))
        return sa.or_(Pipeline.kind == "ticket", wanted)

    @classmethod
    def visible_in_portal_to(cls, contact: Contact) -> Select[Card]:
        """Requests a customer may see: their own, and their companies' where the membership grants it."""
        return cls.visible_in_portal(contact.id, cls.companies_of(contact) or None)

    @staticmethod
    def companies_of(contact: Contact) -> list[int]:
        """Companies whose requests a customer may see too."""
        return [m.company_id for m in contact.active_memberships if m.can_see_company_tickets]

    @classmethod
    def visible_in_portal(cls, contact_id: Any, company_ids: Any) -> Select[Card]:
        """The statement of `visible_in_portal_to`. It may be built once, with parameters for whom it is asked."""
        own = cls.contact_id == contact_id
        owner = own if company_ids is None else sa.or_(own, cls.company_id.in_(company_ids))
        query = sa.select(cls).join(Pipeline, Pipeline.id == cls.pipeline_id)
        return query.where(owner, cls.is_internal.is_(False), Pipeline.is_in_portal, cls.are_requests())
