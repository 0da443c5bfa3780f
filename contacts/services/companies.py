"""A company enters the records, changes, leaves the lists and returns."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from app import events, ids
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.phones import parse_phone
from contacts.models import Company
from contacts.services.changes import apply, check_lengths, cleaned_lines

events.define("company.created", "company.updated", "company.archived", "company.restored")


class CompanyFacts(TypedDict, total=False):
    """What is kept of a company. `phone` of an import may have a form that no rule knows: it is kept as typed."""

    name: str
    name_en: str
    legal_id: str | None
    economic_code: str | None
    phone: str
    address: str
    city: str
    postal_code: str
    country: str
    external_id: str | None


OR_NOTHING = ("legal_id", "economic_code", "external_id")


def create_company(
    *, by: Actor | None, at: datetime | None = None, silent: bool = False, **facts: Unpack[CompanyFacts]
) -> Company:
    """A new company. Raises a `DomainError` naming the field that is wrong."""
    cleaned = _checked(facts, None)
    if not cleaned.get("name"):
        raise DomainError(_("Please write the name."), code="empty", field="name")
    company = Company(created_at=at or utcnow())
    company.rename(cleaned.pop("name"), cleaned.pop("name_en", ""))
    for name, value in cleaned.items():
        setattr(company, name, value)
    db.session.add(company)
    db.session.flush()
    record("company.created", company, by=by, at=at, silent=silent, data={"name": company.name})
    return company


def update_company(company: Company, *, by: Actor | None, **facts: Unpack[CompanyFacts]) -> None:
    """Change what is known of a company; equal values change and record nothing."""
    hold(company)
    changes = apply(company, _checked(facts, company))
    if changes:
        db.session.flush()
        record("company.updated", company, by=by, data=changes)


def _checked(facts: CompanyFacts, known: Company | None) -> dict[str, Any]:
    cleaned = cleaned_lines(facts)
    for name in OR_NOTHING:
        if name in facts:
            cleaned[name] = cleaned.get(name) or None
    check_lengths(cleaned)
    if "name" in cleaned and not cleaned["name"]:
        raise DomainError(_("Please write the name."), code="empty", field="name")
    if cleaned.get("phone"):
        cleaned["phone"] = parse_phone(cleaned["phone"]) or cleaned["phone"]
    if cleaned.get("postal_code"):
        cleaned["postal_code"] = ids.bare_digits(cleaned["postal_code"]) or cleaned["postal_code"]
    if cleaned.get("legal_id"):
        if not ids.is_legal_id(cleaned["legal_id"]):
            raise DomainError(_("This is not a national legal ID. It has 11 digits."), code="invalid", field="legal_id")
        cleaned["legal_id"] = ids.bare_digits(cleaned["legal_id"])
    _check_external_id(cleaned.get("external_id"), known)
    return cleaned


def _check_external_id(external_id: str | None, known: Company | None) -> None:
    if not external_id:
        return
    taken = db.session.scalar(sa.select(Company.id).where(Company.external_id == external_id))
    if taken is not None and (known is None or taken != known.id):
        raise DomainError(_("Another company has this number already."), code="taken", field="external_id")


def archive_company(company: Company, *, by: Actor | None) -> None:
    """Take a company off the lists; its people, cards and orders stay as they are."""
    hold(company)
    if company.archived_at is None:
        company.archived_at = utcnow()
        db.session.flush()
        record("company.archived", company, by=by)


def restore_company(company: Company, *, by: Actor | None) -> None:
    """Bring an archived company back."""
    hold(company)
    if company.archived_at is not None:
        company.archived_at = None
        db.session.flush()
        record("company.restored", company, by=by)
