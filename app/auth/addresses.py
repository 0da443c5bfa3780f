"""Another e-mail address for an account: it counts once a link that was mailed there is used (A16)."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.auth.models import AddressChange
from app.auth.notices import tell
from app.auth.sessions import digest
from app.clock import utcnow
from app.errors import DomainError
from app.events import Event, record
from app.extensions import db
from app.i18n import _
from app.outbox import enqueue
from app.users.models import User

events.define("user.email_change_asked", "user.email_changed")
LIFETIME = timedelta(hours=24)


def ask(user: User, email: str) -> None:
    """Mail a link to the new address. Whether somebody else has it is not told here: the link would not work."""
    if email == user.email:
        raise DomainError(_("This is your address already."), code="same", field="email")
    token, now = secrets.token_urlsafe(32), utcnow()
    earlier = sa.update(AddressChange).where(AddressChange.user_id == user.id, AddressChange.used_at.is_(None))
    db.session.execute(earlier.values(used_at=now))
    row = AddressChange(user_id=user.id, token_hash=digest(token), email=email, old_email=user.email, created_at=now,
                        expires_at=now + LIFETIME)  # fmt: skip
    db.session.add(row)
    record("user.email_change_asked", user, by=user, data={"from": user.email, "to": email})
    enqueue("staff_mail.address", key=f"address:{digest(token)}", user_id=user.id,
            payload={"token": token, "to": email})  # fmt: skip


def find(token: str) -> AddressChange | None:
    """The change with this token if it can still be made."""
    row = db.session.scalar(sa.select(AddressChange).where(AddressChange.token_hash == digest(token)))
    if row is None or row.used_at or row.expires_at <= utcnow() or row.old_email != row.user.email:
        return None
    return row if row.user.is_active else None


def confirm(row: AddressChange) -> None:
    """Make the new address count; the old one is told. Raises a `DomainError` when somebody else has it by now."""
    user = row.user
    try:
        with db.session.begin_nested():
            user.email, row.used_at = row.email, utcnow()
            db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise DomainError(_("Somebody with this e-mail address has an account already."), code="taken") from None
    record("user.email_changed", user, by=user, data={"from": row.old_email, "to": row.email})


@events.on("user.email_changed", "user.changed")
def tell_the_old_address(event: Event) -> None:
    """Whoever changed it, the owner hears of it where they used to."""
    before, after = event.data.get("from"), event.data.get("to")
    if isinstance(before, dict):
        before, after = before.get("email"), after.get("email") if isinstance(after, dict) else None
    user = db.session.get(User, event.subject_id or 0)
    if user is not None and before and after:
        tell(user, "email_changed", event, to=str(before), email=str(after))
