"""A person we serve."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.codes import new_code
from app.extensions import Model
from app.i18n import _l, localised
from app.text import clean, search_key, sort_key
from app.users.models import User
from contacts.models.company import Membership
from contacts.models.point import KINDS, ContactPoint

TIERS = {"plain": _l("Regular"), "gold": _l("Gold"), "vip": _l("VIP")}
CHANNELS = {"": _l("Whatever reaches them"), "mobile": _l("SMS"), "email": _l("E-mail")}


class Contact(Model):
    """A customer, or somebody who may become one. `code` stands in addresses, so it says nothing."""

    __tablename__ = "contacts"
    __table_args__ = (
        sa.CheckConstraint("tier IN ('plain', 'gold', 'vip')", name="tier"),
        sa.Index("ix_contacts_sort", "sort_key", "id"),
        sa.Index("ix_contacts_search", "search_key"),
    )
    actor_kind: ClassVar[str] = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    honorific: Mapped[str] = mapped_column(default="")
    tier: Mapped[str] = mapped_column(default="plain")
    tier_reason: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fa")
    # "" lets Kariz choose: the mobile first, then the e-mail.
    preferred_channel: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None] = mapped_column(unique=True)
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")
    # Demo people get no message from any provider.
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    # Since when nothing is known of the person any more; orders, bills and counts stay.
    erased_at: Mapped[datetime | None]
    points: Mapped[list[ContactPoint]] = relationship(
        back_populates="contact", cascade="all, delete-orphan", order_by=ContactPoint.is_primary.desc()
    )
    memberships: Mapped[list[Membership]] = relationship(back_populates="contact", cascade="all, delete-orphan")

    def rename(self, name: str, name_en: str = "") -> None:
        """Take a name; what search and sorting need is derived from it here."""
        self.name, self.name_en = clean(name), clean(name_en)
        self.search_key = search_key(f"{self.name} {self.name_en}")
        self.sort_key = sort_key(self.name)

    @property
    def shown_name(self) -> str:
        return localised(self.name, self.name_en)

    @property
    def mobile(self) -> str | None:
        """The mobile that messages go to, E.164."""
        return self.address_of("mobile")

    @property
    def email(self) -> str | None:
        return self.address_of("email")

    def address_of(self, kind: str) -> str | None:
        """The primary contact point of a kind, in its normalised form."""
        found = sorted((p for p in self.points if p.kind == kind), key=lambda p: (not p.is_primary, p.id))
        return found[0].normalised if found else None

    @property
    def ordered_points(self) -> list[ContactPoint]:
        """All points: mobiles first, then phones, e-mails and addresses, the primary one of each kind on top."""
        kinds = list(KINDS)
        return sorted(self.points, key=lambda p: (kinds.index(p.kind), not p.is_primary, p.id))

    @property
    def active_memberships(self) -> list[Membership]:
        return [membership for membership in self.memberships if membership.is_active]

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "contact", "subject_id": self.id, "contact_id": self.id}

    @classmethod
    def visible_to(cls, _user: User) -> Select[Contact]:
        """Contacts in a user's reach: every member of staff serves every customer."""
        return sa.select(cls).where(cls.archived_at.is_(None))

    @classmethod
    def kept_for(cls, _user: User) -> Select[Contact]:
        """The same with the archived ones: their pages stay where they were."""
        return sa.select(cls)
