"""People for programs."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.api.access import me
from app.api.lists import rows_of
from app.api.resource import Answer, Resource
from app.api.shapes import inside
from app.codes import parse_code
from app.emails import parse_email
from app.errors import DomainError, NotFound
from app.i18n import _
from app.links import external
from app.phones import parse_mobile
from app.policies import require
from app.text import clean_line
from contacts.api.archive import moved
from contacts.api.shapes import (
    ContactAnswer,
    ContactChanges,
    ContactFilters,
    ContactList,
    NewContact,
    NewMembership,
    NewPoint,
)
from contacts.models import Company, Contact, ContactPoint, Membership
from contacts.policies import can_edit
from contacts.queries import company_with_people, contact_with_points, matches_contact
from contacts.services import (
    add_membership,
    add_point,
    archive_contact,
    create_contact,
    end_membership,
    make_primary,
    remove_point,
    restore_contact,
    update_contact,
)

bp = Resource("contacts", __name__, tag="Contacts")


def get_contact(code: str) -> Contact:
    """The contact with this code, archived or not; `NotFound` when there is none."""
    contact = contact_with_points(me(), code)
    if contact is None:
        raise NotFound
    return contact


def get_changeable(code: str) -> Contact:
    """A contact that the token's user may change."""
    contact = get_contact(code)
    require(can_edit(me(), contact))
    return contact


def shown(contact: Contact) -> Answer:
    return Answer(ContactAnswer.of(contact), location=external(f"/api/v1/contacts/{contact.code}"))


@bp.operation("GET", "/contacts", scope="contacts:read", summary="List contacts", query=ContactFilters,
              answer=ContactList)  # fmt: skip
def list_contacts(query: ContactFilters) -> ContactList:
    """Contacts that fit every filter."""
    found = sa.select(Contact).where(Contact.archived_at.is_not(None) if query.archived else
                                     Contact.archived_at.is_(None))  # fmt: skip
    if query.q:
        found = found.where(matches_contact(query.q))
    if query.external_id is not None:
        found = found.where(Contact.external_id == clean_line(query.external_id))
    for kind, typed, parse in (("mobile", query.mobile, parse_mobile), ("email", query.email, parse_email)):
        if typed is not None:
            point = sa.and_(ContactPoint.kind == kind, ContactPoint.normalised == (parse(typed) or ""))
            found = found.where(Contact.points.any(point))
    if query.company is not None:
        is_theirs = Membership.company.has(Company.code == (parse_code(query.company) or ""))
        found = found.where(Contact.memberships.any(is_theirs))
    companies = selectinload(Contact.memberships).joinedload(Membership.company)
    rows, following = rows_of(found.options(selectinload(Contact.points), companies), Contact.id, query)
    return ContactList(items=[ContactAnswer.of(row) for row in rows], next=following)


@bp.operation("POST", "/contacts", scope="contacts:write", summary="Add a contact", body=NewContact, status=201,
              answer=ContactAnswer)  # fmt: skip
def create_contact_(body: NewContact) -> Answer:
    """A new person with the ways to reach them; the first of each kind is the primary one."""
    facts = body.model_dump(exclude={"points"})
    contact = create_contact(by=me(), **facts)
    for place, point in enumerate(body.points):
        with inside("points", place):
            add_point(contact, point.kind, point.value, by=me(), label=point.label, is_shared=point.is_shared)
    return shown(contact)


@bp.operation("GET", "/contacts/<code>", scope="contacts:read", summary="Read a contact", answer=ContactAnswer)
def show_contact(code: str) -> Answer:
    """A person, archived or not."""
    return shown(get_contact(code))


@bp.operation("PATCH", "/contacts/<code>", scope="contacts:write", summary="Change a contact", body=ContactChanges,
              answer=ContactAnswer)  # fmt: skip
def change_contact(code: str, body: ContactChanges) -> Answer:
    """Change what is sent and nothing else."""
    contact = get_changeable(code)
    given = {name: "" if value is None else value for name, value in body.given().items()}
    update_contact(contact, by=me(), **given)
    return shown(contact)


@bp.operation("POST", "/contacts/<code>/points", scope="contacts:write", summary="Add a way to reach a contact",
              body=NewPoint, status=201, answer=ContactAnswer)  # fmt: skip
def create_point(code: str, body: NewPoint) -> Answer:
    """A mobile, phone, e-mail or address."""
    contact = get_changeable(code)
    add_point(contact, body.kind, body.value, by=me(), label=body.label, is_shared=body.is_shared)
    return shown(contact)


def get_point(contact: Contact, point_id: int) -> ContactPoint:
    """This contact's point; `NotFound` for others'."""
    point = next((row for row in contact.points if row.id == point_id), None)
    if point is None:
        raise NotFound
    return point


@bp.operation("POST", "/contacts/<code>/points/<int(max=2147483647):point_id>/removal", scope="contacts:write",
              summary="Remove a way to reach a contact", answer=ContactAnswer)  # fmt: skip
def create_point_removal(code: str, point_id: int) -> Answer:
    """When it was the primary one, the oldest other of its kind takes over."""
    contact = get_changeable(code)
    remove_point(contact, get_point(contact, point_id), by=me())
    return shown(contact)


@bp.operation("POST", "/contacts/<code>/points/<int(max=2147483647):point_id>/primary", scope="contacts:write",
              summary="Prefer a way to reach a contact", answer=ContactAnswer)  # fmt: skip
def create_primary_point(code: str, point_id: int) -> Answer:
    """Messages of its kind go here first."""
    contact = get_changeable(code)
    make_primary(contact, get_point(contact, point_id), by=me())
    return shown(contact)


@bp.operation("POST", "/contacts/<code>/memberships", scope="contacts:write", summary="Let a contact act for a company",
              body=NewMembership, status=201, answer=ContactAnswer)  # fmt: skip
def create_membership(code: str, body: NewMembership) -> Answer:
    """With what they may see of the company's in the portal; nothing unless it is sent."""
    contact = get_changeable(code)
    company = company_with_people(me(), body.company)
    if company is None or company.archived_at is not None:
        sentence = _("Nobody of exactly this name was found. Please choose from the list.")
        raise DomainError(sentence, code="unknown", field="company")
    add_membership(contact, company, by=me(), **body.model_dump(exclude={"company"}))
    return shown(contact)


@bp.operation("POST", "/contacts/<code>/memberships/<int(max=2147483647):membership_id>/end", scope="contacts:write",
              summary="End a membership", answer=ContactAnswer)  # fmt: skip
def create_membership_end(code: str, membership_id: int) -> Answer:
    """From now on they see nothing of the company's."""
    contact = get_changeable(code)
    membership = next((row for row in contact.memberships if row.id == membership_id), None)
    if membership is None:
        raise NotFound
    end_membership(membership, by=me())
    return shown(contact)


@bp.operation("POST", "/contacts/<code>/archival", scope="contacts:write", summary="Archive a contact",
              answer=ContactAnswer)  # fmt: skip
def create_contact_archival(code: str) -> Answer:
    """Take a person off the lists; cards, orders and history stay. The token's user is a manager."""
    return shown(moved(get_contact(code), archive_contact))


@bp.operation("POST", "/contacts/<code>/restoration", scope="contacts:write", summary="Bring a contact back",
              answer=ContactAnswer)  # fmt: skip
def create_contact_restoration(code: str) -> Answer:
    """Out of the archive. The token's user is a manager."""
    return shown(moved(get_contact(code), restore_contact))
