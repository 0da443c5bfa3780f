"""Addresses of built browser files, from the manifest that the bundler writes."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import g, url_for
from markupsafe import Markup

from app.config import ROOT

DIST = ROOT / "static" / "dist"
# Asked a hundred times for each page: the proxy would cost more than the answer.
_of_now = g._get_current_object  # noqa: SLF001
SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)


@cache
def _manifest(stamp: float) -> dict[str, str]:
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return manifest


def manifest() -> dict[str, str]:
    """Built name of each source name; empty before the first build."""
    path: Path = DIST / "manifest.json"
    return _manifest(path.stat().st_mtime) if path.exists() else {}


def asset(name: str) -> str:
    """The address of a built file, such as `app.js`. Looked up once a request: a page draws a hundred icons."""
    known: dict[str, str] = _of_now().setdefault("assets", {})
    if name not in known:
        known[name] = url_for("static", filename=f"dist/{manifest().get(name, name)}")
    return known[name]


def icon(name: str, cls: str = "") -> Markup:
    """An icon of the sprite. It is decoration: the word stands beside it or in the label of its button."""
    return _icon(name, cls, asset("icons.svg"))


@lru_cache(maxsize=1024)
def _icon(name: str, cls: str, sprite: str) -> Markup:
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        f"i {cls}".strip(), sprite, name
    )


@cache
def _symbols(path: Path) -> dict[str, str]:
    """Each symbol of the sprite by its name."""
    return {match[1]: match[0] for match in SYMBOL.finditer(path.read_text())}


def symbols(*names: str) -> Markup:
    """These symbols of the sprite, to stand in the page itself where hundreds of small marks refer to them."""
    path = DIST / manifest().get("icons.svg", "")
    found = _symbols(path) if path.is_file() else {}
    return Markup("").join(Markup(found.get(name, "")) for name in names)  # noqa: S704  # our own sprite
