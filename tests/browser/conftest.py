"""People in real browsers, at a real server of this process. Script errors, refused scripts and console errors fail."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from werkzeug.serving import make_server

from app import outbox
from app.auth.services import set_password
from app.extensions import db
from app.outbox import Outbox
from app.users.models import User
from tests.world import World

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run", "--force-color-profile=srgb"]  # fmt: skip
AXE = Path(__file__).resolve().parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "correct horse 42"
# Chromium reports answers of 4xx as console errors, and attempts to connect while a test has taken the network away.
PARTS_OF_STORIES = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
# A test waits for what it expects; slow shared machines get the time they need.
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


# A browser that leaves a page in the middle of a file: the server of the tests forgets to close it then.
LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed file.*static:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(LEFT_OPEN)


def _program(playwright: Playwright) -> str | None:
    """BROWSER_PATH, Playwright's own build (None: it finds that itself), or the distribution's."""
    if path := os.environ.get("BROWSER_PATH"):
        return path
    if Path(playwright.chromium.executable_path).exists():
        return None
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "no Chromium: run `make browser`"
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    args = FLAGS + (["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
    path = _program(playwright)
    return {**browser_type_launch_args, "args": args, **({"executable_path": path} if path else {})}


@pytest.fixture(scope="session")
def server(app: Flask) -> Iterator[str]:
    """The application, served with threads and websockets; the address."""
    app.config["WTF_CSRF_ENABLED"] = True
    served = make_server("127.0.0.1", 0, app, threaded=True)
    served.daemon_threads = True
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    app.config["BASE_URL"] = f"http://127.0.0.1:{served.server_port}"
    yield app.config["BASE_URL"]
    served.shutdown()
    app.config["WTF_CSRF_ENABLED"] = False


class Person:
    """Somebody at a browser of their own. `page` is what they see."""

    def __init__(self, context: BrowserContext, address: str, locale: str) -> None:
        self.context, self.address, self.locale = context, address, locale
        context.set_default_timeout(PATIENCE_MS)
        self.problems: list[str] = []
        self.page = self.open_page()

    def open_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._heard)
        return page

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not any(words in message.text for words in PARTS_OF_STORIES):
            self.problems.append(message.text)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, user: User) -> "Person":
        """Through the page, as anybody does."""
        self.go("/sign-in")
        self.page.locator("[name=email]").fill(user.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def live(self) -> None:
        """Wait until the board is connected."""
        expect(self.page.locator("[data-live]")).not_to_have_class("live off")

    def axe(self) -> list[str]:
        """What the accessibility rules find wrong on the page."""
        self.page.evaluate(AXE.read_text() + ";0")
        found = self.page.evaluate(
            "o => axe.run(document, o)", {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
        )["violations"]
        return [f"{v['id']} ({v['impact']}): {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.fixture
def person(browser: Browser, server: str) -> Iterator[Callable[..., Person]]:
    """Makes people: `person("fa", phone=True)`. What went wrong in any of their browsers fails the test."""
    people: list[Person] = []

    def make(locale: str = "fa", *, phone: bool = False, dark: bool = False) -> Person:
        context = browser.new_context(
            locale="fa-IR" if locale == "fa" else "en-US", timezone_id="Asia/Tehran", reduced_motion="reduce",
            viewport={"width": 390, "height": 800} if phone else {"width": 1440, "height": 900},
            has_touch=phone, color_scheme="dark" if dark else "light",
        )  # fmt: skip
        context.add_cookies([{"name": "kariz_lang", "value": locale, "url": server}])
        people.append(Person(context, server, locale))
        return people[-1]

    yield make
    problems = [problem for one in people for problem in one.problems]
    for one in people:
        one.context.close()
    assert problems == []


@pytest.fixture
def staffed(world: World) -> World:
    """The world, with a password for everybody."""
    for user in (world.admin, world.maryam, world.sara, world.reza, world.omid):
        set_password(user, PASSWORD)
    db.session.commit()
    return world


def speak(world: World, locale: str) -> None:
    """Let everybody of the world read this language."""
    for user in (world.admin, world.maryam, world.sara, world.reza, world.omid):
        user.locale = locale
        user.calendar, user.digits = ("jalali", "fa") if locale == "fa" else ("gregorian", "latin")
    world.nika.language = world.babak.language = locale
    db.session.commit()


def last_code() -> str:
    """The digits of the newest sign-in code, read where a customer's phone would show them."""
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "message.code").order_by(Outbox.id.desc())).first()
    assert row is not None
    code: str = row.payload["code"]
    db.session.rollback()
    return code


def deliver() -> int:
    """Send what waits, as the worker does."""
    count = outbox.deliver_due()
    db.session.rollback()
    return count
