"""Who runs the shop and who buys there."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "manager", "agent", "sales"]
Tier = Literal["plain", "gold", "vip"]


@dataclass(frozen=True, slots=True)
class Business:
    """The shop itself. White text on `color` passes 4.5:1; `hours` are what `WorkingHours.parse` reads."""

    name_fa: str
    name_en: str
    phone: str
    address_fa: str
    address_en: str
    color: str
    hours: dict[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name_fa: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the staff. Customers read `display_name` and never the whole name."""

    key: str
    email: str
    name: str
    name_en: str
    role: Role
    team: str | None
    display_name: str
    locale: Literal["fa", "en"] = "fa"


@dataclass(frozen=True, slots=True)
class Address:
    province: str
    city: str
    street: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a company. Days before now; `until_days_ago` None: still there."""

    company: str
    title: str
    since_days_ago: int
    until_days_ago: int | None = None
    is_manager: bool = False
    can_see_company_tickets: bool = False
    can_see_company_orders: bool = False
    can_see_prices: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    name_en: str
    honorific: Literal["خانم", "آقای"]
    mobile: str
    address: Address
    since_days_ago: int
    email: str | None = None
    tier: Tier = "plain"
    tier_reason: str = ""
    language: Literal["fa", "en"] = "fa"
    preferred_channel: Literal["", "mobile", "email"] = ""
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    key: str
    name: str
    name_en: str
    legal_id: str
    phone: str
    address: Address
    since_days_ago: int
