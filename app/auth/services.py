"""Proving who one is: passwords, invitations, resets."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import request

from app import events
from app.auth import sessions, throttle
from app.auth.models import STAFF, Session, SignInLink
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.links import own_path
from app.outbox import enqueue
from app.users.models import User

events.define("user.invited", "user.reset_asked", "user.sign_in_failed")
LIFETIMES = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
PASSWORD_LENGTH = 10
_hasher = PasswordHasher()
# Compared against when nobody has the address, so that both answers take the same time.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def set_password(user: User, password: str) -> None:
    """Give the user a new password. Raises a `DomainError` when it is too short or holds the address."""
    if len(password) < PASSWORD_LENGTH:
        raise DomainError(_("A password needs at least %(num)s characters.", num=PASSWORD_LENGTH), field="password")
    if len(set(password)) < 4 or user.email.split("@")[0].lower() in password.lower():
        raise DomainError(_("This password is too easy to guess."), field="password")
    user.password_hash = _hasher.hash(password)


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is right; takes as long for nobody as for somebody."""
    try:
        return _hasher.verify((user and user.password_hash) or _NOBODY, password) and user is not None
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


def sign_in(email: str, password: str) -> Session:
    """Open a staff session. Raises `TooMany` when throttled, a `DomainError` when address and password do not fit.

    The caller commits in either case: a failed try is counted.
    """
    buckets = throttle.check(email)
    user = db.session.scalar(sa.select(User).where(User.email == email))
    if not password_fits(user, password) or user is None or not user.is_active:
        throttle.charge(buckets)
        # Whose account it was, never what was typed: people type passwords into the wrong field.
        record("user.sign_in_failed", user)
        db.session.commit()
        raise DomainError(_("The e-mail address and the password do not fit."), code="credentials", field="password")
    throttle.forget(buckets)
    if _hasher.check_needs_rehash(user.password_hash or ""):
        user.password_hash = _hasher.hash(password)
    row = sessions.open_session(STAFF, user_id=user.id)
    record("user.signed_in", user, by=user)
    return row


def make_link(user: User, purpose: str, *, by: Actor | None) -> str:
    """The token of a new single-use link; earlier links of the same purpose stop working."""
    token = secrets.token_urlsafe(32)
    now = utcnow()
    old = sa.update(SignInLink).where(SignInLink.user_id == user.id, SignInLink.purpose == purpose)
    db.session.execute(old.where(SignInLink.used_at.is_(None)).values(used_at=now))
    db.session.add(SignInLink(purpose=purpose, token_hash=sessions.digest(token), user=user, email=user.email,
                              created_at=now, expires_at=now + LIFETIMES[purpose]))  # fmt: skip
    record("user.invited" if purpose == "invitation" else "user.reset_asked", user, by=by, data={"user": user.id})
    return token


def ask_reset(email: str) -> None:
    """Mail a reset link if somebody active has this address; tells the caller nothing either way."""
    buckets = throttle.check(f"reset:{email}")
    throttle.charge(buckets)
    user = db.session.scalar(sa.select(User).where(User.email == email))
    if user is not None and user.is_active:
        token = make_link(user, "reset", by=None)
        enqueue("staff_mail.reset", key=f"reset:{sessions.digest(token)}", user_id=user.id, payload={"token": token})


def find_link(token: str, purpose: str) -> SignInLink | None:
    """The link with this token if it can still be used."""
    if len(token) < 32:
        return None
    query = sa.select(SignInLink).where(SignInLink.token_hash == sessions.digest(token), SignInLink.purpose == purpose)
    link = db.session.scalar(query)
    if link is None or link.used_at or link.expires_at <= utcnow() or link.email != link.user.email:
        return None
    return link if link.user.is_active else None


def use_link(link: SignInLink, password: str) -> Session:
    """Set the password, burn the link, end every older session and sign in here."""
    set_password(link.user, password)
    burned = db.session.execute(
        sa.update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None)).values(used_at=utcnow())
    )
    if burned.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This link has been used already."), code="used")
    sessions.end_all_of_user(link.user)
    row = sessions.open_session(STAFF, user_id=link.user.id)
    record("user.password_changed", link.user, by=link.user)
    record("user.signed_in", link.user, by=link.user)
    return row


def safe_next(default: str) -> str:
    """Where to go after signing in: a path of ours, nothing else."""
    return own_path(request.values.get("next"), default)
