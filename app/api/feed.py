"""Events for programs: only those that a package tells of, each behind a scope, with an allow-list of their data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.api.access import has_scope, me
from app.events import Event
from app.extensions import db
from app.users.models import User

# How many events one request looks through for those that it may tell.
WINDOW = 50_000


@dataclass(frozen=True)
class Told:
    """That programs hear of an event: with which scope, and which of its data."""

    scope: str
    data: tuple[str, ...]


Codes = Callable[[User, set[int]], dict[int, str]]
Reach = Callable[[User], sa.ColumnElement[bool]]

TOLD: dict[str, Told] = {}
_codes: dict[str, Codes] = {}
_reaches: list[Reach] = []


def tell(scope: str, names: dict[str, Sequence[str]]) -> None:
    """Tell of these events, {name: keys of its data}, to tokens with the scope."""
    TOLD.update({name: Told(scope, tuple(keys)) for name, keys in names.items()})


def name_by_code(column: str, codes: Codes) -> None:
    """How ids in a column of events ("card_id", ...) are called outwards: {id: code} of those that a user reaches."""
    _codes[column] = codes


def within(reach: Reach) -> None:
    """Of which events a user may hear; all such conditions hold together."""
    if reach not in _reaches:
        _reaches.append(reach)


def events_between(after: int, last: int, limit: int) -> list[Event]:
    """The first events that the bearer may hear of with after < id <= last, oldest first. One query."""
    names = [name for name, told in TOLD.items() if has_scope(told.scope)]
    query = sa.select(Event).where(Event.id > after, Event.id <= last, Event.name.in_(names))
    query = query.where(*(reach(me()) for reach in _reaches)).order_by(Event.id)
    return list(db.session.scalars(query.limit(limit)))


def codes_of(events: Iterable[Event], column: str) -> dict[int, str]:
    """What the ids in a column are called, for as many as the bearer reaches. One query."""
    return codes_by(column, {row_id for event in events if (row_id := getattr(event, column)) is not None})


def codes_by(column: str, ids: set[int]) -> dict[int, str]:
    """What these ids are called, for as many as the bearer reaches. One query."""
    return _codes[column](me(), ids) if ids else {}


def data_of(event: Event) -> dict[str, Any]:
    """What of an event's data programs hear."""
    return {key: event.data[key] for key in TOLD[event.name].data if key in event.data}
