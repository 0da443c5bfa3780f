"""What the page of one's own account shows."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask_login import current_user

from app import notifications
from app.auth import passkeys, recovery, sessions, totp, trust, two_factor
from app.auth.models import STAFF
from app.clock import utcnow
from app.dates import format_datetime
from app.extensions import db
from app.filters import toman
from app.forms import Form
from app.i18n import LOCALES, _, as_viewer
from app.settings_pages import queries
from app.settings_pages.devices import device_name
from app.settings_pages.forms.account import (
    AddressForm,
    DisplayForm,
    NoticesForm,
    PasswordChangeForm,
    ProfileForm,
    notices_form,
)
from app.users.models import User
from app.users.pictures import picture_url

SAMPLE_RIALS = 24_850_000


@dataclass(frozen=True)
class Security:
    """What proves the user beside the password."""

    has_app: bool
    keys: list[Any]
    codes_left: int
    trusted: list[Any]
    is_required: bool
    site: passkeys.Site

    @property
    def is_on(self) -> bool:
        return self.has_app or bool(self.keys)


def security_of(user: User) -> Security:
    """Four queries."""
    return Security(
        has_app=totp.is_on(user), keys=list(db.session.scalars(passkeys.of_user(user))),
        codes_left=recovery.left(user), trusted=list(db.session.scalars(trust.of_user(user))),
        is_required=two_factor.is_required(user), site=passkeys.site(),
    )  # fmt: skip


def context(**forms: Form) -> dict[str, Any]:
    """The page's forms, those in `forms` with what was typed, and everything that is listed."""
    here = sessions.current_session(STAFF)
    devices = queries.devices(current_user)
    devices.sort(key=lambda row: here is None or row.id != here.id)
    return {
        "own": ProfileForm(obj=current_user), "display": DisplayForm(obj=current_user), "address": AddressForm(),
        "password": PasswordChangeForm(), "notices": notices_of(current_user), "security": security_of(current_user),
        "devices": devices, "here": here.id if here else None, "device_name": device_name,
        "picture": picture_url(current_user.id, current_user.picture_id), "samples": samples(utcnow()), **forms,
    }  # fmt: skip


def notices_of(user: User) -> NoticesForm:
    """The form of the choices as they are now."""
    levels = {f"kind_{name}": level for name, level in notifications.levels_of(user).items()}
    hours = {"quiet_from": _time(user.quiet_from), "quiet_until": _time(user.quiet_until)}
    return notices_form()(data={**levels, **hours})


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def samples(moment: datetime) -> dict[str, dict[str, str]]:
    """The same sentence as every choice of language, calendar and digits writes it, by "fa-jalali-latin"."""
    found = {}
    for locale in LOCALES:
        for calendar in ("jalali", "gregorian"):
            for digits in ("fa", "latin"):
                with as_viewer(locale, calendar=calendar, digits=digits):
                    found[f"{locale}-{calendar}-{digits}"] = {"lang": locale, "text": _sample(moment)}
    return found


def _sample(moment: datetime) -> str:
    return _(
        "Reply by %(when)s. The order comes to %(amount)s.", when=format_datetime(moment), amount=toman(SAMPLE_RIALS)
    )
