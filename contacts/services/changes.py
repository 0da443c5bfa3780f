"""What the verbs of people and companies share: changing fields, and saying which changed from what to what."""

from collections.abc import Mapping
from typing import Any

from app.errors import DomainError
from app.i18n import _
from app.text import clean_line

NAME_LENGTH = 120
LONGEST = {"name": NAME_LENGTH, "name_en": NAME_LENGTH, "honorific": 30, "tier_reason": 200, "phone": 40, "city": 80,
           "country": 80, "address": 400, "title": 80, "external_id": 80, "economic_code": 20}  # fmt: skip


def cleaned_lines(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of these facts as they are stored; what is None is left out."""
    return {name: clean_line(str(value)) for name, value in facts.items() if value is not None}


def check_lengths(facts: Mapping[str, Any]) -> None:
    """Raise a `DomainError` beside the first field that is longer than its column is meant for."""
    for name, value in facts.items():
        if isinstance(value, str) and len(value) > LONGEST.get(name, 20_000):
            sentence = _("This is too long. Use at most %(max)s characters.", max=LONGEST[name])
            raise DomainError(sentence, code="too_long", field=name)


def apply(row: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Set the fields that differ; answers {"from": {...}, "to": {...}} of those, empty when all are equal."""
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if not changed:
        return {}
    before = {name: getattr(row, name) for name in changed}
    if {"name", "name_en"} & changed.keys():
        row.rename(changed.get("name", row.name), changed.get("name_en", row.name_en))
    for name, value in changed.items():
        if name not in {"name", "name_en"}:
            setattr(row, name, value)
    return {"from": before, "to": changed}
