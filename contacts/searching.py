"""People and companies in the search: found by names, codes, numbers from either end, addresses, and by their sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import selectinload

from app import events, search
from app.events import Event
from app.extensions import db
from app.filters import digits
from app.i18n import _l
from app.phones import show_phone
from app.search import Doc, Found, Group, Hit
from app.search.sources import among
from app.search.words import exact_mark, kept_words, number_marks, sound_mark
from app.text import search_key
from app.users.models import User
from contacts.models import Company, Contact, ContactPoint, Membership


def docs_of_contacts(ids: Sequence[int]) -> list[Doc]:
    """What is found of these people; archived ones are not. Two queries."""
    columns = (Contact.id, Contact.code, Contact.name, Contact.name_en, Contact.external_id, Contact.created_at)
    query = sa.select(*columns).where(among(Contact.id, ids), Contact.archived_at.is_(None))
    people: Sequence[Any] = db.session.execute(query).all()
    points: dict[int, list[Any]] = {}
    written = sa.select(ContactPoint.contact_id, ContactPoint.kind, ContactPoint.normalised)
    for point in db.session.execute(written.where(among(ContactPoint.contact_id, ids)).order_by(ContactPoint.id)):
        points.setdefault(point.contact_id, []).append(point)
    return [_doc_of_contact(contact, points.get(contact.id, ())) for contact in people]


def _doc_of_contact(contact: sa.Row[Any], points: Sequence[Any]) -> Doc:
    written = {kind: [p.normalised for p in points if p.kind == kind] for kind in ("email", "address")}
    numbers = [p.normalised for p in points if p.kind in {"mobile", "phone"}]
    words = [
        *kept_words(contact.name, contact.name_en, pairs=True), *kept_words(*written["email"], *written["address"]),
        *_sounds(contact.name, contact.name_en), *(mark for number in numbers for mark in number_marks(number)),
        *map(exact_mark, written["email"]), *_known_as(contact.code, contact.external_id),
    ]  # fmt: skip
    head = search_key(f"{contact.name} {contact.name_en}")
    return Doc(kind="contact", ref_id=contact.id, words=words, at=contact.created_at, head=head)


def docs_of_companies(ids: Sequence[int]) -> list[Doc]:
    """What is found of these companies; archived ones are not. One query."""
    query = sa.select(Company).where(among(Company.id, ids), Company.archived_at.is_(None))
    return [_doc_of_company(company) for company in db.session.scalars(query)]


def _doc_of_company(company: Company) -> Doc:
    words = [
        *kept_words(company.name, company.name_en, pairs=True), *kept_words(company.city),
        *_sounds(company.name, company.name_en), *number_marks(company.phone),
        *_known_as(company.code, company.external_id, company.legal_id, company.economic_code),
    ]  # fmt: skip
    head = search_key(f"{company.name} {company.name_en}")
    return Doc(kind="company", ref_id=company.id, words=words, at=company.created_at, head=head)


def _sounds(*names: str) -> list[str]:
    sounds = (sound_mark(word) for name in names for word in search_key(name).split())
    return list(dict.fromkeys(filter(None, sounds)))


def _known_as(*numbers: str | None) -> list[str]:
    return [mark for number in numbers if number for mark in (exact_mark(number), *kept_words(number))]


def _contacts(found: Sequence[Found], user: User) -> dict[int, Hit]:
    query = Contact.visible_to(user).where(Contact.id.in_([row.target_id for row in found]))
    people = selectinload(Contact.memberships).joinedload(Membership.company)
    query = query.options(selectinload(Contact.points), people)
    return {contact.id: _hit_of_contact(contact) for contact in db.session.scalars(query)}


def _hit_of_contact(contact: Contact) -> Hit:
    company = next((membership.company.shown_name for membership in contact.active_memberships), "")
    reached = digits(show_phone(contact.mobile)) if contact.mobile else contact.email or ""
    return Hit(url_for("contacts.show", code=contact.code), contact.shown_name, "mine", details=company, code=reached)


def _companies(found: Sequence[Found], user: User) -> dict[int, Hit]:
    query = Company.visible_to(user).where(Company.id.in_([row.target_id for row in found]))
    return {
        company.id: Hit(url_for("companies.show", code=company.code), company.shown_name, "building",
                        details=company.city, code=digits(show_phone(company.phone)))
        for company in db.session.scalars(query)
    }  # fmt: skip


@events.on("contact.created", "contact.updated", "contact.archived", "contact.restored", "contact.erased",
           "contact.point_added", "contact.point_removed")  # fmt: skip
def _contact_changed(event: Event) -> None:
    """Names and numbers stand in the person's own row alone: their cards are found through them."""
    if event.subject_id is not None:
        search.renew(("contact",), event.subject_id)


@events.on("company.created", "company.updated", "company.archived", "company.restored")
def _company_changed(event: Event) -> None:
    if event.subject_id is not None:
        search.renew(("company",), event.subject_id)


search.add_source("contact", lambda: sa.select(Contact.id).where(Contact.archived_at.is_(None)), docs_of_contacts)
search.add_source("company", lambda: sa.select(Company.id).where(Company.archived_at.is_(None)), docs_of_companies)
search.add_group(Group("contact", _l("People"), "people", 20, ("contact",), _contacts))
search.add_group(Group("company", _l("Companies"), "building", 30, ("company",), _companies))
