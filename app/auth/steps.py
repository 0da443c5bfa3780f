"""The way from the first proof to a session: at once, or over a second step that opens nothing else meanwhile.

Between the steps there is no session: the cookie carries a token of another kind, which only the pages of the second
step read. Pages, the API and sockets ask for sessions and find none.
"""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import session
from sqlalchemy.orm import joinedload

from app import events
from app.auth import proofs, sessions, throttle, totp, trust, two_factor
from app.auth.models import STAFF, Passkey, Session, SignInStep
from app.auth.notices import tell
from app.auth.proofs import Proof
from app.clock import utcnow
from app.db import table_of
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.i18n import _
from app.users.models import User

events.define("user.second_step_failed")
COOKIE_KEY = "staff_step"
LIFETIME = timedelta(minutes=10)
TRIES = 5


def admit(user: User, method: str) -> Session | SignInStep:
    """After a right first proof: a session, or the step that is still to be taken."""
    if two_factor.is_on(user):
        if trust.is_trusted(user):
            return enter(user, f"{method}+trusted")
        return _begin(user, "code", method)
    if two_factor.is_required(user):
        totp.begin(user)
        return _begin(user, "set_up", method)
    return enter(user, method)


def enter(user: User, method: str) -> Session:
    """Open a session; a browser that never signed in to this account before is told to its owner by mail."""
    earlier = sa.select(Session.id).where(Session.user_id == user.id).limit(1)
    is_new = not throttle.is_known_device(user.email) and db.session.scalar(earlier) is not None
    row = sessions.open_session(STAFF, user_id=user.id, method=method)
    event = record("user.signed_in", user, by=user, data={"method": method})
    if is_new:
        tell(user, "new_device", event)
    return row


def owner_of(passkey: Passkey) -> User:
    """Whose passkey has answered. Raises a `DomainError` when their account is closed."""
    user = db.session.get_one(User, passkey.user_id)
    if not user.is_active:
        raise DomainError(_("This account is closed."), code="closed")
    return user


def _begin(user: User, kind: str, method: str) -> SignInStep:
    token, now = secrets.token_urlsafe(32), utcnow()
    step = SignInStep(kind=kind, token_hash=sessions.digest(token), user=user, method=method, created_at=now,
                      expires_at=now + LIFETIME)  # fmt: skip
    db.session.add(step)
    old = sa.delete(SignInStep).where(SignInStep.expires_at < now - timedelta(days=2))
    db.session.execute(old.execution_options(synchronize_session=False))
    db.session.flush()
    sessions.renew_cookie(STAFF)
    session[COOKIE_KEY] = token
    return step


def current(kind: str) -> SignInStep | None:
    """The unfinished step of this browser, of this kind; None when there is none or it is too old or used up."""
    token = session.get(COOKIE_KEY)
    if not isinstance(token, str) or len(token) < 32:
        return None
    query = sa.select(SignInStep).options(joinedload(SignInStep.user))
    step = db.session.scalar(query.where(SignInStep.token_hash == sessions.digest(token), SignInStep.kind == kind))
    if step is None or step.done_at or step.expires_at <= utcnow() or step.tries >= TRIES:
        return None
    return step if step.user.is_active else None


def finish(step: SignInStep, proof: Proof) -> Session:
    """Open the session after the second proof. Raises a `DomainError` for a wrong one, which is counted and committed;
    after five the password is asked for again."""
    _count_try(step)
    try:
        method = proofs.prove(step.user, proof)
    except DomainError:
        _tell_when_used_up(step)
        raise
    return _close(step, f"{step.method}+{method}")


def set_up(step: SignInStep, code: str) -> list[str]:
    """Take the app into use that the role asks for, and open the session; answers the recovery codes."""
    buckets = throttle.check(f"code:{step.user_id}")
    try:
        codes = two_factor.switch_on_app(step.user, code)
    except DomainError:
        throttle.charge(buckets)
        db.session.commit()
        raise
    _close(step, f"{step.method}+totp")
    return codes


def _count_try(step: SignInStep) -> None:
    """Take one of the five tries; who sends many at once gets no more of them."""
    table = table_of(SignInStep)
    open_one = sa.and_(table.c.id == step.id, table.c.done_at.is_(None), table.c.tries < TRIES)
    taken = db.session.execute(sa.update(table).where(open_one).values(tries=table.c.tries + 1))
    # Committed before the proof is looked at: a try that fails later on was one too.
    db.session.commit()
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("Too many tries. Please enter your password again."), code="used_up")


def _tell_when_used_up(step: SignInStep) -> None:
    """Whoever fails five times knows the password: its owner should hear of that."""
    db.session.refresh(step)
    if step.tries >= TRIES:
        tell(step.user, "second_step_failed", record("user.second_step_failed", step.user))
        db.session.commit()


def _close(step: SignInStep, method: str) -> Session:
    table = table_of(SignInStep)
    mine = sa.and_(table.c.id == step.id, table.c.done_at.is_(None))
    done = db.session.execute(sa.update(table).where(mine).values(done_at=utcnow()))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This sign-in was finished already. Please sign in again."), code="used_up")
    return enter(step.user, method)
