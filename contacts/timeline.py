"""Everything that happened with a contact, newest first, told by the packages that recorded it.

A package gives words to the names of its events, loads what the words need for a whole page at once, and narrows what a
reader may learn. An event without words is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import ColumnElement

from app.events import Event
from app.extensions import db
from app.i18n import _l
from app.paging import mark, older_than, parse_mark
from app.users.models import User
from contacts.models import Contact

PAGE = 30
GROUPS = {
    "requests": _l("Requests"),
    "orders": _l("Orders and payments"),
    "messages": _l("Messages"),
    "notes": _l("Notes"),
    "changes": _l("Changes"),
}


class Line(NamedTuple):
    """One thing that happened, as it is shown. `quote` is what somebody wrote; inside lines never leave the house."""

    icon: str
    text: str | Markup
    quote: str = ""
    is_inside: bool = False


class Moment(NamedTuple):
    """A line, when it was, and the colleague who did it (empty: the customer, or Kariz itself)."""

    at: datetime
    line: Line
    by: str


class Told(NamedTuple):
    """A page of the timeline; `after` marks where the next begins, None at the end; `before` is what came above it."""

    moments: Sequence[Moment]
    after: str | None
    before: datetime | None


class Known(dict[str, Any]):
    """What loaders found for the events of a page; "user" is the reader."""

    @property
    def reader(self) -> User:
        reader: User = self["user"]
        return reader

    def actor(self, event: Event) -> str:
        """The name of the colleague who did it; empty when a customer or Kariz itself did."""
        user = self["users"].get(event.actor_id) if event.actor_kind == "user" else None
        return user.shown_name if user else ""


Words = Callable[[Event, Known], Line | None]
Loader = Callable[[Sequence[Event], Known], None]
Narrow = Callable[[User], ColumnElement[bool]]

_words: dict[str, Words] = {}
_groups: dict[str, str] = {}
_loaders: list[Loader] = []
_narrows: list[Narrow] = []


def say(sentence: str, **values: object) -> Markup:
    """A translated sentence with its places filled: marked-up values stay, anything else is escaped."""
    return Markup.escape(sentence) % values


def words(*names: str, group: str) -> Callable[[Words], Words]:
    """Tell events of these names with the function, under the filter `group`; None leaves one event out."""
    if group not in GROUPS:
        raise LookupError(group)

    def register(fn: Words) -> Words:
        for name in names:
            _words[name], _groups[name] = fn, group
        return fn

    return register


def load_with(fn: Loader) -> None:
    """Let `fn` load what the words need, in a fixed number of queries for a whole page."""
    if fn not in _loaders:
        _loaders.append(fn)


def narrow_with(fn: Narrow) -> None:
    """Leave out events that the condition of `fn` does not allow the reader."""
    if fn not in _narrows:
        _narrows.append(fn)


def tell(contact: Contact, reader: User, *, group: str = "", after: str | None = None) -> Told:
    """A page of what happened with the contact and the reader may know, newest first."""
    names = [name for name in _words if not group or _groups[name] == group]
    query = sa.select(Event).where(Event.contact_id == contact.id, Event.name.in_(names))
    for narrow in _narrows:
        query = query.where(narrow(reader))
    query = query.where(older_than(after, Event.at, Event.id))
    events = list(db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc()).limit(PAGE + 1)))
    more, events = len(events) > PAGE, events[:PAGE]
    known = _load(events, reader)
    told = [(event, _words[event.name](event, known)) for event in events]
    moments = [Moment(event.at, line, known.actor(event)) for event, line in told if line is not None]
    before = parse_mark(after)
    return Told(moments, mark(events[-1].at, events[-1].id) if more else None, before[0] if before else None)


def _load(events: Sequence[Event], reader: User) -> Known:
    ids = {event.actor_id for event in events if event.actor_kind == "user"}
    known = Known(user=reader)
    known["users"] = {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(ids)))}
    for load in _loaders:
        load(events, known)
    return known
