"""Tokens are made, shown once, used and taken back."""

import secrets
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import events
from app.api.models import ApiToken
from app.api.scopes import SCOPES
from app.auth import sessions
from app.auth.sessions import digest
from app.clock import utcnow
from app.db import writing
from app.errors import Conflict, DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.text import clean_line
from app.users.models import User

events.define("token.created", "token.revoked")
HEADS = {"personal": "kariz_pat_", "service": "kariz_svc_"}
SECRET_LENGTH = 43
SHOWN = 6
NAME_LENGTH = 80
MOST_DAYS = 3650
MOST_TOKENS = 50
# A token's row is touched at most this often, so that reading stays reading.
TOUCH_SECONDS = 300


def issue(user: User, *, name: str, scopes: Collection[str], days: int | None, by: Actor,
          kind: str = "personal") -> tuple[ApiToken, str]:  # fmt: skip
    """Make a token for `user` that lasts `days` (None: until it is revoked); answers it and its secret, kept nowhere.

    Raises a `DomainError` on `name`, `scopes` or `days`, `Conflict` when the user has too many.
    """
    name = clean_line(name)
    _check(name, scopes, days)
    if len(live_of(user)) >= MOST_TOKENS:
        raise Conflict(_("That are too many tokens. Revoke those that nobody uses."), code="too_many")
    secret = HEADS[kind] + secrets.token_urlsafe(32)
    token = ApiToken(
        kind=kind, name=name, prefix=secret[: len(HEADS[kind]) + SHOWN], token_hash=digest(secret), user=user,
        scopes=[scope for scope in SCOPES if scope in scopes], created_at=utcnow(),
        created_by_id=by.id if by.actor_kind == "user" else None,
        expires_at=utcnow() + timedelta(days=days) if days else None,
    )  # fmt: skip
    db.session.add(token)
    db.session.flush()
    record("token.created", token, by=by, data={"kind": kind, "name": name, "user": user.id, "scopes": token.scopes})
    return token, secret


def _check(name: str, scopes: Collection[str], days: int | None) -> None:
    if not name:
        raise DomainError(_("Please enter a name."), code="empty", field="name")
    if len(name) > NAME_LENGTH:
        sentence = _("This is too long. Use at most %(max)s characters.", max=NAME_LENGTH)
        raise DomainError(sentence, code="too_long", field="name")
    if not scopes:
        raise DomainError(_("Choose at least one thing that the token is for."), code="empty", field="scopes")
    if not set(scopes) <= SCOPES.keys():
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="scopes")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="days")


def live_of(user: User) -> list[ApiToken]:
    """The user's tokens that still open something or have only expired, the newest first."""
    query = sa.select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiToken.id.desc())))


def find(secret: str) -> ApiToken | None:
    """The live token with this secret, with its user; None when it is unknown, revoked, expired, or its user is gone.

    One query; none for what cannot be a secret of ours.
    """
    head = next((head for head in HEADS.values() if secret.startswith(head)), None)
    if head is None or len(secret) != len(head) + SECRET_LENGTH or not secret.isascii():
        return None
    query = sa.select(ApiToken).options(joinedload(ApiToken.user)).where(ApiToken.token_hash == digest(secret))
    token = db.session.scalar(query)
    if token is None or HEADS[token.kind] != head:
        return None
    return token if token.is_live(utcnow()) else None


def revoke(token: ApiToken, *, by: Actor | None) -> None:
    """Take a token back; it opens nothing from the next request on. A revoked one stays as it is."""
    if token.revoked_at is None:
        token.revoked_at = utcnow()
        db.session.flush()
        record("token.revoked", token, by=by, data={"kind": token.kind, "name": token.name, "user": token.user_id})


@sessions.on_end_all
def revoke_all_of(user: User) -> None:
    """What ends a user's sessions everywhere (a new password, another role, closing the account) ends tokens too."""
    for token in live_of(user):
        revoke(token, by=None)


def touch(token: ApiToken) -> None:
    """Note that the token is in use. A write of its own, after the answer."""
    now = utcnow()
    if token.last_used_at is not None and (now - token.last_used_at).total_seconds() < TOUCH_SECONDS:
        return
    token_id = token.id
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
        db.session.commit()
