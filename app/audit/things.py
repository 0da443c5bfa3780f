"""What events are about: each package says what its things are called, where they are, and how a name finds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from app.events import Event


class Thing(NamedTuple):
    """A thing as a reader of the audit knows it; without a page of its own `url` is empty."""

    name: str
    url: str = ""


Load = Callable[[Collection[int]], Mapping[int, Thing]]
Find = Callable[[str], Iterable[int]]
Concerns = Callable[[int], ColumnElement[bool]]


@dataclass(frozen=True)
class Kind:
    """A kind of things. `load`: names of ids, one query. `find`: ids of a name, a few. `concerns`: their events."""

    label: Any
    load: Load
    find: Find | None
    concerns: Concerns


_kinds: dict[str, Kind] = {}


def add(key: str, label: Any, load: Load, *, find: Find | None = None, concerns: Concerns | None = None) -> None:
    """Make a kind known under the name that events use for it as their subject."""

    def of_subject(thing_id: int) -> ColumnElement[bool]:
        return (Event.subject_kind == key) & (Event.subject_id == thing_id)

    _kinds[key] = Kind(label, load, find, concerns or of_subject)


def kind_of(key: str) -> Kind | None:
    """The kind of this name; None when no package knows it."""
    return _kinds.get(key)


def concerning(mark: str) -> ColumnElement[bool] | None:
    """The condition of events about a thing that is named as "contact:12"; None when it names nothing."""
    key, _colon, number = mark.partition(":")
    if key not in _kinds or not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return _kinds[key].concerns(int(number))


def named(text: str) -> list[ColumnElement[bool]]:
    """Conditions of the events about things that the text names: one query for each kind that can be found."""
    conditions = []
    for key, kind in _kinds.items():
        for thing_id in kind.find(text) if kind.find else ():
            conditions.append(kind.concerns(thing_id))
            if key in {"user", "contact"}:
                conditions.append((Event.actor_kind == key) & (Event.actor_id == thing_id))
    return conditions


def load(wanted: Mapping[str, set[int]]) -> dict[tuple[str, int], Thing]:
    """Things by (kind, id), one query for each kind that is asked for."""
    found: dict[tuple[str, int], Thing] = {}
    for key, ids in wanted.items():
        kind = _kinds.get(key)
        if kind is not None and ids:
            found |= {(key, thing_id): thing for thing_id, thing in kind.load(ids).items()}
    return found
