"""Noting that somebody has looked."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.clock import utcnow
from app.db import table_of
from app.events import record
from app.extensions import db
from app.notifications import Notification
from app.users.models import User
from cards.models import Card, CardRead

events.define("card.seen")
READS, CARDS = table_of(CardRead), table_of(Card)


def mark_read(card: Card, *, by: User, up_to: int = 0, counts_as_seen: bool = True) -> int:
    """Note how far a user has read a card, never backwards; what told them of this card counts as read too.

    The first who works on the board and looks sets the phase "seen". Answers how many notifications it settled.
    """
    up_to = min(up_to, card.last_entry_id or 0)
    _read_up_to(card.id, by.id, up_to)
    if counts_as_seen and card.seen_at is None:
        _see(card, by)
    settled = db.session.execute(
        sa.update(Notification)
        .where(Notification.user_id == by.id, Notification.card_id == card.id, Notification.read_at.is_(None))
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
    return int(settled.rowcount)  # type: ignore[attr-defined]


def _see(card: Card, by: User) -> None:
    """Of several who look first at the same time, the database lets one be the first."""
    now = utcnow()
    first = sa.update(CARDS).where(CARDS.c.id == card.id, CARDS.c.seen_at.is_(None)).values(seen_at=now)
    if db.session.execute(first).rowcount:  # type: ignore[attr-defined]
        card.seen_at = now
        record("card.seen", card, by=by)


def _read_up_to(card_id: int, user_id: int, entry_id: int) -> None:
    mine = sa.and_(READS.c.card_id == card_id, READS.c.user_id == user_id)
    values = {"entry_id": sa.case((READS.c.entry_id > entry_id, READS.c.entry_id), else_=entry_id), "at": utcnow()}
    change = sa.update(READS).where(mine).values(**values)
    if db.session.execute(change).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with db.session.begin_nested():
            row = {"card_id": card_id, "user_id": user_id, "entry_id": entry_id, "at": utcnow()}
            db.session.execute(sa.insert(READS).values(**row))
    except IntegrityError:
        # Another tab of the same person was faster.
        db.session.execute(change)
