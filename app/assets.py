"""Addresses of built browser files, from the manifest that the bundler writes."""

import json
from functools import cache
from pathlib import Path

from flask import url_for
from markupsafe import Markup

from app.config import ROOT

DIST = ROOT / "static" / "dist"


@cache
def _manifest(stamp: float) -> dict[str, str]:
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return manifest


def manifest() -> dict[str, str]:
    """Built name of each source name; empty before the first build."""
    path: Path = DIST / "manifest.json"
    return _manifest(path.stat().st_mtime) if path.exists() else {}


def asset(name: str) -> str:
    """The address of a built file, such as `app.js`."""
    return url_for("static", filename=f"dist/{manifest().get(name, name)}")


def icon(name: str, cls: str = "") -> Markup:
    """An icon of the sprite. It is decoration: the word stands beside it or in the label of its button."""
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        f"i {cls}".strip(), asset("icons.svg"), name
    )
