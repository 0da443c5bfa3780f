"""Shapes of people and companies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes import Code, Line, Listing, Shape, Text, asked, one_of
from app.links import external
from contacts.models import TIERS, Company, Contact, ContactPoint, Membership
from contacts.models.point import KINDS

Kind = Literal["mobile", "phone", "email", "address"]
Tier = Literal["plain", "gold", "vip"]
Language = Literal["fa", "en"]
Channel = Literal["", "mobile", "email"]
LongLine = Annotated[Text, Field(max_length=400)]


class ContactMark(Shape):
    """A contact as other things name it."""

    code: str
    name: str
    external_id: str | None

    @classmethod
    def of(cls, contact: Contact) -> ContactMark:
        return cls(code=contact.code, name=contact.name, external_id=contact.external_id)


class CompanyMark(Shape):
    """A company as other things name it."""

    code: str
    name: str
    external_id: str | None

    @classmethod
    def of(cls, company: Company) -> CompanyMark:
        return cls(code=company.code, name=company.name, external_id=company.external_id)


class PointAnswer(Shape):
    """A way to reach a person."""

    id: int
    kind: Annotated[str, one_of(KINDS)]
    value: str
    """Numbers as E.164, e-mail addresses in lower case."""
    label: str
    is_primary: bool
    is_shared: bool
    verified_at: datetime | None

    @classmethod
    def of(cls, point: ContactPoint) -> PointAnswer:
        return cls(id=point.id, kind=point.kind, value=point.normalised, label=point.label,
                   is_primary=point.is_primary, is_shared=point.is_shared, verified_at=point.verified_at)  # fmt: skip


class MembershipAnswer(Shape):
    """That a person acts for a company, and what they may see of it in the portal."""

    id: int
    contact: ContactMark
    company: CompanyMark
    title: str
    is_manager: bool
    can_see_company_tickets: bool
    can_see_company_orders: bool
    can_see_prices: bool
    is_active: bool

    @classmethod
    def of(cls, row: Membership) -> MembershipAnswer:
        return cls(
            id=row.id, contact=ContactMark.of(row.contact), company=CompanyMark.of(row.company), title=row.title,
            is_manager=row.is_manager, can_see_company_tickets=row.can_see_company_tickets,
            can_see_company_orders=row.can_see_company_orders, can_see_prices=row.can_see_prices,
            is_active=row.is_active,
        )  # fmt: skip


class ContactAnswer(Shape):
    """A person we serve."""

    code: str
    name: str
    name_en: str
    honorific: str
    tier: Annotated[str, one_of(TIERS)]
    tier_reason: str
    language: str
    preferred_channel: str
    """Empty: whatever reaches them."""
    external_id: str | None
    """Their number in your shop."""
    points: list[PointAnswer]
    memberships: list[MembershipAnswer]
    created_at: datetime
    archived_at: datetime | None
    url: str
    """The page of the contact, for colleagues."""

    @classmethod
    def of(cls, contact: Contact) -> ContactAnswer:
        return cls(
            code=contact.code, name=contact.name, name_en=contact.name_en, honorific=contact.honorific,
            tier=contact.tier, tier_reason=contact.tier_reason, language=contact.language,
            preferred_channel=contact.preferred_channel, external_id=contact.external_id,
            points=[PointAnswer.of(point) for point in contact.ordered_points],
            memberships=[MembershipAnswer.of(row) for row in contact.memberships],
            created_at=contact.created_at, archived_at=contact.archived_at, url=external(f"/contacts/{contact.code}"),
        )  # fmt: skip


class ContactList(Shape):
    items: list[ContactAnswer]
    next: str | None


class ContactFilters(Listing):
    q: Annotated[Text, Field(max_length=80)] | None = None
    """Words of the name, the end of a number, an e-mail address, a code."""
    external_id: Annotated[Text, Field(max_length=80)] | None = None
    mobile: Annotated[Text, Field(max_length=40)] | None = None
    email: Annotated[Text, Field(max_length=255)] | None = None
    company: Code | None = None
    archived: bool = False
    """Whether those in the archive are listed, instead of all others."""


class NewPoint(Shape):
    """A way to reach a person."""

    kind: Kind
    value: Annotated[Text, Field(max_length=400)] = asked()
    label: Annotated[Text, Field(max_length=40)] = ""
    is_shared: bool = False
    """Whether other people use it too."""


class ContactFacts(Shape):
    """What is kept of a person."""

    name: Annotated[Text, Field(max_length=120)] = asked(examples=["نیکا رستگار"])
    name_en: Annotated[Text, Field(max_length=120)] = ""
    honorific: Annotated[Text, Field(max_length=30)] = ""
    tier: Tier = "plain"
    tier_reason: Annotated[Text, Field(max_length=200)] = ""
    """Needed for a tier above the regular one: colleagues read it."""
    language: Language = "fa"
    preferred_channel: Channel = ""
    external_id: Annotated[Text, Field(max_length=80)] | None = None


class NewContact(ContactFacts):
    """A new person."""

    points: Annotated[list[NewPoint], Field(max_length=20)] = Field(
        default_factory=list, examples=[[{"kind": "mobile", "value": "09121234567"}]]
    )


class ContactChanges(Shape):
    """What is to change; what is left out stays as it is."""

    name: Annotated[Text, Field(max_length=120)] = ""
    name_en: Annotated[Text, Field(max_length=120)] = ""
    honorific: Annotated[Text, Field(max_length=30)] = ""
    tier: Tier = "plain"
    tier_reason: Annotated[Text, Field(max_length=200)] = ""
    language: Language = "fa"
    preferred_channel: Channel = ""
    external_id: Annotated[Text, Field(max_length=80)] | None = None


class CompanyAnswer(Shape):
    """A company that buys."""

    code: str
    name: str
    name_en: str
    legal_id: str | None
    economic_code: str | None
    phone: str
    city: str
    address: str
    postal_code: str
    country: str
    external_id: str | None
    memberships: list[MembershipAnswer]
    created_at: datetime
    archived_at: datetime | None
    url: str
    """The page of the company, for colleagues."""

    @classmethod
    def of(cls, company: Company) -> CompanyAnswer:
        same = ("code", "name", "name_en", "legal_id", "economic_code", "phone", "city", "address", "postal_code",
                "country", "external_id", "created_at", "archived_at")  # fmt: skip
        return cls(**{name: getattr(company, name) for name in same}, url=external(f"/companies/{company.code}"),
                   memberships=[MembershipAnswer.of(row) for row in company.memberships])  # fmt: skip


class CompanyList(Shape):
    items: list[CompanyAnswer]
    next: str | None


class CompanyFilters(Listing):
    q: Annotated[Text, Field(max_length=80)] | None = None
    """Words of the name, a code, the legal ID, the end of its telephone number."""
    external_id: Annotated[Text, Field(max_length=80)] | None = None
    archived: bool = False


class CompanyChanges(Shape):
    """What is to change; what is left out stays as it is."""

    name: Annotated[Text, Field(max_length=120)] = ""
    name_en: Annotated[Text, Field(max_length=120)] = ""
    legal_id: Annotated[Text, Field(max_length=40)] | None = None
    economic_code: Annotated[Text, Field(max_length=20)] | None = None
    phone: Annotated[Text, Field(max_length=40)] = ""
    city: Annotated[Text, Field(max_length=80)] = ""
    address: LongLine = ""
    postal_code: Annotated[Text, Field(max_length=20)] = ""
    country: Annotated[Text, Field(max_length=80)] = ""
    external_id: Annotated[Text, Field(max_length=80)] | None = None


class NewCompany(CompanyChanges):
    """A new company."""

    name: Annotated[Text, Field(max_length=120)] = asked(examples=["شرکت کوشا"])


class Rights(Shape):
    """A person's title at a company, and what of the company's they may see in the portal."""

    title: Annotated[Text, Field(max_length=80)] = ""
    is_manager: bool = False
    can_see_company_tickets: bool = False
    can_see_company_orders: bool = False
    can_see_prices: bool = False


class NewMembership(Rights):
    """The company that a person acts for."""

    company: Line = asked(description="The company's code.", examples=["7KQD3XHT4"])
