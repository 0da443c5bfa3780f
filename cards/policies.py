"""Who may do what with a card. Routes, sockets and templates ask these same functions."""

from app.users.models import User
from cards.models import Card
from pipelines.policies import can_work_on


def can_write(user: User, card: Card) -> bool:
    """Notes, replies, assignee, priority, tags."""
    return can_work_on(user, card.pipeline_id)


def can_move(user: User, card: Card) -> bool:
    """Stages and order; a closed card is reopened first."""
    return can_work_on(user, card.pipeline_id) and not card.is_closed


def can_resolve(user: User, card: Card) -> bool:
    """Fill the closing form."""
    return can_move(user, card)


def can_reopen(user: User, card: Card) -> bool:
    """Bring a finished card back."""
    return can_work_on(user, card.pipeline_id) and (card.is_resolved or card.is_closed)
