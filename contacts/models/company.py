"""Companies, and the people who act for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.codes import new_code
from app.extensions import Model
from app.i18n import localised
from app.text import clean, search_key, sort_key
from app.users.models import User

if TYPE_CHECKING:
    from contacts.models.contact import Contact


class Company(Model):
    """A company that buys. Its people are contacts with a membership."""

    __tablename__ = "companies"
    __table_args__ = (sa.Index("ix_companies_sort", "sort_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    legal_id: Mapped[str | None]
    economic_code: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None] = mapped_column(unique=True)
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    archived_at: Mapped[datetime | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="company", cascade="all, delete-orphan")

    def rename(self, name: str, name_en: str = "") -> None:
        """Take a name; what search and sorting need is derived from it here."""
        self.name, self.name_en = clean(name), clean(name_en)
        self.search_key = search_key(f"{self.name} {self.name_en}")
        self.sort_key = sort_key(self.name)

    @property
    def shown_name(self) -> str:
        return localised(self.name, self.name_en)

    def event_columns(self) -> dict[str, int | str | None]:
        return {"subject_kind": "company", "subject_id": self.id}

    @classmethod
    def visible_to(cls, _user: User) -> Select[Company]:
        """Companies in a user's reach: all that are not archived."""
        return sa.select(cls).where(cls.archived_at.is_(None))

    @classmethod
    def kept_for(cls, _user: User) -> Select[Company]:
        """The same with the archived ones: their pages stay where they were."""
        return sa.select(cls)


class Membership(Model):
    """That a contact acts for a company, since when, and what of the company's the contact may see in the portal."""

    __tablename__ = "memberships"
    __table_args__ = (sa.Index("ix_memberships_company", "company_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(default="")
    is_manager: Mapped[bool] = mapped_column(default=False)
    can_see_company_tickets: Mapped[bool] = mapped_column(default=False)
    can_see_company_orders: Mapped[bool] = mapped_column(default=False)
    can_see_prices: Mapped[bool] = mapped_column(default=False)
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
    contact: Mapped[Contact] = relationship(back_populates="memberships")
    company: Mapped[Company] = relationship(back_populates="memberships")

    @property
    def is_active(self) -> bool:
        today = utcnow().date()
        return (self.since_on is None or self.since_on <= today) and (self.until_on is None or today < self.until_on)
