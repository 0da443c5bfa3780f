"""Old and new values, as people read them: labels of fields, names instead of ids, money, dates, yes and no."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from app.audit.things import Thing
from app.dates import format_date, format_datetime, in_digits
from app.events import Event
from app.i18n import _
from app.money import format_money

Show = Callable[[Any], str]
Things = Mapping[tuple[str, int], Thing]
LONGEST = 300


class Change(NamedTuple):
    """A field that changed."""

    label: str
    old: str
    new: str


_labels: dict[tuple[str, str], Any] = {}
_shows: dict[str, Show] = {}
_choices: dict[str, dict[Any, Any]] = {}
_refs: dict[str, str] = {}


def fields(noun: str, labels: Mapping[str, Any]) -> None:
    """Call the fields of `noun` (the part of an event's name before the point; "" for all) so."""
    _labels.update({(noun, name): label for name, label in labels.items()})


def show_with(name: str, show: Show) -> None:
    """Show values of this field with the function; None and "" never reach it."""
    _shows[name] = show


def choices(name: str, words: Mapping[Any, Any]) -> None:
    """Show values of this field by these words, beside those that others gave."""
    known = _choices.setdefault(name, {})
    known.update(words)
    show_with(name, lambda value: str(known.get(value, value)))


def refers(name: str, kind: str) -> None:
    """Values of this field are ids of things of a kind."""
    _refs[name] = kind


def kind_of_field(name: str) -> str | None:
    """The kind of things that values of this field name."""
    return _refs.get(name)


def label_of(event_name: str, field: str) -> str:
    """What a field is called in events of this name."""
    noun = event_name.partition(".")[0]
    return str(_labels.get((noun, field)) or _labels.get(("", field)) or field)


def pairs(event: Event) -> dict[str, tuple[Any, Any]]:
    """Fields with what they were and what they became, of an event that keeps both by field."""
    data = event.data if isinstance(event.data, dict) else {}
    old, new = data.get("from"), data.get("to")
    if not isinstance(new, dict):
        return {}
    old = old if isinstance(old, dict) else {}
    return {name: (old.get(name), value) for name, value in new.items()}


def changes(event: Event, things: Things) -> list[Change]:
    """What changed, field by field, in the order it was noted."""
    return [
        Change(label_of(event.name, name), shown(name, old, things), shown(name, new, things))
        for name, (old, new) in pairs(event).items()
    ]


def shown(name: str, value: Any, things: Things) -> str:
    """A stored value of a field for the reader."""
    if value is None or value in ("", [], {}):
        return _("nothing")
    kind = _refs.get(name)
    if kind is not None and isinstance(value, int):
        return name_of(kind, value, things)
    if kind is not None and isinstance(value, list):
        return _(", ").join(name_of(kind, entry, things) for entry in value)
    text = _shows[name](value) if name in _shows and _is_plain(value) else _generic(name, value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def name_of(kind: str, thing_id: Any, things: Things) -> str:
    """What a thing is called; its number when it is no longer there."""
    thing = things.get((kind, thing_id)) if isinstance(thing_id, int) else None
    return thing.name if thing else _("number %(num)s", num=in_digits(str(thing_id)))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _generic(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_rials") and isinstance(value, int):
        return format_money(value, word=True)
    if name.endswith(("_on", "_at")) and isinstance(value, str):
        return _instant(value) if name.endswith("_at") else _day(value)
    if isinstance(value, list):
        return _(", ").join(_generic("", entry) for entry in value)
    if isinstance(value, dict):
        return in_digits(json.dumps(value, ensure_ascii=False))
    return in_digits(str(value)) if isinstance(value, int | float) else str(value)


def _instant(text: str) -> str:
    try:
        return format_datetime(datetime.fromisoformat(text), "medium")
    except ValueError:
        return text


def _day(text: str) -> str:
    try:
        return format_date(date.fromisoformat(text), "medium")
    except ValueError:
        return text
