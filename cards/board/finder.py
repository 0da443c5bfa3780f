"""Going to a card by its code."""

from flask import url_for

from app.codes import parse_code
from app.extensions import db
from app.users.models import User
from cards.models import Card


def find_card(text: str, user: User) -> str | None:
    """The page of the card with this code, however it is typed, if the user reaches it."""
    code = parse_code(text)
    card = db.session.scalar(Card.visible_to(user).where(Card.code == code)) if code else None
    return url_for("cards.show", code=card.code) if card else None
