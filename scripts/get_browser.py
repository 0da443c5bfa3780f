"""Make sure that some Chromium is there for the browser tests.  python scripts/get_browser.py

1. BROWSER_PATH, Playwright's own build, or any Chromium on PATH: nothing to do.
2. Playwright's own build, downloaded (with its system libraries where we may install them).
3. The distribution's chromium, where that download is not possible and we are root on a machine with apt.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 900


def find_browser() -> str | None:
    """The path of a Chromium that is there, or None."""
    if path := os.environ.get("BROWSER_PATH"):
        return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> int:
    """0 when a browser is there in the end."""
    if find_browser():
        return 0
    apt = shutil.which("apt-get") if os.geteuid() == 0 else None
    if download(with_libraries=apt is not None) or (apt and install_package(apt)):
        return 0
    print("browser: none found. Install Chromium or Chrome, or set BROWSER_PATH.", file=sys.stderr)
    return 1


def download(with_libraries: bool) -> bool:
    """Playwright's own build; False when it cannot be had from here."""
    print("browser: downloading Playwright's Chromium ...", flush=True)
    options = ["--with-deps"] if with_libraries else []
    command = [sys.executable, "-m", "playwright", "install", *options, "chromium"]
    try:
        done = subprocess.run(command, check=False, timeout=DOWNLOAD_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False
    return done and find_browser() is not None


def install_package(apt: str) -> bool:
    """The distribution's chromium; waits for another installation that is under way."""
    print("browser: no download from here; installing the distribution's chromium ...", flush=True)
    command = [apt, "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*command, "update", "-q"], check=False)
    return subprocess.run([*command, "install", "-y", "-q", "chromium"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
