"""Ways to reach a person: added, removed, one of each kind the primary one."""

from datetime import datetime

from app import events
from app.emails import parse_email
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.phones import parse_mobile, parse_phone
from app.text import clean_line
from contacts.models import Contact, ContactPoint
from contacts.models.point import KINDS

events.define("contact.point_added", "contact.point_removed", "contact.point_made_primary")
ADDRESS_LENGTH = 400
LABEL_LENGTH = 40


def normalise(kind: str, value: str) -> tuple[str, str]:
    """The kind and the form in which a point is stored and found; a mobile given as a phone is a mobile.

    Raises a `DomainError` on the field `value` for what is no such thing.
    """
    value = clean_line(value)
    if kind not in KINDS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="kind")
    if not value:
        raise DomainError(_("Please fill this in."), code="empty", field="value")
    if kind == "address":
        if len(value) > ADDRESS_LENGTH:
            sentence = _("This is too long. Use at most %(max)s characters.", max=ADDRESS_LENGTH)
            raise DomainError(sentence, code="too_long", field="value")
        return kind, value
    if kind == "phone" and parse_mobile(value):
        kind = "mobile"
    found = {"mobile": parse_mobile, "phone": parse_phone, "email": parse_email}[kind](value)
    if found is None:
        raise DomainError(_sentences()[kind], code="invalid", field="value")
    return kind, found


def _sentences() -> dict[str, str]:
    return {
        "mobile": _("This is not a mobile number. Write it like 0912 345 6789."),
        "phone": _("This is not a telephone number. Write it with the area code, like 021 8877 6655."),
        "email": _("This is not an e-mail address. Write it like name@example.com."),
    }


def add_point(
    contact: Contact,
    kind: str,
    value: str,
    *,
    by: Actor | None,
    label: str = "",
    is_shared: bool = False,
    verified_at: datetime | None = None,
) -> ContactPoint:
    """Add a way to reach the person; the first of its kind becomes primary.

    Several people may share a number; one person has it once (`DomainError` on `value`).
    """
    kind, normalised = normalise(kind, value)
    hold(contact)
    point = attach(contact, kind, value, normalised)
    point.label, point.is_shared, point.verified_at = clean_line(label)[:LABEL_LENGTH], is_shared, verified_at
    db.session.flush()
    record("contact.point_added", contact, by=by, data={"point": point.id, "kind": kind, "value": normalised})
    return point


def attach(contact: Contact, kind: str, value: str, normalised: str) -> ContactPoint:
    """The row alone, for the verb around it."""
    same = [point for point in contact.points if point.kind == kind]
    if any(point.normalised == normalised for point in same):
        raise DomainError(_("This is here already."), code="duplicate", field="value")
    point = ContactPoint(kind=kind, raw=clean_line(value)[:ADDRESS_LENGTH], normalised=normalised, is_primary=not same)
    contact.points.append(point)
    return point


def remove_point(contact: Contact, point: ContactPoint, *, by: Actor | None) -> None:
    """Remove a way to reach the person; when it was the primary one, the oldest other of its kind takes over."""
    hold(contact)
    if point not in contact.points:
        return
    contact.points.remove(point)
    heirs = sorted((other for other in contact.points if other.kind == point.kind), key=lambda other: other.id)
    if point.is_primary and heirs:
        heirs[0].is_primary = True
    db.session.flush()
    record("contact.point_removed", contact, by=by, data={"kind": point.kind, "value": point.normalised})


def make_primary(contact: Contact, point: ContactPoint, *, by: Actor | None) -> None:
    """Let messages of this kind go to this point first."""
    hold(contact)
    if point not in contact.points or point.is_primary:
        return
    for other in contact.points:
        if other.kind == point.kind:
            other.is_primary = other is point
    db.session.flush()
    record("contact.point_made_primary", contact, by=by,
           data={"point": point.id, "kind": point.kind, "value": point.normalised})  # fmt: skip
