"""A person with a passkey: made on the page of the account, used as second step and alone, by Chromium's own device."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Person
from tests.world import World

DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def on_localhost(app: Flask, server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Browsers make passkeys for names, never for numbers."""
    address = f"http://localhost:{urlsplit(server).port}"
    monkeypatch.setitem(app.config, "BASE_URL", address)
    return address


def test_a_passkey_from_its_making_to_its_use(person: Callable[..., Person], staffed: World, on_localhost: str) -> None:
    sara = person("fa")
    sara.address = on_localhost
    device = sara.context.new_cdp_session(sara.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page = sara.sign_in(staffed.sara).go("/account")
    page.locator("#security [data-passkey]").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    assert sara.axe() == []
    _sign_out(sara)
    page.locator("[name=email]").fill(staffed.sara.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/sign-in/step**")
    assert sara.axe() == []
    page.locator("[data-passkey]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    _sign_out(sara)
    page.locator("[data-passkey]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _sign_out(someone: Person) -> None:
    someone.page.locator("[popovertarget=user-menu]").click()
    someone.page.locator("#user-menu form[action='/sign-out'] button").click()
    someone.page.wait_for_url("**/sign-in")


def test_an_app_is_set_up_by_its_secret(person: Callable[..., Person], staffed: World) -> None:
    """On a phone, in English, in the dark: the page fits, is readable, and refuses a wrong code beside the field."""
    reza = person("en", phone=True, dark=True).sign_in(staffed.reza)
    page = reza.go("/account")
    page.locator("form[action='/account/app'] button").click()
    page.wait_for_url("**/account/app")
    assert reza.axe() == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.locator("[name=code]").fill("000000")
    page.locator("[name=code]").press("Enter")
    expect(page.locator(".field .error")).to_be_visible()
