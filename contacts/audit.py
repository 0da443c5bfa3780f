"""People and companies in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.audit.words import FEW
from app.events import Event
from app.extensions import db
from app.i18n import _l
from app.text import search_key
from contacts.models import TIERS, Company, Contact
from contacts.models.contact import CHANNELS
from contacts.models.point import KINDS
from contacts.words import FIELDS


def _contacts(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Contact).where(Contact.id.in_(ids)))
    return {row.id: Thing(row.shown_name, url_for("contacts.show", code=row.code)) for row in rows}


def _companies(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Company).where(Company.id.in_(ids)))
    return {row.id: Thing(row.shown_name, url_for("companies.show", code=row.code)) for row in rows}


def _find(model: type[Contact] | type[Company], text: str) -> list[int]:
    key = search_key(text)
    query = sa.select(model.id).where(model.search_key.contains(key, autoescape=True)).order_by(model.id.desc())
    return list(db.session.scalars(query.limit(FEW))) if key else []


def _signed_out(event: Event) -> str:
    if event.data.get("others"):
        return _l("The customer %(who)s signed out on %(others)s other devices")
    return _l("The customer %(who)s signed out of the portal")


things.add("contact", _l("Contact"), _contacts, find=lambda text: _find(Contact, text),
           concerns=lambda contact_id: Event.contact_id == contact_id)  # fmt: skip
things.add("company", _l("Company"), _companies, find=lambda text: _find(Company, text))

tell("contact.signed_in", "sign_ins", _l("The customer %(who)s signed in to the portal"))
tell("contact.signed_out", "sign_ins", _signed_out)
tell("contact.created", "contacts", _l("%(who)s recorded the contact %(thing)s"))
tell("contact.updated", "contacts", _l("%(who)s changed the data of %(thing)s"))
tell("contact.archived", "contacts", _l("%(who)s archived the contact %(thing)s"))
tell("contact.restored", "contacts", _l("%(who)s brought the contact %(thing)s back"))
tell("contact.point_added", "contacts", _l("%(who)s added for %(thing)s: %(kind)s %(value)s"))
tell("contact.point_removed", "contacts", _l("%(who)s removed from %(thing)s: %(kind)s %(value)s"))
tell("contact.point_made_primary", "contacts", _l("%(who)s put first for %(thing)s: %(kind)s %(value)s"))
tell("contact.export_made", "exports", _l("%(who)s had the data of %(thing)s put into an archive"))
tell("contact.export_fetched", "exports", _l("%(who)s downloaded the data of %(thing)s"))
tell("contact.erasure_begun", "contacts", _l("%(who)s asked for the erasure of the data of %(thing)s"))
tell("contact.erased", "contacts", _l("The data of %(thing)s was erased for %(who)s"))
tell("membership.added", "rights", _l("%(who)s let %(contact)s act for the company %(company)s"), company="company")
tell("membership.changed", "rights", _l("%(who)s changed the rights of %(contact)s for the company %(company)s"),
     company="company")  # fmt: skip
tell("membership.ended", "rights", _l("%(who)s ended that %(contact)s acts for the company %(company)s"),
     company="company")  # fmt: skip
tell("company.created", "contacts", _l("%(who)s recorded the company %(thing)s"))
tell("company.updated", "contacts", _l("%(who)s changed the data of the company %(thing)s"))
tell("company.archived", "contacts", _l("%(who)s archived the company %(thing)s"))
tell("company.restored", "contacts", _l("%(who)s brought the company %(thing)s back"))

values.fields("contact", FIELDS)
values.fields("membership", FIELDS)
values.fields("company", {
    "name": _l("Name"), "name_en": _l("Name in English"), "legal_id": _l("National legal ID"),
    "economic_code": _l("Economic code"), "phone": _l("Phone"), "address": _l("Address"), "city": _l("City"),
    "postal_code": _l("Postal code"), "country": _l("Country"), "external_id": _l("Number elsewhere"),
})  # fmt: skip
values.choices("tier", TIERS)
values.choices("language", {"fa": _l("Persian"), "en": _l("English")})
values.choices("preferred_channel", CHANNELS)
values.choices("kind", KINDS)
