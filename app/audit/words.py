"""What the kernel itself records, in words: accounts, teams, sign-ins, settings."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.events import Event
from app.extensions import db
from app.i18n import _l
from app.text import clean_line
from app.users.models import ROLES, Team, User

FEW = 20


def _users(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(User).where(User.id.in_(ids)))
    return {row.id: Thing(row.shown_name, url_for("users.show", user_id=row.id)) for row in rows}


def _find_users(text: str) -> list[int]:
    like = f"%{clean_line(text)}%"
    query = sa.select(User.id).where(sa.or_(User.name.ilike(like), User.name_en.ilike(like), User.email.ilike(like)))
    return list(db.session.scalars(query.limit(FEW)))


def _teams(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Team).where(Team.id.in_(ids)))
    return {row.id: Thing(row.name, url_for("teams.show", team_id=row.id)) for row in rows}


def _signed_out(event: Event) -> str:
    if event.data.get("others"):
        return _l("%(who)s signed out on %(others)s other devices")
    if event.data.get("session"):
        return _l("%(who)s signed another device out")
    return _l("%(who)s signed out")


def _reset(event: Event) -> str:
    return (
        _l("%(who)s made a link for %(thing)s to choose a new password")
        if event.actor_id
        else _l("A link to choose a new password was asked for, for %(thing)s")
    )


def _setting(event: Event) -> str:
    if "to" in event.data:
        return _l("%(who)s changed the setting “%(key)s” from “%(old)s” to “%(new)s”")
    return _l("%(who)s changed the secret setting “%(key)s”")


things.add("user", _l("Colleague"), _users, find=_find_users)
things.add("team", _l("Team"), _teams)

tell("user.signed_in", "sign_ins", _l("%(who)s signed in"))
tell("user.signed_out", "sign_ins", _signed_out)
tell("user.sign_in_failed", "sign_ins", lambda event: (
    _l("Somebody failed to sign in as %(thing)s") if event.subject_id
    else _l("Somebody failed to sign in with an address that nobody has")
))  # fmt: skip
tell("user.password_changed", "sign_ins", _l("%(who)s changed their password"))
tell("user.reset_asked", "sign_ins", _reset)
tell("user.invited", "rights", _l("%(who)s made an invitation link for %(user)s"), user="user")
tell("user.created", "rights", _l("%(who)s made an account for %(thing)s: %(email)s, as %(role)s"))
tell("user.changed", "rights", lambda event: (
    _l("%(who)s changed their own account") if event.actor_id == event.subject_id and event.actor_kind == "user"
    else _l("%(who)s changed the account of %(thing)s")
))  # fmt: skip
tell(
    "user.role_changed", "rights", _l("%(who)s changed the role of %(thing)s from “%(old)s” to “%(new)s”"), field="role"
)
tell("user.deactivated", "rights", _l("%(who)s closed the account of %(thing)s"))
tell("user.reactivated", "rights", _l("%(who)s opened the account of %(thing)s again"))
tell("team.created", "rights", _l("%(who)s made the team %(thing)s"))
tell("team.renamed", "rights", _l("%(who)s renamed the team %(thing)s"))
tell("team.members_changed", "rights",
     _l("%(who)s changed who is in the team %(thing)s. Came: %(added)s. Left: %(removed)s"),
     added="user", removed="user")  # fmt: skip
tell("team.archived", "rights", _l("%(who)s archived the team %(thing)s"), members="user")
tell("team.restored", "rights", _l("%(who)s brought the team %(thing)s back"))
tell("setup.begun", "settings", _l("%(who)s set Kariz up"))
tell("setting.changed", "settings", _setting, field=lambda event: str(event.data.get("key", "")))
tell("audit.exported", "exports", _l("%(who)s exported the audit"))

values.fields("user", {
    "name": _l("Name"), "name_en": _l("Name in English"), "email": _l("E-mail"), "role": _l("Role"),
    "display_name": _l("Name for customers"), "locale": _l("Language"), "calendar": _l("Calendar"),
    "digits": _l("Digits"), "theme": _l("Theme"), "board_direction": _l("Direction of boards"),
})  # fmt: skip
values.fields("team", {"name_fa": _l("Name"), "name_en": _l("Name in English")})
values.choices("role", ROLES)
values.choices("locale", {"fa": _l("Persian"), "en": _l("English")})
values.choices("calendar", {"jalali": _l("Jalali"), "gregorian": _l("Gregorian")})
values.choices("theme", {"system": _l("As the device"), "light": _l("Light"), "dark": _l("Dark")})
values.choices("digits", {"fa": _l("Persian digits"), "latin": _l("Latin digits")})

# Settings by their keys: what they are called, and how their values read.
values.show_with("key", lambda key: values.label_of("setting.changed", key))
values.fields("setting", {
    "business.name_fa": _l("Name of the business"), "business.name_en": _l("Name of the business in English"),
    "business.phone": _l("Telephone of the business"), "business.address_fa": _l("Address of the business"),
    "business.address_en": _l("Address of the business in English"), "business.color": _l("Colour of the business"),
    "business.logo": _l("Logo"), "business.hours": _l("Opening hours"), "business.language": _l("Language"),
    "business.unit": _l("Unit of money"), "business.timezone": _l("Time zone"),
    "setup.begun": _l("First steps begun"), "setup.finished": _l("First steps done"),
    "audit.source_days": _l("Days that addresses and devices are kept"),
})  # fmt: skip
values.choices("business.language", {"fa": _l("Persian"), "en": _l("English")})
values.choices("business.unit", {"toman": _l("Toman"), "rial": _l("Rial")})
