"""Who has read what: colleagues keep up with their boards, and a few last things wait for whoever signs in."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from app.notifications import Notification
from cards.models import Card, CardRead, Entry
from cards.pages.telling import ICONS
from demo.shop import Shop
from pipelines.models.membership import member_ids

TOLD, READS = table_of(Notification), table_of(CardRead)
# What came in the last hours is unread: little for most, more for the two who are printed at the start, who find what
# colleagues and customers asked them too.
USUAL_HOURS = 2.5
UNREAD_HOURS = {"sara": 6.0, "omid": 30.0}
ASKED_HOURS = {"mention": 40.0, "message": 22.0}


def catch_up(shop: Shop) -> None:
    """Let everybody have read what is older than their last look, bells and boards alike."""
    for key, user in shop.staff.items():
        hours = UNREAD_HOURS.get(key, USUAL_HOURS)
        asked = ASKED_HOURS if key in UNREAD_HOURS else {}
        looks = {kind: shop.times.at(max(hours, asked.get(kind, 0.0))) for kind in ICONS}
        _settle_bell(user.id, looks, Random(key))
        boards = [pipeline.id for pipeline in shop.pipelines.values() if user.id in member_ids(pipeline.id)]
        _read_boards(user.id, boards, shop.times.at(hours))


def _settle_bell(user_id: int, looked_at: dict[str, datetime], chance: Random) -> None:
    mine = sa.select(TOLD.c.id, TOLD.c.created_at, TOLD.c.kind).where(
        TOLD.c.user_id == user_id, TOLD.c.read_at.is_(None)
    )
    read = []
    for row in db.session.execute(mine.order_by(TOLD.c.id)):
        if row.created_at <= looked_at[row.kind]:
            pause = timedelta(minutes=chance.uniform(4, 70))
            read.append({"row": row.id, "at": min(row.created_at + pause, looked_at[row.kind])})
    if read:
        statement = sa.update(TOLD).where(TOLD.c.id == sa.bindparam("row")).values(read_at=sa.bindparam("at"))
        db.session.connection().execute(statement, read)


def _read_boards(user_id: int, pipeline_ids: list[int], looked_at: datetime) -> None:
    """Raise the marks of the user on the cards of these boards to the last entry before the look. Cards with something
    unread in the bell stay as they are."""
    unread = sa.select(TOLD.c.card_id).where(TOLD.c.user_id == user_id, TOLD.c.read_at.is_(None))
    newest = sa.select(Entry.card_id, sa.func.max(Entry.id).label("entry_id")).join(Card, Card.id == Entry.card_id)
    newest = newest.where(Card.pipeline_id.in_(pipeline_ids), Entry.created_at <= looked_at).group_by(Entry.card_id)
    newest = newest.where(Card.id.not_in(unread))
    marks = sa.select(READS.c.card_id, READS.c.entry_id).where(READS.c.user_id == user_id)
    known: dict[int, int] = dict(db.session.execute(marks).all())
    rows: dict[bool, list[dict[str, object]]] = defaultdict(list)
    for card_id, entry_id in db.session.execute(newest):
        if known.get(card_id, 0) < entry_id:
            rows[card_id in known].append({"card": card_id, "entry": entry_id, "at": looked_at})
    values: dict[str, Any] = {"entry_id": sa.bindparam("entry"), "at": sa.bindparam("at")}
    mine = sa.and_(READS.c.user_id == user_id, READS.c.card_id == sa.bindparam("card"))
    if rows[True]:
        db.session.connection().execute(sa.update(READS).where(mine).values(values), rows[True])
    if rows[False]:
        statement = sa.insert(READS).values(card_id=sa.bindparam("card"), user_id=user_id, **values)
        db.session.connection().execute(statement, rows[False])
