"""Going to a person by mobile number, e-mail or code."""

import sqlalchemy as sa
from flask import url_for

from app.codes import parse_code
from app.extensions import db
from app.phones import parse_phone
from app.users.models import User
from contacts.models import Company, Contact, ContactPoint


def find_contact(text: str, user: User) -> str | None:
    """The page of the person or company; None when nobody, or more than one, is known under this."""
    code, normalised = parse_code(text), parse_phone(text) or (text.lower() if "@" in text else None)
    if code:
        for model, endpoint in ((Contact, "contacts.show"), (Company, "companies.show")):
            found = db.session.scalar(model.visible_to(user).where(model.code == code))
            if found:
                return url_for(endpoint, code=found.code)
    if not normalised:
        return None
    reached = ContactPoint.contact_id.in_(Contact.visible_to(user).with_only_columns(Contact.id))
    ids = db.session.scalars(
        sa.select(ContactPoint.contact_id).where(ContactPoint.normalised == normalised, reached).distinct().limit(2)
    ).all()
    if len(ids) == 1:
        return url_for("contacts.show", code=db.session.get_one(Contact, ids[0]).code)
    return url_for("contacts.index", q=text) if ids else None
