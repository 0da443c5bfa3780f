"""Customers come into the records, each on their day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from app.text import persian_digits
from contacts.services import add_membership, create_company, create_contact, end_membership
from demo.content import COMPANIES, PEOPLE, shapes
from demo.shop import Shop


def plan_people(shop: Shop) -> None:
    """Let companies, people and memberships begin on their days."""
    for company in COMPANIES:
        at = shop.times.spread(company.key, [company.since_days_ago * 24 + 1.0])[0]
        shop.story.tell(at, partial(_register_company, shop, company))
    for person in PEOPLE:
        at = shop.times.spread(person.key, [person.since_days_ago * 24.0])[0]
        shop.story.tell(at, partial(_register, shop, person))
        for membership in person.memberships:
            # Both sides of it are there by the evening.
            at = shop.times.at(membership.since_days_ago * 24.0) + timedelta(minutes=40)
            shop.story.tell(at, partial(_join, shop, person, membership))


def in_words(address: shapes.Address) -> str:
    """An address as it stands on a parcel."""
    if address.street.isascii():
        return ", ".join([address.street, address.city, address.postal_code])
    places = [address.city] if address.city == address.province else [address.province, address.city]
    return "، ".join([*places, address.street, persian_digits(f"کد پستی {address.postal_code}")])


def _register_company(shop: Shop, company: shapes.Company) -> None:
    shop.companies[company.key] = create_company(
        by=None, name=company.name, name_en=company.name_en, legal_id=company.legal_id, phone=company.phone,
        address=company.address.street, city=company.address.city, postal_code=company.address.postal_code,
    )  # fmt: skip


def _register(shop: Shop, person: shapes.Person) -> None:
    points = [("mobile", person.mobile), *([("email", person.email)] if person.email else [])]
    shop.people[person.key] = create_contact(
        by=None, is_demo=True, points=[*points, ("address", in_words(person.address))], name=person.name,
        name_en=person.name_en, honorific=person.honorific, tier=person.tier, tier_reason=person.tier_reason,
        language=person.language, preferred_channel=person.preferred_channel,
    )  # fmt: skip


def _join(shop: Shop, person: shapes.Person, drawn: shapes.Membership) -> None:
    membership = add_membership(
        shop.people[person.key], shop.companies[drawn.company], by=shop.staff["omid"], title=drawn.title,
        since_on=shop.times.at(drawn.since_days_ago * 24.0).date(), is_manager=drawn.is_manager,
        can_see_company_tickets=drawn.can_see_company_tickets, can_see_company_orders=drawn.can_see_company_orders,
        can_see_prices=drawn.can_see_prices,
    )  # fmt: skip
    if drawn.until_days_ago is not None:
        at = shop.times.at(drawn.until_days_ago * 24.0)
        shop.story.tell(at, partial(end_membership, membership, by=shop.staff["omid"]))
