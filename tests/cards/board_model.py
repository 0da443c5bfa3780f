"""A plain model of a board: lists of card ids. What the database says must equal it after every step."""

import sqlalchemy as sa

from app.extensions import db
from cards import ranks
from cards.models import Card, StageTransition


def order_of(stage_id: int) -> list[int]:
    """Ids of open cards in board order, straight from the table."""
    query = sa.select(Card.id).where(Card.stage_id == stage_id, Card.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Card.rank, Card.id)))


def ranks_of(stage_id: int) -> dict[int, int]:
    """Rank by card id."""
    query = sa.select(Card.id, Card.rank).where(Card.stage_id == stage_id, Card.closed_at.is_(None))
    return {row.id: row.rank for row in db.session.execute(query)}


def check_order(stage_id: int) -> None:
    """Ranks are in range and no two cards share a place."""
    found = [ranks_of(stage_id)[card_id] for card_id in order_of(stage_id)]
    assert all(ranks.LOWEST <= rank <= ranks.HIGHEST for rank in found)
    assert found == sorted(set(found))


def open_stays() -> dict[int, int]:
    """{card id: stage id} of the stays that have not ended."""
    query = sa.select(StageTransition.card_id, StageTransition.stage_id).where(StageTransition.left_at.is_(None))
    return {row.card_id: row.stage_id for row in db.session.execute(query)}
