"""Parcels on their way."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import Model
from app.i18n import _l

if TYPE_CHECKING:
    from orders.models.order import Order

CARRIERS = {"post": _l("Post"), "tipax": _l("Tipax"), "courier": _l("Our courier"), "other": _l("Other carrier")}


class Shipment(Model):
    """A parcel of an order, with the carrier's tracking code."""

    __tablename__ = "shipments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    carrier: Mapped[str] = mapped_column(default="post")
    carrier_name: Mapped[str] = mapped_column(default="")
    tracking_code: Mapped[str] = mapped_column(default="")
    contents: Mapped[str] = mapped_column(default="")
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    order: Mapped[Order] = relationship(back_populates="shipments")
    events: Mapped[list[ShipmentEvent]] = relationship(order_by="ShipmentEvent.at", cascade="all, delete-orphan")

    @property
    def carrier_label(self) -> str:
        return self.carrier_name or str(CARRIERS.get(self.carrier, self.carrier))


class ShipmentEvent(Model):
    """Something that happened to a parcel."""

    __tablename__ = "shipment_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    text: Mapped[str]
