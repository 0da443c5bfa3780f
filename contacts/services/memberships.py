"""Who acts for which company, since when, and what of the company's they may see in the portal."""

from datetime import date
from typing import TypedDict, Unpack

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.text import clean_line
from contacts.models import Company, Contact, Membership
from contacts.services.changes import apply, check_lengths

events.define("membership.added", "membership.changed", "membership.ended")


class MembershipFacts(TypedDict, total=False):
    """The title and the rights. All rights are off unless given."""

    title: str
    is_manager: bool
    can_see_company_tickets: bool
    can_see_company_orders: bool
    can_see_prices: bool


def add_membership(
    contact: Contact,
    company: Company,
    *,
    by: Actor | None,
    since_on: date | None = None,
    silent: bool = False,
    **facts: Unpack[MembershipFacts],
) -> Membership:
    """Let the contact act for the company. Raises a `DomainError` on `company` when they do so already."""
    hold(contact)
    cleaned = _checked(facts)
    if any(known.company_id == company.id and known.is_active for known in contact.memberships):
        raise DomainError(_("This person belongs to this company already."), code="duplicate", field="company")
    membership = Membership(company_id=company.id, company=company, since_on=since_on, **cleaned)
    contact.memberships.append(membership)
    db.session.flush()
    record("membership.added", contact, by=by, silent=silent, data=_data(membership, company, **cleaned))
    return membership


def change_membership(membership: Membership, *, by: Actor | None, **facts: Unpack[MembershipFacts]) -> None:
    """Change the title or the rights; equal values change and record nothing."""
    hold(membership)
    changes = apply(membership, _checked(facts))
    if changes:
        db.session.flush()
        record("membership.changed", membership.contact, by=by, data=_data(membership, membership.company, **changes))


def end_membership(membership: Membership, *, by: Actor | None) -> None:
    """End it today: from now on nothing of the company's is seen. An ended one stays as it is."""
    hold(membership)
    if not membership.is_active:
        return
    membership.until_on = utcnow().date()
    db.session.flush()
    record("membership.ended", membership.contact, by=by, data=_data(membership, membership.company))


def _checked(facts: MembershipFacts) -> MembershipFacts:
    cleaned = facts.copy()
    if "title" in cleaned:
        cleaned["title"] = clean_line(cleaned["title"])
    check_lengths(cleaned)
    return cleaned


def _data(membership: Membership, company: Company, **more: object) -> dict[str, object]:
    return {"membership": membership.id, "company": company.id, "company_name": company.name, **more}
