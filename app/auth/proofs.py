"""The one place where a known person proves who they are: by password, by a code, or by a passkey."""

from dataclasses import dataclass

from app.auth import passkeys, passwords, recovery, throttle, totp
from app.auth.notices import tell
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.i18n import _
from app.users.models import User


@dataclass(frozen=True)
class Proof:
    """What somebody showed: one of these is enough. `code`: of the app, or a recovery code; `passkey`: the answer of a
    passkey, in JSON. A second step takes no password: it leaves that out."""

    password: str = ""
    code: str = ""
    passkey: str = ""


def prove(user: User, proof: Proof) -> str:
    """The kind of proof that was right. Raises a `DomainError` when it was wrong (the try is counted and committed),
    `TooMany` when there were too many."""
    if proof.passkey:
        passkeys.answer(proof.passkey, user=user)
        return "passkey"
    if proof.code:
        return _prove_by_code(user, proof.code)
    buckets = throttle.check(user.email)
    if not passwords.password_fits(user, proof.password):
        _refuse(buckets, DomainError(_("This is not your password."), code="credentials", field="confirm_password"))
    throttle.forget(buckets)
    return "password"


def _prove_by_code(user: User, code: str) -> str:
    buckets = throttle.check(f"code:{user.id}")
    app = totp.of_user(user)
    if app is not None and app.confirmed_at is not None and totp.take(app, code):
        throttle.forget(buckets)
        return "totp"
    if recovery.spend(user, code):
        throttle.forget(buckets)
        left = recovery.left(user)
        event = record("user.recovery_used", user, by=user, data={"left": left})
        tell(user, "recovery_used", event, left=str(left))
        return "recovery"
    sentence = _("This code is not right any more. Look at the app again, or use a recovery code.")
    return _refuse(buckets, DomainError(sentence, code="code", field="confirm_code"))


def _refuse(buckets: list[str], error: DomainError) -> str:
    throttle.charge(buckets)
    db.session.commit()
    raise error
