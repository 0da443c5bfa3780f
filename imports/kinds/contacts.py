"""People, how to reach them, and the company they act for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.events import Actor
from app.i18n import _, _l
from app.text import search_key
from contacts.models import Company, Contact
from contacts.services import create_company, create_contact, normalise, update_contact
from imports.facts import Facts, Item, Refused
from imports.fields import Field
from imports.kinds.base import CREATED, UNCHANGED, UPDATED, Counts, Kind, Work, blaming, changed_by
from imports.kinds.people import POINTS, add_missing_points, by_external_id, by_name, by_point, keep_membership, only
from imports.plans import Plan

FIELDS = (
    Field("external_id", _l("Customer number"), "key", identifies=True, names=(
        "id", "contact id", "customer id", "customer no", "customer number", "user id", "code", "کد", "شناسه",
        "شماره مشتری", "کد مشتری", "شماره اشتراک",
    )),
    Field("name", _l("Name"), identifies=True, names=(
        "full name", "contact", "contact name", "customer name", "نام کامل", "نام و نام خانوادگی", "نام مشتری",
    )),
    Field("first_name", _l("First name"), names=("given name", "forename", "نام", "نام کوچک")),
    Field("last_name", _l("Last name"), names=("surname", "family name", "نام خانوادگی", "فامیل", "فامیلی")),
    Field("name_en", _l("Name in English"), names=("english name", "نام انگلیسی", "نام لاتین")),
    Field("honorific", _l("Honorific"), names=("salutation", "title of courtesy", "prefix", "پیشوند", "عنوان خطاب")),
    Field("mobile", _l("Mobile"), identifies=True, names=(
        "mobile number", "mobile phone", "cell", "cell phone", "موبایل", "تلفن همراه", "شماره موبایل", "همراه",
        "شماره همراه",
    )),
    Field("phone", _l("Phone"), names=(
        "tel", "telephone", "phone number", "home phone", "تلفن", "شماره تلفن", "تلفن ثابت",
    )),
    Field("email", _l("E-mail"), identifies=True, names=(
        "e-mail", "mail", "email address", "ایمیل", "پست الکترونیک", "رایانامه",
    )),
    Field("address", _l("Address"), joins=True, names=(
        "street", "city", "province", "state", "region", "postal code", "zip", "country", "نشانی", "آدرس", "شهر",
        "استان", "کد پستی",
    )),
    Field("tier", _l("Tier"), names=("level", "class", "سطح", "رتبه", "طبقه")),
    Field("tier_reason", _l("Reason of the tier"), names=("reason", "دلیل سطح")),
    Field("language", _l("Language"), names=("locale", "زبان")),
    Field("company", _l("Company (its name)"), names=(
        "company name", "organisation", "organization", "شرکت", "نام شرکت",
    )),
    Field("company_number", _l("Company (its number)"), "key", names=(
        "company id", "company code", "کد شرکت", "شماره شرکت",
    )),
    Field("title", _l("Job title"), names=(
        "job title", "position", "role", "contact title", "سمت", "عنوان شغلی", "شغل",
    )),
)  # fmt: skip
FACTS = ("external_id", "name", "name_en", "honorific", "tier", "tier_reason", "language")
TIER_WORDS = {
    **dict.fromkeys(("plain", "regular", "normal", "معمولی", "عادی"), "plain"),
    **dict.fromkeys(("gold", "طلایی"), "gold"),
    **dict.fromkeys(("vip", "ویژه", "وی آی پی"), "vip"),
}
LANGUAGE_WORDS = {
    **dict.fromkeys(("fa", "persian", "farsi", "فارسی"), "fa"),
    **dict.fromkeys(("en", "english", "انگلیسی"), "en"),
}


class ContactsWork(Work):
    """People by number, mobile, e-mail or name."""

    def __init__(self, plan: Plan, by: Actor | None) -> None:
        super().__init__(plan, by)
        # Companies recorded by this run: in a dry run none of them is found again.
        self._new_companies: set[str] = set()

    def mark(self, item: Item) -> tuple[str, str]:
        item.facts["name"] = full_name(item.facts)
        return super().mark(item)

    def normalised(self, key: str, value: Any) -> str:
        if key in {"mobile", "email"}:
            with blaming(key):
                return normalise(key, value)[1]
        return super().normalised(key, value)

    def apply(self, item: Item) -> Counts:
        contact = self._find(item)
        facts = self._facts(item.facts, contact)
        names = {name: name for name in (*FACTS, *POINTS)}
        if contact is None:
            self.may_create(item)
            points = [(kind, item.facts[kind]) for kind in POINTS if kind in item.facts]
            with blaming(names):
                contact = create_contact(by=self.by, points=points, silent=True, **facts)
            counts: Counts = Counter({("contacts", CREATED): 1})
            self._keep_company(contact, item.facts, counts)
            return counts
        if not self.may_update:
            return Counter({("contacts", UNCHANGED): 1})
        with blaming(names):
            news = changed_by(contact, facts, lambda: update_contact(contact, by=self.by, **facts))
        news |= add_missing_points(contact, item.facts, {kind: kind for kind in POINTS}, self.by)
        counts = Counter()
        news |= self._keep_company(contact, item.facts, counts)
        counts["contacts", UPDATED if news else UNCHANGED] += 1
        return counts

    def _find(self, item: Item) -> Contact | None:
        key, value = self.mark(item)
        if key == "name":
            found = by_name(Contact, value)
        else:
            found = by_external_id(Contact, value) if key == "external_id" else by_point(key, value)
        contact: Contact | None = only(found, key)
        return contact

    def _facts(self, said: Facts, known: Contact | None) -> dict[str, Any]:
        facts = {name: said[name] for name in FACTS if said.get(name)}
        for name, words in (("tier", TIER_WORDS), ("language", LANGUAGE_WORDS)):
            if name in facts:
                facts[name] = _one_of(words, facts[name], name)
        if facts.get("tier") in {"gold", "vip"} and (known is None or known.tier != facts["tier"]):
            facts.setdefault("tier_reason", _("So it stood in an imported file."))
        elif facts.get("tier", known.tier if known else "plain") == "plain":
            facts.pop("tier_reason", None)
        return facts

    def _keep_company(self, contact: Contact, facts: Facts, counts: Counts) -> bool:
        company = self._company(facts, counts)
        return company is not None and keep_membership(contact, company, facts.get("title"), self.by, "title")

    def _company(self, facts: Facts, counts: Counts) -> Company | None:
        if number := facts.get("company_number"):
            company: Company | None = only(by_external_id(Company, number), "company_number")
            if company is None:
                raise Refused(_("There is no company with this number."), "company_number")
            return company
        name = facts.get("company")
        if not name:
            return None
        company = only(by_name(Company, name), "company")
        if company is None:
            with blaming("company"):
                company = create_company(name=name, by=self.by, silent=True)
            if search_key(name) not in self._new_companies:
                counts["companies", CREATED] += 1
            self._new_companies.add(search_key(name))
        return company


def full_name(facts: Facts) -> str:
    """The name as one column says it, or the first and the last name."""
    return facts.get("name") or " ".join(facts[part] for part in ("first_name", "last_name") if part in facts)


def _one_of(words: dict[str, str], value: str, field: str) -> str:
    found = words.get(search_key(value))
    if found is None:
        raise Refused(_("This word is not known here."), field)
    return found


class Contacts(Kind):
    key = "contacts"
    label = _l("Contacts")
    hint = _l("One row a person, with ways to reach them and the company they act for.")
    work = ContactsWork
    main_fields = FIELDS

    def required(self, role: str, *, has_lines_file: bool) -> list[tuple[str, ...]]:
        return [("name", "first_name", "last_name")]
