"""For whom a card or an order is."""

from app.api.access import me, require_scope
from app.api.shapes import inside
from app.codes import parse_code
from app.errors import DomainError
from app.extensions import db
from app.i18n import _
from cards.api.shapes import Customer
from cards.pages.routes.opening import company_of
from contacts.models import Company, Contact
from contacts.services import find_or_create_contact


def contact_for(given: Customer) -> Contact:
    """The contact with this code; else somebody found or added, for which the token needs a scope."""
    if given.code is not None:
        found = db.session.scalar(Contact.visible_to(me()).where(Contact.code == (parse_code(given.code) or "")))
        if found is None:
            raise DomainError(_("There is no such contact."), code="unknown", field="contact.code")
        return found
    require_scope("contacts:write")
    with inside("contact"):
        return find_or_create_contact(by=me(), **given.model_dump(exclude={"code"}))[0]


def company_for(code: str | None, contact: Contact) -> Company | None:
    """The company with this code; without one, that for which the contact speaks when there is only one."""
    if code is None:
        return company_of(contact)
    found = db.session.scalar(Company.visible_to(me()).where(Company.code == (parse_code(code) or "")))
    if found is None:
        raise DomainError(_("There is no such company."), code="unknown", field="company")
    return found
