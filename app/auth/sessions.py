"""Signing in and out: server-side rows, so that sign-out and loss of a right take effect at once."""

import hashlib
import secrets
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from flask import g, request, session
from sqlalchemy.orm import joinedload

from app import events
from app.auth.models import ABSOLUTE, IDLE, PORTAL, STAFF, Session
from app.clock import utcnow
from app.db import writing
from app.events import record
from app.extensions import db
from app.hooks import after_commit
from app.users.models import User

events.define("user.signed_in", "user.signed_out", "user.password_changed", "contact.signed_in", "contact.signed_out")
# A session's row is touched at most this often, so that reading pages stays reading.
TOUCH_SECONDS = 300
_BY_TOKEN = sa.select(Session).options(joinedload(Session.user)).where(Session.token_hash == sa.bindparam("token_hash"))
_on_end_all: list[Callable[[User], None]] = []


def on_end_all(fn: Callable[[User], None]) -> Callable[[User], None]:
    """Call the function when a user is signed out everywhere, in the same transaction."""
    if fn not in _on_end_all:
        _on_end_all.append(fn)
    return fn


def digest(token: str) -> str:
    """What is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def device() -> str:
    """What the browser of this request calls itself."""
    return (request.user_agent.string or "")[:200]


def open_session(
    audience: str, *, user_id: int | None = None, contact_id: int | None = None, method: str = ""
) -> Session:
    """Sign the browser in as this user or contact, under a fresh token. `method`: how they proved who they are."""
    token = secrets.token_urlsafe(32)
    now = utcnow()
    row = Session(
        token_hash=digest(token), user_id=user_id, contact_id=contact_id, created_at=now, seen_at=now,
        expires_at=now + ABSOLUTE[audience], device=device(), address=request.remote_addr or "", method=method,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    renew_cookie(audience)
    session[audience] = token
    g.pop(f"session_{audience}", None)
    # What is recorded in this request after it comes from the new session.
    setattr(g, f"opened_{audience}", row)
    return row


def renew_cookie(audience: str) -> None:
    """Begin anew in the cookie: nothing planted before a sign-in survives it, but the other side's session."""
    other = {PORTAL: STAFF, STAFF: PORTAL}[audience]
    kept = {key: session[key] for key in (other,) if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True


def current_session(audience: str) -> Session | None:
    """The live session row of this request, with its user; None when there is none. One query a request."""
    name = f"session_{audience}"
    if name not in g:
        setattr(g, name, find(session.get(audience), audience))
    row: Session | None = g.get(name)
    return row


def forget_reader() -> None:
    """Let nobody be signed in for the rest of this request, without asking: every template wants to know who reads."""
    for audience in (STAFF, PORTAL):
        setattr(g, f"session_{audience}", None)


def find(token: object, audience: str) -> Session | None:
    """The live session with this token; None when unknown, ended, expired, or its user is deactivated."""
    if not isinstance(token, str) or len(token) < 32:
        return None
    row = db.session.scalar(_BY_TOKEN, {"token_hash": digest(token)})
    if row is None or row.audience != audience or not row.is_live(utcnow()):
        return None
    if row.user is not None and not row.user.is_active:
        return None
    return row


def touch(row: Session) -> None:
    """Note that the session is in use. A write of its own, after the answer."""
    now = utcnow()
    if (now - row.seen_at).total_seconds() < TOUCH_SECONDS:
        return
    row_id = row.id
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(Session).where(Session.id == row_id).values(seen_at=now))
        db.session.commit()


def end(rows: Iterable[Session]) -> None:
    """End sessions; their open sockets are closed after the commit."""
    from app.sockets import close_sockets

    ids = [row.id for row in rows if row.ended_at is None]
    if not ids:
        return
    db.session.execute(sa.update(Session).where(Session.id.in_(ids)).values(ended_at=utcnow()))
    after_commit(lambda: close_sockets(ids))


def sign_out(audience: str) -> None:
    """End this browser's session."""
    row = current_session(audience)
    session.pop(audience, None)
    g.pop(f"session_{audience}", None)
    if row is not None:
        if row.user is not None:
            record("user.signed_out", row.user, by=row.user)
        end([row])


def end_all_of_user(user: User, *, but: Session | None = None) -> int:
    """Sign a user out everywhere, except perhaps here; answers how many sessions ended."""
    query = sa.select(Session).where(Session.user_id == user.id, Session.ended_at.is_(None))
    rows = [row for row in db.session.scalars(query) if but is None or row.id != but.id]
    end(rows)
    for fn in _on_end_all:
        fn(user)
    return len(rows)


def live_ids(ids: Iterable[int]) -> set[int]:
    """Which of these sessions still count; asked by the watch over open sockets."""
    rows = db.session.scalars(
        sa.select(Session).options(joinedload(Session.user)).where(Session.id.in_(list(ids)))
    ).all()
    now = utcnow()
    # An open socket is use: idle time only counts from when it closes.
    return {
        row.id
        for row in rows
        if row.ended_at is None and now < row.expires_at and (row.user is None or row.user.is_active)
    }


__all__ = ["IDLE", "PORTAL", "STAFF", "current_session", "device", "end", "end_all_of_user", "find", "live_ids",
           "on_end_all", "open_session", "renew_cookie", "sign_out", "touch"]  # fmt: skip
