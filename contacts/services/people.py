"""A person enters the records, changes, leaves the lists and returns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from app import events
from app.clock import utcnow
from app.errors import Conflict, DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import LOCALES, _
from app.locks import hold
from contacts.models import TIERS, Contact
from contacts.models.contact import CHANNELS
from contacts.services.changes import apply, check_lengths, cleaned_lines
from contacts.services.points import attach, normalise

events.define("contact.created", "contact.updated", "contact.archived", "contact.restored")


class ContactFacts(TypedDict, total=False):
    """What is kept of a person, apart from points of contact and memberships."""

    name: str
    name_en: str
    honorific: str
    tier: str
    tier_reason: str
    language: str
    preferred_channel: str
    external_id: str | None


def create_contact(
    *,
    by: Actor | None,
    points: Iterable[tuple[str, str]] = (),
    is_demo: bool = False,
    at: datetime | None = None,
    silent: bool = False,
    **facts: Unpack[ContactFacts],
) -> Contact:
    """A new person with these points of contact, as (kind, as typed); the first of each kind is the primary one.

    Raises a `DomainError` naming the field that is wrong: `name`, `tier_reason`, ..., or the kind of the point.
    """
    cleaned = _checked(facts, Contact(tier="plain", tier_reason=""))
    if not cleaned.get("name"):
        raise DomainError(_("Please write the name."), code="empty", field="name")
    contact = Contact(is_demo=is_demo, created_at=at or utcnow())
    contact.rename(cleaned.pop("name"), cleaned.pop("name_en", ""))
    for name, value in cleaned.items():
        setattr(contact, name, value)
    for given, value in points:
        try:
            attach(contact, *_normalised(given, value))
        except DomainError as error:
            raise DomainError(error.message, code=error.code, field=given) from error
    db.session.add(contact)
    db.session.flush()
    points_kept = [[point.kind, point.normalised] for point in contact.points]
    record("contact.created", contact, by=by, at=at, silent=silent, data={"name": contact.name, "points": points_kept})
    return contact


def _normalised(given: str, value: str) -> tuple[str, str, str]:
    kind, normalised = normalise(given, value)
    return kind, value, normalised


def update_contact(contact: Contact, *, by: Actor | None, **facts: Unpack[ContactFacts]) -> None:
    """Change what is known of a person; equal values change and record nothing.

    A tier above the regular one needs its reason: colleagues read why somebody is treated differently.
    """
    hold(contact)
    changes = apply(contact, _checked(facts, contact))
    if changes:
        db.session.flush()
        record("contact.updated", contact, by=by, data=changes)


def _checked(facts: ContactFacts, known: Contact) -> dict[str, Any]:
    """The facts cleaned; what is missing is taken from `known` for the rules that span fields."""
    cleaned = cleaned_lines(facts)
    if "external_id" in facts:
        cleaned["external_id"] = cleaned.get("external_id") or None
    check_lengths(cleaned)
    if "name" in cleaned and not cleaned["name"]:
        raise DomainError(_("Please write the name."), code="empty", field="name")
    for name, allowed in (("tier", TIERS), ("language", LOCALES), ("preferred_channel", CHANNELS)):
        if name in cleaned and cleaned[name] not in allowed:
            raise DomainError(_("Please choose one of the choices."), code="unknown", field=name)
    if cleaned.get("tier", known.tier) == "plain":
        if "tier" in cleaned:
            cleaned["tier_reason"] = ""
    elif not cleaned.get("tier_reason", known.tier_reason):
        raise DomainError(_("Please say why, so that colleagues understand."), code="empty", field="tier_reason")
    _check_external_id(cleaned.get("external_id"), known.id)
    return cleaned


def _check_external_id(external_id: str | None, own_id: int | None) -> None:
    if not external_id:
        return
    taken = db.session.scalar(sa.select(Contact.id).where(Contact.external_id == external_id))
    if taken is not None and taken != own_id:
        raise DomainError(_("Another contact has this number already."), code="taken", field="external_id")


def archive_contact(contact: Contact, *, by: Actor | None) -> None:
    """Take a person off the lists; cards, orders and history stay as they are. Archived twice is archived once."""
    hold(contact)
    if contact.archived_at is None:
        contact.archived_at = utcnow()
        db.session.flush()
        record("contact.archived", contact, by=by)


def restore_contact(contact: Contact, *, by: Actor | None) -> None:
    """Bring an archived person back."""
    hold(contact)
    if contact.erased_at is not None:
        raise Conflict(_("The data of this contact is erased."), code="erased")
    if contact.archived_at is not None:
        contact.archived_at = None
        db.session.flush()
        record("contact.restored", contact, by=by)
