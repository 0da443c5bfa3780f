"""Every page that a person can reach: neither the accessibility rules nor the console find anything, and it fits."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from app.extensions import db
from cards.models import Card, Survey
from cards.services import add_note, add_reply, assign, resolve, set_tags
from cards.surveys import token_for
from tests.browser.conftest import Person, speak
from tests.browser.test_story import customer_signs_in
from tests.orders.making import an_order
from tests.world import World


def furnish(world: World) -> dict[str, str]:
    """Something to see on every page; answers what stands in addresses."""
    card = world.card()
    assign(card, world.sara, by=world.maryam)
    set_tags(card, ["شکستگی", "VIP"], by=world.sara)
    add_note(card, "ببین چه شده @رضا", by=world.sara, mentions=[world.reza.id])
    add_reply(card, "سلام، پیگیری می‌کنیم.", by=world.sara)
    done = world.card("چای‌ساز روشن نمی‌شود")
    resolve(done, world.stage("Resolved"), cause="سیم قطع بود", solution="تعمیر شد", by=world.sara)
    db.session.commit()
    order = an_order(world)
    db.session.commit()
    return {"card": card.code, "done": done.code, "contact": world.nika.code, "company": world.company.code,
            "order": order.number}  # fmt: skip


STAFF = [
    "/boards/support", "/boards/orders", "/cards/{card}", "/cards/{done}", "/cards/{card}/closure", "/cards/new",
    "/work", "/inbox", "/contacts", "/contacts/new", "/contacts/{contact}", "/contacts/{contact}?tab=cards",
    "/companies/{company}", "/companies", "/companies/new", "/orders", "/orders/new", "/orders/{order}", "/products",
    "/account", "/account/tokens", "/confirmation", "/search?q=چای", "/search?q=nothing", "/api/docs",
    "/cards/{card}/promise",
]  # fmt: skip
ADMIN = [
    "/settings/business", "/settings/sign-in", "/settings/users", "/settings/teams", "/settings/departments",
    "/settings/pipelines",
    "/settings/pipelines/support", "/settings/pipelines/support/details", "/settings/pipelines/support/members",
    "/settings/departments/support", "/settings/departments/support/questions", "/settings/users/new",
    "/settings/messages", "/settings/mail", "/settings/texts", "/settings/texts/acknowledgement", "/settings/import",
    "/settings/import/new", "/settings/calendars", "/settings/calendars/new", "/settings/calendars/house",
    "/settings/closures/new", "/settings/holidays", "/settings/targets", "/settings/audit", "/settings/services",
    "/settings/health", "/products/new", "/contacts/{contact}/exports", "/contacts/{contact}/erasure",
]  # fmt: skip
PORTAL = [
    "/portal/", "/portal/requests", "/portal/requests/new", "/portal/requests/new?department=support",
    "/portal/requests/{card}", "/portal/requests/{done}", "/portal/orders", "/portal/orders/{order}", "/portal/account",
    "/portal/help", "/portal/search?q=چای", "/portal/search?q=nothing",
]  # fmt: skip
NOBODY = ["/sign-in", "/password-reset", "/portal/sign-in", "/nowhere", "/portal/nowhere"]

LOOKS = [("fa", False, False), ("en", True, True)]


@pytest.fixture
def places(staffed: World) -> dict[str, str]:
    return furnish(staffed)


def look(someone: Person, paths: list[str], places: dict[str, str]) -> Iterator[str]:
    """What is wrong on these pages, as sentences."""
    for path in paths:
        page = someone.go(path.format(**places))
        page.wait_for_load_state("networkidle")
        for finding in someone.axe():
            yield f"{path}: {finding}"
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            yield f"{path}: runs {wide} px off the side"


@pytest.mark.parametrize(("locale", "phone", "dark"), LOOKS)
def test_staff_pages(
    person: Callable[..., Person], staffed: World, places: dict[str, str], locale: str, phone: bool, dark: bool
) -> None:
    speak(staffed, locale)
    sara = person(locale, phone=phone, dark=dark).sign_in(staffed.sara)
    assert list(look(sara, STAFF, places)) == []


@pytest.mark.parametrize(("locale", "phone", "dark"), LOOKS)
def test_settings_pages(
    person: Callable[..., Person], staffed: World, places: dict[str, str], locale: str, phone: bool, dark: bool
) -> None:
    speak(staffed, locale)
    admin = person(locale, phone=phone, dark=dark).sign_in(staffed.admin)
    assert list(look(admin, ADMIN, places)) == []


@pytest.mark.parametrize(("locale", "phone", "dark"), LOOKS)
def test_portal_pages(
    person: Callable[..., Person], staffed: World, places: dict[str, str], locale: str, phone: bool, dark: bool
) -> None:
    speak(staffed, locale)
    nika = person(locale, phone=phone, dark=dark)
    assert list(look(nika, NOBODY, places)) == []
    customer_signs_in(nika)
    query = sa.select(Survey).join(Card, Card.id == Survey.card_id).where(Card.code == places["done"])
    survey = f"/portal/surveys/{token_for(db.session.scalars(query).one())}"
    db.session.rollback()
    assert list(look(nika, [*PORTAL, survey], places)) == []


def test_a_narrow_strip_of_pages_begins_at_the_one_that_is_open(person: Callable[..., Person], staffed: World) -> None:
    speak(staffed, "fa")
    admin = person("fa", phone=True).sign_in(staffed.admin)
    page = admin.go("/settings/health")
    here = page.locator(".sub-nav [aria-current]")
    page.wait_for_function("() => document.querySelector('.sub-nav').scrollLeft !== 0")
    box = here.bounding_box()
    assert box
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
