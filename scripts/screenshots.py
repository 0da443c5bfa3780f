"""Take the pictures of docs/screenshots from the demo, in a real browser.  python scripts/screenshots.py [name ...]"""

import contextlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.get_browser import find_browser  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
DESK, PHONE = (1440, 900), (390, 844)
FLAGS = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--force-color-profile=srgb"]
START_SECONDS = 180
# Live parts have joined and faces have settled by then.
SETTLING_MS = 1200
MOST_BYTES = 250_000


@dataclass(frozen=True)
class Shop:
    """The demo at an address; `log` is what it prints."""

    address: str
    log: Path

    @property
    def password(self) -> str:
        return re.search(r"with the password  (\S+)", self.log.read_text())[1]  # type: ignore[index]

    @property
    def last_code(self) -> str:
        """The sign-in code that was written to the log last."""
        lines = [line for line in self.log.read_text().splitlines() if '"message.code"' in line]
        return re.search(r"\d{6}", json.loads(lines[-1])["text"])[0] if lines else ""  # type: ignore[index]


@contextlib.contextmanager
def shop() -> Iterator[Shop]:
    """Kariz with the demo on a scratch folder, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="kariz-pictures-") as folder:
        log = Path(folder) / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        names = ("DATABASE_URL", "REDIS_URL", "BASE_URL", "HOST", "KARIZ_DEMO", "TRUSTED_PROXIES", "FILES_DIR")
        env = {name: value for name, value in os.environ.items() if name not in names}
        env |= {"INSTANCE_DIR": folder, "PORT": str(port)}
        with log.open("w") as output:
            command = [sys.executable, "-m", "app.server"]
            server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: "Kariz is ready" in log.read_text() or server.poll() is not None)
            yield Shop(f"http://127.0.0.1:{port}", log)
        finally:
            server.terminate()
            server.wait(30)


def wait_for(is_done: Callable[[], object]) -> None:
    """Look again and again; TimeoutError when it takes too long."""
    end = time.monotonic() + START_SECONDS
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError("the demo did not start")
        time.sleep(0.1)


class People:
    """Browsers in which somebody is signed in, one for each person and colour scheme."""

    def __init__(self, browser: Browser, demo: Shop) -> None:
        self.browser, self.demo = browser, demo
        self.customers: dict[str, Page] = {}

    def open(self, size: tuple[int, int], *, dark: bool, sharp: float) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.demo.address, viewport={"width": size[0], "height": size[1]}, locale="fa-IR",
            color_scheme="dark" if dark else "light", device_scale_factor=sharp, reduced_motion="reduce",
            timezone_id="Asia/Tehran",
        )  # fmt: skip

    def colleague(self, name: str, *, dark: bool = False, english: bool = False) -> Page:
        page = self.open(DESK, dark=dark, sharp=1).new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", f"{name}@demo.kariz.test")
        page.fill("[name=password]", self.demo.password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if english:
            page.goto("/account")
            for field, value in (("locale", "en"), ("calendar", "gregorian"), ("digits", "latin")):
                page.check(f"[name={field}][value={value}]", force=True)
            page.locator("form:has([name=locale])").evaluate("form => form.requestSubmit()")
            page.wait_for_selector("html[lang=en]")
        return page

    def customer(self, mobile: str) -> Page:
        """Signed in once: a second code within a minute is refused."""
        if mobile in self.customers:
            self.customers[mobile].goto("/portal/")
            return self.customers[mobile]
        page = self.customers[mobile] = self.open(PHONE, dark=False, sharp=1.5).new_page()
        before = self.demo.last_code
        page.goto("/portal/sign-in")
        page.fill("[name=address]", mobile)
        page.press("[name=address]", "Enter")
        page.wait_for_selector("[name=code]")
        wait_for(lambda: self.demo.last_code != before)
        page.fill("[name=code]", self.demo.last_code)
        # The sixth digit sends the form.
        page.wait_for_url(f"{self.demo.address}/portal/")
        return page


def card_of(page: Page, board: str, title: str) -> str:
    """The address of the card on a board whose title begins like this."""
    page.goto(f"/boards/{board}")
    return "/cards/" + str(page.locator("[data-card]", has_text=title).first.get_attribute("data-code"))


def save(page: Page, name: str) -> None:
    """Take the picture and keep it small: a palette is enough for text and flat colours."""
    page.wait_for_timeout(SETTLING_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target = TARGET / f"{name}.png"
    picture.quantize(192, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}  {size // 1000} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} is larger than {MOST_BYTES} bytes")


def of_colleagues(people: People) -> Iterator[tuple[str, Callable[[], Page]]]:
    """The pages of staff: (name of the picture, how to get there)."""

    def at(page: Page, path: str) -> Page:
        page.goto(path)
        return page

    def card(page: Page, title: str) -> Page:
        return at(page, card_of(page, "support", title))

    def customer(page: Page) -> Page:
        card(page, "قوری سرویس گل‌ومرغ")
        return at(page, str(page.locator("a[href^='/contacts/']:not([href$='/'])").last.get_attribute("href")))

    yield "board-fa", lambda: at(people.colleague("sara"), "/boards/support")
    yield "board-dark", lambda: at(people.colleague("sara", dark=True), "/boards/support")
    yield "card-fa", lambda: card(people.colleague("sara"), "قوری سرویس گل‌ومرغ")
    yield "customer-fa", lambda: customer(people.colleague("sara"))
    yield "board-en", lambda: at(people.colleague("manager", english=True), "/boards/orders")
    yield "card-en", lambda: card(people.colleague("manager", english=True), "Moka pot")


def of_customers(people: People) -> Iterator[tuple[str, Callable[[], Page]]]:
    """The pages of the portal, on a telephone."""

    def at(page: Page, path: str) -> Page:
        page.goto(path)
        return page

    def request(page: Page) -> Page:
        return at(page, str(page.locator("a:has-text('قوری سرویس')").first.get_attribute("href")))

    yield "portal-home-fa", lambda: people.customer("09120000001")
    yield "portal-request-fa", lambda: request(people.customer("09120000001"))
    yield "portal-order-fa", lambda: at(people.customer("09120000002"), "/portal/orders/GJ-20369")
    yield "portal-order-en", lambda: at(people.customer("09120000008"), "/portal/orders/GJ-20380")


def main(names: Sequence[str]) -> int:
    """Take the named pictures, or all of them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    own = find_browser()
    with shop() as demo, sync_playwright() as playwright:
        args = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
        browser = playwright.chromium.launch(executable_path=own, args=args)
        people = People(browser, demo)
        for name, arrive in (*of_colleagues(people), *of_customers(people)):
            if not names or name in names:
                save(arrive(), name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
