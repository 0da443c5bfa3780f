"""Finding companies and people by what a file says of them, and keeping what belongs to a person."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.text import search_key
from contacts.models import Company, Contact
from contacts.queries import find_by_point
from contacts.services import add_membership, add_point, change_membership, create_contact, normalise
from imports.facts import Facts, Refused
from imports.kinds.base import CREATED, UNCHANGED, UPDATED, Counts, blaming

POINTS = ("mobile", "phone", "email", "address")


def only(found: list[Any], field: str) -> Any | None:
    """The one that was found, or None. Raises `Refused` when it could be any of several."""
    if len(found) > 1:
        raise Refused(_("Several records fit, so it is not clear which one is meant."), field)
    return found[0] if found else None


def by_name(model: type[Any], name: str) -> list[Any]:
    """Records that bear exactly this name in any spelling, archived ones left out. One query."""
    key = search_key(name)
    if not key:
        return []
    query = sa.select(model).where(model.archived_at.is_(None), model.search_key.contains(key, autoescape=True))
    found = db.session.scalars(query.order_by(model.id))
    return [row for row in found if key in {search_key(row.name), search_key(row.name_en)}]


def by_external_id(model: type[Any], external_id: str) -> list[Any]:
    """The record with this number elsewhere, archived or not. One query."""
    return list(db.session.scalars(sa.select(model).where(model.external_id == external_id)))


def by_point(kind: str, value: str) -> list[Contact]:
    """People with this mobile, phone or e-mail. Raises `Refused` for what is none."""
    with blaming(kind):
        found_kind, normalised = normalise(kind, value)
    return find_by_point(found_kind, normalised)


def add_missing_points(contact: Contact, facts: Facts, fields: dict[str, str], by: Actor | None) -> bool:
    """Add the ways to reach somebody that are not known yet; none is taken away. `fields`: kind -> its field."""
    added = False
    for kind, field in fields.items():
        if value := facts.get(field):
            with blaming(field):
                found_kind, normalised = normalise(kind, value)
                if not any(point.kind == found_kind and point.normalised == normalised for point in contact.points):
                    add_point(contact, kind, value, by=by)
                    added = True
    return added


def keep_membership(contact: Contact, company: Company, title: str | None, by: Actor | None, field: str) -> bool:
    """Let the person act for the company under this title; True when that was news."""
    known = next((each for each in contact.active_memberships if each.company_id == company.id), None)
    with blaming(field):
        if known is None:
            add_membership(contact, company, title=title or "", by=by, silent=True)
            return True
        before = known.title
        if title:
            change_membership(known, title=title, by=by)
        return known.title != before


class People:
    """The people of companies, who come with them in one row."""

    FIELDS = {"mobile": "person_mobile", "phone": "person_phone", "email": "person_email"}

    def __init__(self, by: Actor | None) -> None:
        self.by = by
        # Who was recorded by this run: in a dry run nobody of them is found again.
        self._new: set[tuple[str, str]] = set()

    def keep(self, company: Company, facts: Facts) -> Counts:
        """Record the row's person, or what is new about them. Ways to reach nobody in particular reach the company."""
        name = facts.get("person") or (company.name if facts.keys() & set(self.FIELDS.values()) else "")
        if not name:
            return Counter()
        contact = self._find(company, name, facts)
        if contact is None:
            points = [(kind, facts[field]) for kind, field in self.FIELDS.items() if field in facts]
            with blaming({"name": "person", **self.FIELDS}):
                contact = create_contact(by=self.by, name=name, points=points, silent=True)
            keep_membership(contact, company, facts.get("person_title"), self.by, "person_title")
            return Counter({("contacts", UPDATED if self._is_new_twice(name, facts) else CREATED): 1})
        news = keep_membership(contact, company, facts.get("person_title"), self.by, "person_title")
        news |= add_missing_points(contact, facts, self.FIELDS, self.by)
        return Counter({("contacts", UPDATED if news else UNCHANGED): 1})

    def _find(self, company: Company, name: str, facts: Facts) -> Contact | None:
        """The company's person of that name, else the one with that name and one of the numbers."""
        key = search_key(name)
        here = [each.contact for each in company.memberships if each.is_active and _is_called(each.contact, key)]
        if here:
            return only(here, "person")
        for kind, field in self.FIELDS.items():
            if value := facts.get(field):
                with blaming(field):
                    found_kind, normalised = normalise(kind, value)
                found = [each for each in find_by_point(found_kind, normalised) if _is_called(each, key)]
                if found:
                    return found[0]
        return None

    def _is_new_twice(self, name: str, facts: Facts) -> bool:
        marks = {(search_key(name), normalise(kind, facts[field])[1]) for kind, field in self.FIELDS.items()
                 if field in facts}  # fmt: skip
        is_known = bool(marks & self._new)
        self._new |= marks
        return is_known


def _is_called(contact: Contact, key: str) -> bool:
    return key in {search_key(contact.name), search_key(contact.name_en)}
