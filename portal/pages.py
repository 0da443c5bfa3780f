"""A page of the portal, or only its part that stays live."""

from typing import Any

from flask import render_template

from app.errors import is_partial


def render(name: str, **context: Any) -> str:
    """The page `name`; for a script that keeps it fresh the part `_<name>_live.html` alone."""
    return render_template(f"portal/_{name}_live.html" if is_partial() else f"portal/{name}.html", **context)
