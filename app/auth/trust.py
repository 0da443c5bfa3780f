"""Browsers that a person told us not to ask for the second step for a while. Each can be forgotten again."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import Response, request

from app import events
from app.auth import sessions
from app.auth.models import TrustedBrowser
from app.clock import utcnow
from app.events import record
from app.extensions import db
from app.users.models import User

events.define("user.browser_trusted", "user.browser_forgotten")
COOKIE = "kariz_trusted"
LIFETIME = timedelta(days=30)


def trust(user: User, response: Response) -> None:
    """Spare this browser the second step; `response` carries the mark of that."""
    token, now = secrets.token_urlsafe(32), utcnow()
    row = TrustedBrowser(user_id=user.id, token_hash=sessions.digest(token), device=sessions.device(), created_at=now,
                         seen_at=now, expires_at=now + LIFETIME)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record("user.browser_trusted", user, by=user, data={"browser": row.id, "device": row.device})
    response.set_cookie(COOKIE, token, max_age=int(LIFETIME.total_seconds()), httponly=True, samesite="Lax",
                        secure=request.is_secure)  # fmt: skip


def is_trusted(user: User) -> bool:
    """Whether this browser is one of those; using it is noted."""
    token = request.cookies.get(COOKIE, "")
    row = db.session.scalar(of_user(user).where(TrustedBrowser.token_hash == sessions.digest(token)))
    if row is None:
        return False
    row.seen_at = utcnow()
    return True


def of_user(user: User) -> sa.Select[TrustedBrowser]:
    """The user's trusted browsers that still count, the newest first."""
    query = sa.select(TrustedBrowser).where(TrustedBrowser.user_id == user.id, TrustedBrowser.ended_at.is_(None))
    return query.where(TrustedBrowser.expires_at > utcnow()).order_by(TrustedBrowser.id.desc())


def forget(row: TrustedBrowser, *, by: User) -> None:
    """Ask that browser for the second step again."""
    if row.ended_at is None:
        row.ended_at = utcnow()
        record("user.browser_forgotten", by, by=by, data={"browser": row.id, "device": row.device})


@sessions.on_end_all
def forget_all(user: User) -> None:
    """Signed out everywhere, nobody is trusted any more."""
    mine = sa.update(TrustedBrowser).where(TrustedBrowser.user_id == user.id, TrustedBrowser.ended_at.is_(None))
    db.session.execute(mine.values(ended_at=utcnow()))
