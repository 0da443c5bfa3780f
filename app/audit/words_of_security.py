"""Second steps, passkeys, tokens, calendars and restored backups in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from app.api.models import ApiToken
from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.calendars.models import Calendar
from app.events import Event
from app.extensions import db
from app.i18n import _l


def _calendars(ids: Collection[int]) -> Mapping[int, Thing]:
    return {row.id: Thing(row.name) for row in db.session.scalars(sa.select(Calendar).where(Calendar.id.in_(ids)))}


def _tokens(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.execute(sa.select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
    return {row.id: Thing(row.name) for row in rows}


def _two_factor_off(event: Event) -> str:
    if event.data.get("reset"):
        return _l("%(who)s reset the second step of %(thing)s")
    return _l("%(who)s turned their second step off")


def _held(event: Event) -> str:
    if event.data.get("sends"):
        return _l("%(who)s let %(count)s messages go that a restored backup had held back")
    return _l("%(who)s dropped %(count)s messages that a restored backup had held back")


things.add("calendar", _l("Calendar"), _calendars)
things.add("token", _l("Token"), _tokens)

tell("user.second_step_failed", "sign_ins", _l("Somebody failed at the second step of signing in as %(thing)s"))
tell("user.two_factor_on", "sign_ins", _l("%(who)s turned a second step on"))
tell("user.two_factor_off", "sign_ins", _two_factor_off)
tell("user.recovery_renewed", "sign_ins", _l("%(who)s made new recovery codes"))
tell("user.recovery_used", "sign_ins", _l("%(who)s used a recovery code; %(left)s are left"))
tell("user.passkey_added", "sign_ins", _l("%(who)s added the passkey “%(name)s”"))
tell("user.passkey_removed", "sign_ins", _l("%(who)s removed the passkey “%(name)s”"))
tell("user.passkey_renamed", "sign_ins", _l("%(who)s renamed a passkey from “%(old)s” to “%(new)s”"))
tell("user.browser_trusted", "sign_ins", _l("%(who)s trusts this browser from now on: %(device)s"))
tell("user.browser_forgotten", "sign_ins", _l("%(who)s trusts a browser no longer: %(device)s"))
tell("user.email_change_asked", "rights", _l("%(who)s asked to change their e-mail from %(old)s to %(new)s"))
tell("user.email_changed", "rights", _l("%(who)s changed their e-mail from %(old)s to %(new)s"))
tell("user.picture_changed", "rights", _l("%(who)s changed their picture"))
tell("user.notices_changed", "settings", _l("%(who)s changed what they are notified of"))
tell("token.created", "rights", _l("%(who)s made the token “%(name)s” for %(user)s: %(scopes)s"), user="user")
tell("token.revoked", "rights", _l("%(who)s revoked the token “%(name)s” of %(user)s"), user="user")
tell("calendar.created", "settings", _l("%(who)s made the calendar “%(name)s”"))
tell("calendar.changed", "settings", _l("%(who)s changed the calendar “%(thing)s”"))
tell("calendar.archived", "settings", _l("%(who)s archived the calendar “%(name)s”"))
tell("holiday.kept", "settings", _l("%(who)s kept %(day_on)s as a day off: %(name)s"))
tell("holiday.removed", "settings", _l("%(who)s made %(day_on)s a working day: %(name)s"))
tell("closed_time.added", "settings", _l("%(who)s closed the house from %(from_on)s to %(until_on)s: %(reason)s"))
tell("closed_time.removed", "settings", _l("%(who)s opened the house again from %(from_on)s to %(until_on)s"))
tell("message.held_decided", "settings", _held)

values.fields("calendar", {
    "name_fa": _l("Name"), "name_en": _l("Name in English"), "keeps_holidays": _l("Closed on holidays"),
    "days": _l("Working hours"),
})  # fmt: skip
values.fields("setting", {"security.second_step_roles": _l("Roles that need a second step")})
