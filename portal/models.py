"""One-time codes that were asked for: what proves a customer's telephone or mailbox, and the counters that guard it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import Model

SIGN_IN = "sign_in"
LIFETIME = timedelta(minutes=5)
# So long after the right code the questions that may follow it (a name, an order) can be answered.
ANSWER_TIME = timedelta(minutes=10)
MOST_TRIES = 5
MOST_ANSWERS = 3


class Code(Model):
    """A code that was asked for, whether or not anybody is known under the point. The digits are kept as an HMAC only.

    Bound to the point, the purpose and the browser that asked. `minute` lets the database itself refuse a second code
    for a point within the same minute of the clock. Rows are counted for a day and then swept away.
    """

    __tablename__ = "codes"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('mobile', 'email')", name="kind"),
        sa.UniqueConstraint("purpose", "point", "minute"),
        sa.Index("ix_codes_point", "point", "created_at"),
        sa.Index("ix_codes_source", "source", "created_at"),
        sa.Index("ix_codes_network", "network", "created_at"),
        sa.Index("ix_codes_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(default=SIGN_IN)
    kind: Mapped[str]
    # E.164 or a lower-case address: the canonical form, so that twelve spellings are one.
    point: Mapped[str]
    minute: Mapped[int]
    browser_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str]
    # Digests of the asking address and of its network.
    source: Mapped[str]
    network: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    # The right digits were entered, once.
    used_at: Mapped[datetime | None]
    # Tries at the question after the code.
    answers: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
