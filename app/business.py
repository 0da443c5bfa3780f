"""What the business says of itself, in the viewer's language."""

from typing import Any

from flask import g

from app import settings
from app.calendars import business_hours
from app.i18n import localised, viewer

WORDS = ("name", "address")


def setting(key: str) -> Any:
    """A setting for templates. `business.name`, `business.address` and `business.hours_text` come in the viewer's
    language; every other key as it is stored."""
    area, _, name = key.partition(".")
    if area == "business" and name in WORDS:
        return localised(settings.get(f"{key}_fa"), settings.get(f"{key}_en"))
    if key == "business.hours_text":
        return hours_text()
    return settings.get(key)


def hours_text() -> str:
    """The opening hours in words."""
    cache: dict[str, str] = g.setdefault("hours_text", {})
    locale = viewer().locale
    if locale not in cache:
        cache[locale] = business_hours().describe()
    return cache[locale]
