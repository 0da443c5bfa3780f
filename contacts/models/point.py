"""Ways to reach a contact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l

if TYPE_CHECKING:
    from contacts.models.contact import Contact

KINDS = {"mobile": _l("Mobile"), "phone": _l("Phone"), "email": _l("E-mail"), "address": _l("Address")}


class ContactPoint(Model):
    """A mobile, phone, e-mail or address. Several people may share a number, so it is unique for each contact only."""

    __tablename__ = "contact_points"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('mobile', 'phone', 'email', 'address')", name="kind"),
        sa.UniqueConstraint("contact_id", "kind", "normalised"),
        sa.Index("ix_contact_points_find", "kind", "normalised"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    raw: Mapped[str]
    # E.164 for numbers, lower case for e-mail, cleaned text for an address.
    normalised: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    is_primary: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    contact: Mapped[Contact] = relationship(back_populates="points")
