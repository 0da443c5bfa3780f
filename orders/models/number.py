"""Running numbers of orders and invoices."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class NumberSeries(Model):
    """The last number that was given out in a series. Its row is the lock: what is rolled back leaves no hole."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
