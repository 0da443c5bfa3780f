"""What only the owner of an account may do to it."""

from app.auth import services, sessions, throttle
from app.auth.models import STAFF, Session
from app.auth.notices import tell
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.i18n import _
from app.users.models import User


def change_password(user: User, current: str, password: str) -> None:
    """Give oneself a new password: every session ends, and a fresh one begins here.

    Raises a `DomainError` when the present password is wrong (the try is counted) or the new one too weak.
    """
    buckets = throttle.check(user.email)
    if not services.password_fits(user, current):
        throttle.charge(buckets)
        db.session.commit()
        raise DomainError(_("This is not your present password."), code="credentials", field="current")
    services.set_password(user, password)
    throttle.forget(buckets)
    tell(user, "password_changed", record("user.password_changed", user, by=user))
    sessions.end_all_of_user(user)
    sessions.open_session(STAFF, user_id=user.id, method="password")


def end_session(row: Session, *, by: User) -> None:
    """Sign one of one's other devices out."""
    if row.ended_at is None:
        record("user.signed_out", by, by=by, data={"session": row.id})
        sessions.end([row])


def end_other_sessions(user: User) -> None:
    """Sign every device out but this one, and trust none with the second step any more."""
    count = sessions.end_all_of_user(user, but=sessions.current_session(STAFF))
    record("user.signed_out", user, by=user, data={"sessions": count})
