"""Finding people and companies: lists by name, search as people type it, owners of a number."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import selectinload

from app.codes import parse_code
from app.extensions import db
from app.paging import Page
from app.phones import parse_phone
from app.text import ascii_digits, clean_line, compact_key, search_key
from app.users.models import User
from contacts.models import Company, Contact, ContactPoint, Membership

PAGE = 50
# What is typed in a search box beyond this names nobody.
LONGEST_SEARCH = 80
SHORTEST_TAIL = 4


def find_by_point(kind: str, normalised: str) -> list[Contact]:
    """People who have this point of contact, those who proved it first; archived ones left out. One query."""
    query = sa.select(Contact).join(ContactPoint).where(Contact.archived_at.is_(None))
    query = query.where(ContactPoint.kind == kind, ContactPoint.normalised == normalised)
    return list(db.session.scalars(query.order_by(ContactPoint.verified_at.is_(None), Contact.id)))


def matches_contact(text: str) -> ColumnElement[bool]:
    """Whether a contact is meant by what was typed: words of the name in any spelling, the end of a number, an e-mail
    address, a code."""
    text = clean_line(text)[:LONGEST_SEARCH]
    found = [_names(Contact.search_key, text), *_codes(Contact, text)]
    points = _points(text)
    if points is not None:
        found.append(Contact.id.in_(sa.select(ContactPoint.contact_id).where(points)))
    return sa.or_(*found)


def matches_company(text: str) -> ColumnElement[bool]:
    """Whether a company is meant: words of the name, a code, the legal ID, the end of its telephone number."""
    text = clean_line(text)[:LONGEST_SEARCH]
    found = [_names(Company.search_key, text), *_codes(Company, text)]
    digits = _digits(text)
    if digits is not None:
        found += [Company.legal_id == digits, Company.phone.endswith(digits)]
    return sa.or_(*found)


def _names(column: Any, text: str) -> ColumnElement[bool]:
    """Each word occurs, or all of them run together do: می‌خواهم, می خواهم and میخواهم are one."""
    words = search_key(text).split()
    if not words:
        return sa.false()
    each = sa.and_(*(column.contains(word, autoescape=True) for word in words))
    together = sa.func.replace(column, " ", "").contains(compact_key(text), autoescape=True)
    return sa.or_(each, together)


def _codes(model: type[Contact] | type[Company], text: str) -> list[ColumnElement[bool]]:
    code = parse_code(text)
    return [model.external_id == ascii_digits(text), *([model.code == code] if code else [])]


def _digits(text: str) -> str | None:
    """The digits of what may be a number, without the marks between them; None when it is none or too short."""
    bare = re.sub(r"[\s\-().+/\u200c]", "", ascii_digits(text))
    return bare if bare.isascii() and bare.isdigit() and len(bare) >= SHORTEST_TAIL else None


def _points(text: str) -> ColumnElement[bool] | None:
    if "@" in text:
        address = ascii_digits(text).lower()
        return sa.and_(ContactPoint.kind == "email", ContactPoint.normalised.contains(address, autoescape=True))
    digits = _digits(text)
    if digits is None:
        return None
    number = parse_phone(text)
    is_number = ContactPoint.kind.in_(("mobile", "phone"))
    if number is not None:
        return sa.and_(is_number, ContactPoint.normalised == number)
    # A number typed from its beginning lacks only its end.
    begins = ContactPoint.normalised.startswith(f"+98{digits[1:]}") if digits.startswith("0") else sa.false()
    return sa.and_(is_number, sa.or_(ContactPoint.normalised.endswith(digits), begins))


def page_of_contacts(user: User, text: str = "", after: str | None = None, *, archived: bool = False) -> Page[Contact]:
    """Contacts by name with their points and companies, `PAGE` at a time. Three queries."""
    query = Contact.kept_for(user).where(Contact.archived_at.is_not(None)) if archived else Contact.visible_to(user)
    query = query.options(
        selectinload(Contact.points), selectinload(Contact.memberships).joinedload(Membership.company)
    )
    return _page(query.where(matches_contact(text)) if text else query, Contact, after)


def page_of_companies(user: User, text: str = "", after: str | None = None, *, archived: bool = False) -> Page[Company]:
    """Companies by name with their people, `PAGE` at a time. Two queries."""
    query = Company.kept_for(user).where(Company.archived_at.is_not(None)) if archived else Company.visible_to(user)
    query = query.options(selectinload(Company.memberships).joinedload(Membership.contact))
    return _page(query.where(matches_company(text)) if text else query, Company, after)


def _page(query: Select[Any], model: type[Contact] | type[Company], after: str | None) -> Page[Any]:
    mark = re.fullmatch(r"([a-z0-9]*)\.([0-9]{1,18})", after or "")
    if mark:
        query = query.where(sa.tuple_(model.sort_key, model.id) > sa.tuple_(sa.literal(mark[1]), int(mark[2])))
    rows = list(db.session.scalars(query.order_by(model.sort_key, model.id).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.sort_key}.{last.id}" if last else None)


def contact_with_points(user: User, code: str) -> Contact | None:
    """A contact, archived or not, with points, memberships and companies. Three queries."""
    query = Contact.kept_for(user).where(Contact.code == (parse_code(code) or ""))
    return db.session.scalar(query.options(
        selectinload(Contact.points), selectinload(Contact.memberships).joinedload(Membership.company)
    ))  # fmt: skip


def company_with_people(user: User, code: str) -> Company | None:
    """A company, archived or not, with its people and their points. Three queries."""
    query = Company.kept_for(user).where(Company.code == (parse_code(code) or ""))
    people = selectinload(Company.memberships).joinedload(Membership.contact)
    return db.session.scalar(query.options(people, people.selectinload(Contact.points)))


def choices_of_contacts(user: User, text: str, limit: int = 8) -> list[Contact]:
    """The first few contacts that are meant by what is typed so far, with what tells namesakes apart."""
    query = Contact.visible_to(user).where(matches_contact(text)).order_by(Contact.sort_key, Contact.id).limit(limit)
    people = selectinload(Contact.memberships).joinedload(Membership.company)
    return list(db.session.scalars(query.options(selectinload(Contact.points), people)))


def choices_of_companies(user: User, text: str, limit: int = 8) -> list[Company]:
    """The first few companies that are meant by what is typed so far."""
    query = Company.visible_to(user).where(matches_company(text)).order_by(Company.sort_key, Company.id).limit(limit)
    return list(db.session.scalars(query))


def named(model: Any, text: str) -> Any | None:
    """The one contact or company that bears exactly this name or code; None when there is none or more than one."""
    key, code = search_key(text), parse_code(text)
    if not key:
        return None
    query = sa.select(model).where(model.archived_at.is_(None))
    query = query.where(sa.or_(model.code == (code or ""), model.search_key.contains(key)))
    found = [row for row in db.session.scalars(query.limit(50)) if row.code == code or key in _keys_of(row)]
    return found[0] if len(found) == 1 else None


def _keys_of(row: Contact | Company) -> set[str]:
    return {search_key(row.name), search_key(row.name_en)} - {""}
