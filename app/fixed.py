"""Pieces of pages that are the same for everybody who reads alike: drawn once for each kind of reader."""

from __future__ import annotations

from functools import lru_cache

from babel.support import NullTranslations
from flask import current_app
from jinja2 import Template
from markupsafe import Markup

from app.assets import asset
from app.i18n import Viewer, catalogues, viewer


def fixed(name: str, **facts: str) -> Markup:
    """A template that asks for nothing of this request but its reader, the icons and `facts`."""
    template = current_app.jinja_env.get_template(name)
    return _drawn(template, viewer(), catalogues.get_translations(), asset("icons.svg"), tuple(facts.items()))


@lru_cache(maxsize=64)
def _drawn(
    template: Template, _reader: Viewer, _sentences: NullTranslations, _icons: str, facts: tuple[tuple[str, str], ...]
) -> Markup:
    return Markup(template.render(dict(facts)))  # noqa: S704  # a template escapes what it prints
