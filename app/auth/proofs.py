"""The one place where a signed-in person proves again who they are."""

from dataclasses import dataclass

from app.auth import services, throttle
from app.errors import DomainError
from app.extensions import db
from app.i18n import _
from app.users.models import User


@dataclass(frozen=True)
class Proof:
    """What somebody showed: one of these is enough."""

    password: str = ""


def prove(user: User, proof: Proof) -> str:
    """The kind of proof that was right. Raises a `DomainError` when it was wrong (the try is counted and committed),
    `TooMany` when there were too many."""
    buckets = throttle.check(user.email)
    if not services.password_fits(user, proof.password):
        throttle.charge(buckets)
        db.session.commit()
        raise DomainError(_("This is not your password."), code="credentials", field="confirm_password")
    throttle.forget(buckets)
    return "password"
