"""Asking the customer, and taking the answer."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app

from app import events
from app.clock import utcnow
from app.errors import Conflict, DomainError, NotFound
from app.events import record
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.text import clean
from cards.models import Card, Survey
from cards.placement import record_on, take_turn, touch
from contacts.models import Contact

events.define("survey.asked", "survey.answered")
OPEN_FOR = timedelta(days=30)
DIMENSIONS = ("speed", "usefulness", "behaviour")


def ask(card: Card) -> bool:
    """Ask for an opinion on a card, once in its life; answers whether it was asked now."""
    if db.session.scalar(sa.select(Survey.id).where(Survey.card_id == card.id)):
        return False
    now = utcnow()
    nonce = secrets.token_urlsafe(16)
    survey = Survey(card_id=card.id, contact_id=card.contact_id, agent_id=card.assignee_id, asked_at=now,
                    token_hash=nonce, expires_at=now + OPEN_FOR)  # fmt: skip
    db.session.add(survey)
    db.session.flush()
    survey.token_hash = _digest(token_for(survey))
    record("survey.asked", card, data={"survey": survey.id})
    return True


def token_for(survey: Survey) -> str:
    """The secret part of the survey's link: made from the row and our key, so that no copy of it is kept."""
    key = str(current_app.secret_key).encode()
    mark = f"survey:{survey.id}:{survey.card_id}:{survey.contact_id}:{int(survey.expires_at.timestamp())}"
    return f"{survey.id}-{hmac.new(key, mark.encode(), sha256).hexdigest()[:40]}"


def find(token: str) -> Survey:
    """The survey of a link. Raises `NotFound` when the token is wrong or expired."""
    survey = db.session.scalar(sa.select(Survey).where(Survey.token_hash == _digest(token)))
    if survey is None or survey.expires_at <= utcnow():
        raise NotFound
    return survey


def answer(survey: Survey, card: Card, *, by: Contact, comment: str = "", **scores: int | None) -> None:
    """Take the three scores (1 to 5, at least one) and a comment, once."""
    turn = take_turn(card)
    hold(survey)
    if survey.is_answered:
        raise Conflict(_("You have answered already. Thank you!"), code="answered")
    given = {name: scores.get(name) for name in DIMENSIONS}
    if not any(given.values()):
        raise DomainError(_("Please choose at least one of the scores."), code="empty", field="speed")
    if any(score is not None and not 1 <= score <= 5 for score in given.values()):
        raise DomainError(_("A score is a number from 1 to 5."), code="invalid", field="speed")
    survey.speed, survey.usefulness, survey.behaviour = (given[name] for name in DIMENSIONS)
    survey.comment, survey.answered_at = clean(comment)[:2000], utcnow()
    touch(card)
    db.session.flush()
    record_on("survey.answered", card, turn, by=by, data={"survey": survey.id, **given})


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
