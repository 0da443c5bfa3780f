"""Proving who one is: passwords, invitations, resets."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import request

from app import events
from app.auth import sessions, steps, throttle
from app.auth.models import Session, SignInLink, SignInStep
from app.auth.notices import tell
from app.auth.passwords import PASSWORD_LENGTH, password_fits, renew_hash, set_password
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.links import own_path
from app.outbox import enqueue
from app.users.models import User

events.define("user.invited", "user.reset_asked", "user.sign_in_failed")
__all__ = ["LIFETIMES", "PASSWORD_LENGTH", "ask_reset", "find_link", "make_link", "password_fits", "safe_next",
           "set_password", "sign_in", "use_link"]  # fmt: skip

LIFETIMES = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}


def sign_in(email: str, password: str) -> Session | SignInStep:
    """Open a staff session, or the second step to one. Raises `TooMany` when throttled, a `DomainError` when address
    and password do not fit.

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
    renew_hash(user, password)
    return steps.admit(user, "password")


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


def use_link(link: SignInLink, password: str) -> Session | SignInStep:
    """Set the password, burn the link, end every older session and sign in here, over a second step where there is
    one."""
    set_password(link.user, password)
    burned = db.session.execute(
        sa.update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None)).values(used_at=utcnow())
    )
    if burned.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This link has been used already."), code="used")
    sessions.end_all_of_user(link.user)
    event = record("user.password_changed", link.user, by=link.user)
    tell(link.user, "password_changed", event)
    return steps.admit(link.user, link.purpose)


def safe_next(default: str) -> str:
    """Where to go after signing in: a path of ours, nothing else."""
    return own_path(request.values.get("next"), default)
