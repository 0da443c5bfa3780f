"""Mails to colleagues: links to their account, what happened to it, and what stayed unread."""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from app import outbox
from app.business import setting
from app.dates import format_datetime, in_digits
from app.extensions import db
from app.i18n import _, _n, as_viewer
from app.inbox import groups_of
from app.links import external
from app.notifications import Notification
from app.outbox import Delivery, Outbox
from app.users.models import User
from channels.delivery import send


def _owner(row: Outbox) -> User | None:
    user = db.session.get(User, row.user_id or 0)
    return user if user is not None and user.is_active else None


def _mail(row: Outbox, address: str, subject: str, lines: list[str]) -> None:
    row.channel, row.address, row.subject, row.body = "mail", address, subject, "\n".join(lines)


@outbox.handler("staff_mail.address")
def confirm_address(row: Outbox) -> Delivery:
    """The link that makes a new address count, to that address."""
    user = _owner(row)
    if user is None:
        return Delivery("dropped", error="no such user")
    with as_viewer(user.locale):
        lead = _("You want to sign in to %(business)s with this address. Confirm it here:", business=_business())
        ignore = _("If you know nothing of this, ignore this message: nothing changes.")
        link = external(f"/address/{row.payload['token']}")
        _mail(row, row.payload["to"], _("Confirm your new address"), [lead, link, "", ignore])
    return send(row, user.locale, is_demo=False)


@outbox.handler("staff_mail.security")
def tell_of_a_change(row: Outbox) -> Delivery:
    """What happened to an account, to its owner."""
    user = _owner(row)
    if user is None:
        return Delivery("dropped", error="no such user")
    facts = row.payload
    with as_viewer(user.locale, calendar=user.calendar, digits=user.digits):
        when = format_datetime(datetime.fromisoformat(facts["at"]))
        source = ", ".join(part for part in (facts["device"], facts["address"]) if part)
        lines = [_sentence(facts), "", _("When: %(when)s", when=when)]
        lines += [_("From: %(device)s", device=source)] if source else []
        lines += ["", _("Was it not you? Change your password, sign out everywhere, and tell an admin:"),
                  external("/account#security")]  # fmt: skip
        _mail(row, facts.get("to") or user.email, _("About your account at %(business)s", business=_business()), lines)
    return send(row, user.locale, is_demo=False)


def _business() -> str:
    return str(setting("business.name"))


def _sentence(facts: dict[str, str]) -> str:
    left = in_digits(facts.get("left") or "")
    sentences = {
        "new_device": _("Your account was signed in to from a browser that we did not know."),
        "password_changed": _("The password of your account was changed."),
        "email_changed": _("The address of your account was changed to %(email)s.", email=facts.get("email") or ""),
        "two_factor_on": _("Signing in to your account asks for a code of an authenticator app from now on."),
        "two_factor_off": _("Signing in to your account does not ask for codes of an app any more."),
        "two_factor_reset": _("An admin took the second step off your account. Your password alone lets you in."),
        "passkey_added": _("A passkey was added to your account."),
        "passkey_removed": _("A passkey was removed from your account."),
        "recovery_used": _("Somebody signed in with one of your recovery codes. Codes left: %(left)s.", left=left),
        "second_step_failed": _("Somebody entered your password, and five wrong codes after it."),
    }
    return sentences.get(facts["what"], _("Something changed in your account."))


@outbox.handler("staff_mail.notices")
def tell_what_waits(row: Outbox) -> Delivery:
    """What is still unread of these notifications, without a word of what was written: that is read in the app."""
    user = _owner(row)
    if user is None:
        return Delivery("dropped", error="no such user")
    query = sa.select(Notification).where(Notification.id.in_(row.payload["ids"]), Notification.user_id == user.id)
    rows = db.session.scalars(query.where(Notification.read_at.is_(None)).order_by(Notification.id.desc())).all()
    base = external("/")
    with (
        current_app.test_request_context(base_url=base),
        as_viewer(user.locale, calendar=user.calendar, digits=user.digits),
    ):
        groups = groups_of(user, rows)
        if not groups:
            return Delivery("dropped", error="read meanwhile, or out of reach")
        count = sum(len(group.lines) for group in groups)
        subject = _n("%(num)s notification waits for you", "%(num)s notifications wait for you", count)
        lines = [line for group in groups for line in (
            f"{group.title} ({group.place})", *(f"  - {told.sentence}" for told in group.lines),
            external(group.url), "")]  # fmt: skip
        choose = _("You choose what you are mailed about here: %(link)s", link=external("/account#notices"))
        _mail(row, user.email, in_digits(subject), [*lines, choose])
    return send(row, user.locale, is_demo=False)
