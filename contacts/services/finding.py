"""The person whom a shop speaks of: somebody we know, or somebody new."""

import sqlalchemy as sa

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from contacts.models import Contact
from contacts.queries import find_by_point
from contacts.services.people import create_contact, update_contact
from contacts.services.points import normalise


def find_or_create_contact(
    *, by: Actor | None, name: str = "", external_id: str = "", mobile: str = "", email: str = ""
) -> tuple[Contact, bool]:
    """The contact with this number in the shop, else with this mobile or e-mail, else a new one; and whether it is new.

    Somebody found by mobile or e-mail whom the shop has given no number yet gets this one. Raises a `DomainError` on
    `name`, `mobile`, `email` or `external_id`.
    """
    points = [(kind, value) for kind, value in (("mobile", mobile), ("email", email)) if value]
    if not external_id and not points:
        sentence = _("Say who it is: by code, number in the shop, mobile or e-mail.")
        raise DomainError(sentence, code="empty", field="name")
    known = _by_external_id(external_id) or _by_point(points, external_id)
    if known is None:
        return create_contact(by=by, name=name, external_id=external_id or None, points=points), True
    if external_id and known.external_id is None:
        update_contact(known, by=by, external_id=external_id)
    return known, False


def _by_external_id(external_id: str) -> Contact | None:
    if not external_id:
        return None
    found = db.session.scalar(sa.select(Contact).where(Contact.external_id == external_id))
    if found is not None and found.archived_at is not None:
        raise DomainError(_("This contact is in the archive. Bring them back first."), code="archived",
                          field="external_id")  # fmt: skip
    return found


def _by_point(points: list[tuple[str, str]], external_id: str) -> Contact | None:
    """Who has one of these; people of another number in the shop are somebody else, who shares it."""
    for kind, value in points:
        try:
            found = find_by_point(*normalise(kind, value))
        except DomainError as error:
            raise DomainError(error.message, code=error.code, field=kind) from error
        for contact in found:
            if not external_id or contact.external_id in {None, external_id}:
                return contact
    return None
