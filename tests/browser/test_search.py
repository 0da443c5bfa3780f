"""The field in the top bar, followed by somebody who looks for things: keyboard, phone, both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app import search
from app.extensions import db
from tests.browser.conftest import Person, speak
from tests.world import World


@pytest.fixture
def filled(staffed: World) -> World:
    staffed.card("قوری چینی شکسته رسید", body="دستهٔ قوری لق است")
    list(search.rebuild())
    db.session.commit()
    return staffed


@pytest.mark.parametrize(("locale", "phone"), [("fa", False), ("en", True)])
def test_somebody_finds_a_card_while_typing(person: Callable[..., Person], filled: World, locale: str, phone: bool):
    speak(filled, locale)
    sara = person(locale, phone=phone).sign_in(filled.sara)
    page = sara.page
    field = page.get_by_role("combobox").first
    field.click()
    field.fill("قوری")
    option = page.get_by_role("option").filter(has_text="شکسته رسید")
    expect(option).to_be_visible()
    expect(option.locator("mark").first).to_have_text("قوری")
    assert sara.axe() == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    field.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    field.press("Enter")
    page.wait_for_url("**/cards/**")
    # What was looked for is offered again; Escape closes.
    field = page.get_by_role("combobox").first
    field.click()
    expect(page.get_by_role("option").filter(has_text="قوری")).to_be_visible()
    field.press("Escape")
    expect(page.locator("#search-offers")).to_be_hidden()


def test_enter_without_a_choice_leads_to_a_code_or_to_the_results(person: Callable[..., Person], filled: World):
    speak(filled, "fa")
    sara = person("fa").sign_in(filled.sara)
    page = sara.page
    page.keyboard.press("Control+k")
    page.keyboard.type("0912 123 4567")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{filled.nika.code}")
    page.keyboard.press("Control+k")
    page.keyboard.type("شکسته")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".hit mark").first).to_have_text("شکسته")
    page.keyboard.press("Control+k")
    page.keyboard.type("هیچ‌چیز‌چنین‌نیست")
    expect(page.locator(".search-note")).to_be_visible()
