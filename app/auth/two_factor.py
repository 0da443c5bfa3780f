"""Signing in with two proofs: for whom it is on, for whom it must be, and how it ends."""

import sqlalchemy as sa

from app import events, settings
from app.auth import passkeys, recovery, sessions, totp
from app.auth.models import STAFF, Authenticator, Passkey
from app.auth.notices import tell
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.users.models import User

events.define("user.two_factor_on", "user.two_factor_off", "user.recovery_renewed", "user.recovery_used")
settings.define("security.second_step_roles", [])


def is_on(user: User) -> bool:
    """Whether a password alone does not let the user in: there is an app or a passkey."""
    return totp.is_on(user) or bool(db.session.scalar(passkeys.of_user(user).with_only_columns(Passkey.id).limit(1)))


def ids_with_it() -> set[int]:
    """Ids of all users for whom it is on."""
    apps = sa.select(Authenticator.user_id).where(Authenticator.confirmed_at.is_not(None))
    return set(db.session.scalars(sa.union(apps, sa.select(Passkey.user_id))))


def is_required(user: User) -> bool:
    """Whether the admins ask a second step of the user's role."""
    return user.role in settings.get("security.second_step_roles")


def switch_on_app(user: User, code: str) -> list[str]:
    """Take the user's app into use; answers recovery codes to show once, none where the user has some already.

    Raises a `DomainError` when the code is not the app's.
    """
    row, was_on = totp.of_user(user), is_on(user)
    if row is None or not totp.confirm(row, code):
        sentence = _("This is not the present code. Look at the app again; the clock of the phone must be right.")
        raise DomainError(sentence, code="code", field="code")
    event = record("user.two_factor_on", user, by=user, data={"method": "totp"})
    tell(user, "two_factor_on", event)
    return first_codes(user) if not was_on else []


def first_codes(user: User) -> list[str]:
    """The recovery codes that come with the first app or passkey."""
    return renew_codes(user)


def renew_codes(user: User) -> list[str]:
    """Ten fresh recovery codes; the earlier ones stop working."""
    codes = recovery.renew(user)
    record("user.recovery_renewed", user, by=user, data={"count": len(codes)})
    return codes


def switch_off_app(user: User) -> None:
    """Ask no codes of an app any more. Raises a `DomainError` where the role needs them."""
    if not totp.is_on(user):
        return
    has_passkey = db.session.scalar(passkeys.of_user(user).limit(1)) is not None
    _keep_what_is_required(user, has_other=has_passkey)
    totp.forget(user)
    tell(user, "two_factor_off", record("user.two_factor_off", user, by=user, data={"method": "totp"}))
    end_without_factors(user)


def remove_passkey(row: Passkey, user: User) -> None:
    """Forget a passkey. Raises a `DomainError` where the role needs a second step and this is the last."""
    others = db.session.scalar(passkeys.of_user(user).where(Passkey.id != row.id).limit(1)) is not None
    _keep_what_is_required(user, has_other=others or totp.is_on(user))
    passkeys.remove(row, by=user)
    end_without_factors(user)


def _keep_what_is_required(user: User, *, has_other: bool) -> None:
    if is_required(user) and not has_other:
        sentence = _("Your role needs a second step. Add another one first, then remove this one.")
        raise DomainError(sentence, code="required")


def end_without_factors(user: User) -> None:
    """Without an app or a passkey recovery codes would only be a way round the password."""
    if not is_on(user):
        recovery.forget(user)


def reset(user: User, *, by: Actor) -> None:
    """An admin helps somebody who lost phone and codes: the password alone lets in again, and they are told by mail."""
    if not is_on(user):
        return
    methods = [
        *(["totp"] if totp.is_on(user) else []),
        *("passkey" for _row in db.session.scalars(passkeys.of_user(user))),
    ]
    totp.forget(user)
    passkeys.forget_all(user)
    recovery.forget(user)
    event = record("user.two_factor_off", user, by=by, data={"methods": methods, "reset": True})
    tell(user, "two_factor_reset", event)
    sessions.end_all_of_user(user)


def start_afresh(user: User, method: str) -> None:
    """What proves the user has changed: every session ends, and a fresh one begins here."""
    sessions.end_all_of_user(user)
    sessions.open_session(STAFF, user_id=user.id, method=method)
