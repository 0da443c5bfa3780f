"""Companies, and the person that each row names with its company."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.events import Actor
from app.extensions import db
from app.i18n import _l
from app.ids import bare_digits
from contacts.models import Company
from contacts.services import create_company, update_company
from imports.facts import Facts, Item, joined
from imports.fields import Field
from imports.kinds.base import CREATED, UNCHANGED, UPDATED, Counts, Kind, Work, blaming, changed_by
from imports.kinds.people import People, by_external_id, by_name, only
from imports.plans import Plan

FIELDS = (
    Field("external_id", _l("Customer number"), "key", identifies=True, names=(
        "id", "customer id", "customer no", "customer number", "company id", "company number", "code", "کد", "شناسه",
        "شماره مشتری", "کد مشتری", "کد شرکت", "شماره شرکت",
    )),
    Field("name", _l("Company name"), is_required=True, identifies=True, names=(
        "company", "company name", "customer", "customer name", "organisation", "organization", "نام شرکت", "شرکت",
        "نام", "نام سازمان", "سازمان", "نام مشتری",
    )),
    Field("name_en", _l("Name in English"), names=("english name", "company name en", "نام انگلیسی", "نام لاتین")),
    Field("legal_id", _l("National legal ID"), "key", identifies=True, names=(
        "national id", "legal id", "national legal id", "شناسه ملی", "شناسه ملی شرکت",
    )),
    Field("economic_code", _l("Economic code"), "key", names=("economic id", "tax id", "vat id", "کد اقتصادی")),
    Field("phone", _l("Phone"), names=("tel", "telephone", "phone number", "تلفن", "شماره تلفن", "تلفن ثابت")),
    Field("address", _l("Address"), joins=True, names=("street", "address 1", "address 2", "نشانی", "آدرس")),
    Field("city", _l("City"), names=("town", "شهر")),
    Field("region", _l("Province or state"), names=("state", "province", "استان", "ایالت")),
    Field("postal_code", _l("Postal code"), "key", names=("zip", "zip code", "postcode", "کد پستی", "کدپستی")),
    Field("country", _l("Country"), names=("کشور",)),
    Field("person", _l("Contact person"), names=(
        "contact", "contact name", "contact person", "نام رابط", "رابط", "شخص رابط", "نام شخص",
    )),
    Field("person_title", _l("Job title of the person"), names=(
        "contact title", "job title", "title", "position", "سمت", "سمت رابط", "عنوان شغلی",
    )),
    Field("person_mobile", _l("Mobile of the person"), names=(
        "mobile", "mobile number", "cell", "cell phone", "موبایل", "تلفن همراه", "شماره موبایل", "همراه",
    )),
    Field("person_phone", _l("Phone of the person"), names=(
        "direct phone", "contact phone", "تلفن مستقیم", "تلفن رابط",
    )),
    Field("person_email", _l("E-mail of the person"), names=(
        "email", "e-mail", "mail", "email address", "contact email", "ایمیل", "پست الکترونیک", "رایانامه",
    )),
)  # fmt: skip
FACTS = ("external_id", "name", "name_en", "legal_id", "economic_code", "phone", "address", "postal_code", "country")


class CompaniesWork(Work):
    """Companies by number, legal ID or name."""

    def __init__(self, plan: Plan, by: Actor | None) -> None:
        super().__init__(plan, by)
        self.people = People(by)

    def normalised(self, key: str, value: Any) -> str:
        return bare_digits(value) or str(value) if key == "legal_id" else super().normalised(key, value)

    def apply(self, item: Item) -> Counts:
        company, facts = self._find(item), company_facts(item.facts)
        if company is None:
            self.may_create(item)
            with blaming({name: name for name in FACTS} | {"city": "city"}):
                company = create_company(by=self.by, silent=True, **facts)
            return Counter({("companies", CREATED): 1}) + self.people.keep(company, item.facts)
        if not self.may_update:
            return Counter({("companies", UNCHANGED): 1})
        with blaming({name: name for name in FACTS} | {"city": "city"}):
            is_changed = changed_by(company, facts, lambda: update_company(company, by=self.by, **facts))
        outcome = UPDATED if is_changed else UNCHANGED
        return Counter({("companies", outcome): 1}) + self.people.keep(company, item.facts)

    def _find(self, item: Item) -> Company | None:
        key, value = self.mark(item)
        if key == "name":
            found = by_name(Company, value)
        elif key == "legal_id":
            found = list(db.session.scalars(sa.select(Company).where(Company.legal_id == value)))
        else:
            found = by_external_id(Company, value)
        company: Company | None = only(found, key)
        return company


def company_facts(facts: Facts) -> dict[str, Any]:
    """What the verbs of companies take; the province stands behind the city."""
    found = {name: facts[name] for name in FACTS if name in facts}
    if place := [facts[name] for name in ("city", "region") if name in facts]:
        found["city"] = joined(place)
    return found


class Companies(Kind):
    key = "companies"
    label = _l("Companies")
    hint = _l("One row a company, with its contact person where there is one.")
    work = CompaniesWork
    main_fields = FIELDS
