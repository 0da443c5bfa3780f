"""Colleagues of the past, known from another system by name: they stand in histories and never sign in."""

import secrets

from app.clock import utcnow
from app.emails import parse_email
from app.events import Actor, record
from app.extensions import db
from app.text import clean_line
from app.users.models import User

# Reserved: no mail can ever reach it.
NOWHERE = "former.invalid"
NAME_LENGTH = 120


def add_former(name: str, *, email: str = "", by: Actor | None) -> User:
    """An account that is closed from the beginning. An admin may open it and invite its owner.

    Without a valid `email` it gets an address that leads nowhere.
    """
    address = parse_email(email) or f"{secrets.token_hex(6)}@{NOWHERE}"
    user = User(email=address, name=clean_line(name)[:NAME_LENGTH], role="agent", deactivated_at=utcnow())
    db.session.add(user)
    db.session.flush()
    record("user.created", user, by=by, silent=True, data={"name": user.name, "role": user.role, "former": True})
    return user
