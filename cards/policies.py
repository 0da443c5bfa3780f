"""Who may do what with a card. Routes, sockets and templates ask these same functions."""

from app.users.models import User
from cards.models import Card, Entry
from pipelines.models import Pipeline
from pipelines.policies import can_work_on, level_on


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


def can_reply(user: User, card: Card) -> bool:
    """Answer the customer. Requests of colleagues have none, and a closed card is reopened first."""
    return can_write(user, card) and not card.is_internal and not card.is_closed


def can_withdraw(user: User, card: Card, entry: Entry) -> bool:
    """Take a reply back: who wrote it, or a manager of the board."""
    if entry.kind != "reply" or entry.withdrawn_at is not None or not can_write(user, card):
        return False
    return entry.author_id == user.id or level_on(user, card.pipeline_id) == "manager"


def can_open_on(user: User, pipeline: Pipeline) -> bool:
    """Open a card by hand. The cards of orders come with their orders."""
    return pipeline.kind != "order" and can_work_on(user, pipeline.id)
