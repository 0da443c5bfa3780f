"""Cards as the token's user reaches them, with what an answer shows."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from app.api.access import me
from app.api.resource import Answer
from app.errors import NotFound
from app.extensions import db
from app.links import external
from cards.api.shapes import CardAnswer
from cards.models import Card
from cards.pages.blueprint import stored


def with_everything(query: Select[Card]) -> Select[Card]:
    """With what an answer shows. Two statements in all."""
    return query.options(
        joinedload(Card.pipeline), joinedload(Card.stage), joinedload(Card.contact), joinedload(Card.company),
        joinedload(Card.department), joinedload(Card.assignee), joinedload(Card.portal_step), joinedload(Card.closure),
        selectinload(Card.tags),
    )  # fmt: skip


def get_card(code: str) -> Card:
    """The card with this code, in any spelling; `NotFound` when the token's user does not reach it."""
    card = db.session.scalar(with_everything(Card.visible_to(me()).where(Card.code == stored(code))))
    if card is None:
        raise NotFound
    return card


def shown(card: Card) -> Answer:
    """The card as it is now, with its address and version."""
    db.session.flush()
    return Answer(CardAnswer.of(card), location=external(f"/api/v1/cards/{card.code}"), version=card.version)


def id_of(code: str | None) -> int | None:
    """The id of a neighbour on the board, None for none; an unknown one is no neighbour."""
    known: Any = sa.select(Card.id).where(Card.code == stored(code)) if code else None
    return db.session.scalar(known) if known is not None else None
