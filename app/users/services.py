"""Accounts of colleagues: inviting, changing, the way out and back. Every change is a fact with old and new value."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.auth import services as auth
from app.auth import sessions
from app.auth.sessions import digest
from app.clock import utcnow
from app.errors import Conflict, DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.outbox import enqueue
from app.users.holdings import hand_over_all
from app.users.models import ROLES, User
from app.users.teams import set_teams

events.define("user.created", "user.changed", "user.role_changed", "user.deactivated", "user.reactivated")
# What a colleague may say about themselves; nothing else of an account is theirs to change.
OWN = frozenset({"name", "name_en", "display_name", "locale", "calendar", "digits", "theme", "board_direction"})
DETAILS = frozenset({"name", "name_en", "email"})


def exist() -> bool:
    """Whether anybody at all has an account."""
    return db.session.scalar(sa.select(User.id).limit(1)) is not None


def create(email: str, name: str, role: str, *, name_en: str = "", locale: str = "fa", by: Actor | None) -> User:
    """Make an account that opens by a link only. Raises a `DomainError` when the address has one already."""
    if role not in ROLES:
        raise DomainError(_("There is no such role."), code="unknown", field="role")
    user = User(email=email, name=name, name_en=name_en, role=role, **as_in_language(locale))
    _save(user)
    record("user.created", user, by=by, data={"email": email, "name": name, "role": role})
    return user


def as_in_language(locale: str) -> dict[str, str]:
    """The language with the calendar and the digits that go with it."""
    calendar, digits = ("jalali", "fa") if locale == "fa" else ("gregorian", "latin")
    return {"locale": locale, "calendar": calendar, "digits": digits}


def _save(user: User) -> None:
    """Write the row; the unique address decides between two who want it at once."""
    try:
        with db.session.begin_nested():
            db.session.add(user)
            db.session.flush()
    except IntegrityError:
        raise DomainError(_("Somebody with this e-mail address has an account already."), code="taken",
                          field="email") from None  # fmt: skip


def add(values: Mapping[str, Any], *, by: Actor) -> tuple[User, str]:
    """Make an account with its teams and invite its owner; answers the user and the invitation's token.

    `values`: email, name, name_en, role, locale, teams (ids). Raises what `create` and `set_teams` raise.
    """
    user = create(values["email"], values["name"], values["role"], name_en=values["name_en"] or "",
                  locale=values["locale"], by=by)  # fmt: skip
    set_teams(user, values["teams"] or (), by=by)
    return user, invite(user, by=by)


def invite(user: User, *, by: Actor) -> str:
    """Make a fresh invitation, mail it, and answer its token, which is kept nowhere. Earlier invitations end."""
    if not user.is_active or user.password_hash is not None or user.is_service:
        raise Conflict(_("This account needs no invitation."), code="not_invited")
    token = auth.make_link(user, "invitation", by=by)
    enqueue("staff_mail.invitation", key=f"invitation:{digest(token)}", user_id=user.id, payload={"token": token})
    return token


def change(user: User, values: Mapping[str, Any], *, allowed: Collection[str], by: Actor) -> None:
    """Write those of `values` that are in `allowed`. Nothing changed, nothing recorded."""
    before = {name: getattr(user, name) for name in values if name in allowed}
    after = {name: values[name] for name in before if values[name] != before[name]}
    if not after:
        return
    try:
        with db.session.begin_nested():
            for name, value in after.items():
                setattr(user, name, value)
            db.session.flush()
    except IntegrityError:
        db.session.refresh(user)
        raise DomainError(_("Somebody with this e-mail address has an account already."), code="taken",
                          field="email") from None  # fmt: skip
    record("user.changed", user, by=by, data={"from": {name: before[name] for name in after}, "to": after})


def change_role(user: User, role: str, *, by: Actor) -> None:
    """Give another role; the user signs in anew with it. Raises a `DomainError` for the last admin."""
    if role not in ROLES:
        raise DomainError(_("There is no such role."), code="unknown", field="role")
    if role == user.role:
        return
    if user.is_admin and user.is_active:
        _keep_an_admin(user)
    before, user.role = user.role, role
    db.session.flush()
    record("user.role_changed", user, by=by, data={"from": before, "to": role})
    sessions.end_all_of_user(user)


def _keep_an_admin(user: User) -> None:
    """Raise a `DomainError` when `user` is the only active admin. Locks the admins, so that two cannot go at once."""
    admins = sa.select(User.id).where(User.role == "admin", User.deactivated_at.is_(None)).order_by(User.id)
    if set(db.session.scalars(admins.with_for_update())) <= {user.id}:
        sentence = _("This is the only admin. Make somebody else an admin first.")
        raise DomainError(sentence, code="last_admin", field="role")


def deactivate(user: User, takers: Mapping[str, User | None], *, by: User) -> None:
    """Close the account: open work goes to `takers` (by holding), sessions and sockets end at once.

    Raises a `DomainError` for the last admin, for oneself, and for work that nobody takes.
    """
    if not user.is_active:
        return
    if user.is_admin:
        _keep_an_admin(user)
    if user.id == by.id:
        raise DomainError(_("You cannot close your own account. Ask another admin."), code="oneself")
    user.deactivated_at = utcnow()
    db.session.flush()
    # Boards are locked by those who hear this, so that nothing can be given to the user from here on.
    record("user.deactivated", user, by=by)
    hand_over_all(user, takers, by=by)
    sessions.end_all_of_user(user)


def reactivate(user: User, *, by: Actor) -> None:
    """Open the account again, with the same role, teams and boards."""
    if user.is_active:
        return
    user.deactivated_at = None
    db.session.flush()
    record("user.reactivated", user, by=by)
