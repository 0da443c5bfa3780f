"""People and companies in the feed of events."""

from app.api import feed
from app.extensions import db
from app.users.models import User
from contacts.models import Contact


def _codes(user: User, ids: set[int]) -> dict[int, str]:
    query = Contact.kept_for(user).with_only_columns(Contact.id, Contact.code).where(Contact.id.in_(ids))
    return {row.id: row.code for row in db.session.execute(query)}


feed.name_by_code("contact_id", _codes)
feed.tell("contacts:read", dict.fromkeys((
    "contact.created", "contact.updated", "contact.archived", "contact.restored", "contact.point_added",
    "contact.point_removed", "contact.point_made_primary", "membership.added", "membership.changed",
    "membership.ended",
), ()))  # fmt: skip
