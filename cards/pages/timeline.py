"""The conversation of a card: messages, replies, notes, and the changes between them folded into lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from markupsafe import Markup, escape
from sqlalchemy.orm import joinedload

from app import markup
from app.dates import format_date, local_day, today
from app.db import table_of
from app.events import Event
from app.extensions import db
from app.i18n import _, _n
from app.text import initials
from app.users.models import User
from cards.models import CHANNELS, Attachment, Card, Entry
from cards.pages import sentences
from cards.pages.people import Colleague
from cards.pages.sentences import Names
from cards.policies import can_withdraw

PAGE = 50
MOST_EVENTS = 200
EVENTS = table_of(Event)
TOLD = ("id", "name", "at", "actor_kind", "actor_id", "data")


@dataclass(frozen=True)
class Day:
    """A line between two days."""

    kind: ClassVar[str] = "day"
    day: date

    @property
    def label(self) -> str:
        words, distance = format_date(self.day, "long"), today() - self.day
        if distance == timedelta(0):
            return _("Today, %(day)s", day=words)
        return _("Yesterday, %(day)s", day=words) if distance == timedelta(days=1) else words


@dataclass(frozen=True)
class Fresh:
    """The line above what the reader has not read."""

    kind: ClassVar[str] = "fresh"


@dataclass(frozen=True)
class Message:
    """An entry as the thread shows it."""

    kind: ClassVar[str] = "message"
    entry: Entry
    author: str
    initials: str
    body: Markup
    # Where the colleague's picture is; "" for customers and where there is none.
    picture: str = ""
    is_mine: bool = False
    can_withdraw: bool = False

    @property
    def css(self) -> str:
        """Which of the three looks it has."""
        return {"customer_message": "customer", "note": "note"}.get(self.entry.kind, "reply")

    @property
    def channel(self) -> str:
        """Which way the customer's words came."""
        return str(CHANNELS.get(self.entry.channel, ""))

    @property
    def files(self) -> list[Attachment]:
        return self.entry.attachments

    @property
    def is_withdrawn(self) -> bool:
        return self.entry.withdrawn_at is not None


@dataclass(frozen=True)
class Line:
    """One change."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Folded:
    """Changes that followed each other, the first of which stand in the summary."""

    kind: ClassVar[str] = "folded"
    lines: list[Line]

    @property
    def summary(self) -> str:
        texts = [line.text for line in self.lines]
        rest = len(texts) - 2
        if rest <= 0:
            return _("; ").join(texts)
        return _n(
            "%(first)s; %(second)s and %(num)s more change",
            "%(first)s; %(second)s and %(num)s more changes",
            rest, first=texts[0], second=texts[1],
        )  # fmt: skip


@dataclass
class Timeline:
    """A stretch of the conversation, oldest first. `older`: the key of the stretch before it, None at the beginning."""

    items: list[Day | Fresh | Message | Folded] = field(default_factory=list)
    older: int | None = None
    last_entry_id: int = 0
    last_event_id: int = 0


class Thread:
    """The conversation of a card for one reader."""

    def __init__(self, card: Card, names: Names, user: User) -> None:
        self.card, self.names, self.user = card, names, user

    def newest(self, *, before: int | None = None, read_up_to: int | None = None) -> Timeline:
        """The newest entries (those older than `before`) and the changes between them. Two queries at any length."""
        found = _entries(_newest(before is not None), card=self.card.id, before=before)
        entries = list(reversed(found[:PAGE]))
        events = self._events(before=before)
        if len(found) > PAGE:
            # Changes older than the oldest entry here come with the stretch before it.
            events = [event for event in events if event.at >= entries[0].created_at]
        page = self._timeline(entries, events, read_up_to)
        page.older = entries[0].id if len(found) > PAGE else None
        return page

    def after(self, *, entry_id: int, event_id: int) -> Timeline:
        """What came after an entry and an event, for a page that stands open. Two queries."""
        found = _entries(_later(), card=self.card.id, after=entry_id)
        page = self._timeline(found, self._events(after=event_id))
        page.last_entry_id = max(page.last_entry_id, entry_id)
        page.last_event_id = max(page.last_event_id, event_id)
        return page

    def one(self, entry_id: int) -> Message | None:
        """One entry anew; None when it is not on this card. One query."""
        found = _entries(_one(), card=self.card.id, entry=entry_id)
        return self.message(found[0]) if found else None

    def message(self, entry: Entry) -> Message:
        """The entry with the name of its author and its text ready to be shown."""
        users = self.names.people.users
        if entry.contact is not None:
            author = entry.contact.shown_name
        else:
            author = self.names.people.name(entry.author_id) if entry.author_id else _("Kariz")
        mentioned = [users[mention.user_id] for mention in entry.mentions if mention.user_id in users]
        return Message(
            entry=entry, author=author, initials=initials(author),
            body=_with_mentions(markup.render(entry.body), mentioned), is_mine=entry.author_id == self.user.id,
            can_withdraw=can_withdraw(self.user, self.card, entry), picture=self.names.people.picture(entry.author_id),
        )  # fmt: skip

    def _events(self, *, before: int | None = None, after: int | None = None) -> list[Event]:
        """The newest changes that have a sentence, oldest first."""
        query = _changes(before is not None, after is not None)
        given = {"card": self.card.id, "names": sentences.told_names()}
        given |= {name: value for name, value in (("before", before), ("after", after)) if value is not None}
        return cast("list[Event]", list(reversed(db.session.execute(query, given).all())))

    def _timeline(self, entries: Sequence[Entry], events: Sequence[Event], read_up_to: int | None = None) -> Timeline:
        messages = [self.message(entry) for entry in entries]
        lines = [Line(event.at, text) for event in events if (text := sentences.tell(event, self.names))]
        return Timeline(
            items=list(_items(messages, lines, self.user, read_up_to)),
            last_entry_id=max((entry.id for entry in entries), default=0),
            last_event_id=max((event.id for event in events), default=0),
        )


# Built once: putting the statements together takes longer than running them.

_OF_CARD = (
    sa.select(Entry)
    .where(Entry.card_id == sa.bindparam("card"))
    .options(joinedload(Entry.attachments), joinedload(Entry.mentions), joinedload(Entry.contact))
)


@cache
def _newest(is_past: bool) -> sa.Select[Entry]:
    """The newest entries of `card`, newest first, one more than are shown; with `is_past` those older than `before`."""
    query = _OF_CARD.where(Entry.id < sa.bindparam("before")) if is_past else _OF_CARD
    return query.order_by(Entry.id.desc()).limit(PAGE + 1)


@cache
def _later() -> sa.Select[Entry]:
    return _OF_CARD.where(Entry.id > sa.bindparam("after")).order_by(Entry.id).limit(PAGE)


@cache
def _one() -> sa.Select[Entry]:
    return _OF_CARD.where(Entry.id == sa.bindparam("entry"))


@cache
def _changes(is_past: bool, is_news: bool) -> sa.Select[*tuple[Any, ...]]:
    """What sentences read of the newest events of `card` with one of `names`, newest first; older than the entry
    `before`, newer than the event `after`."""
    card_id = sa.bindparam("card", type_=sa.Integer)
    query = sa.select(*(EVENTS.c[name] for name in TOLD))
    query = query.where(EVENTS.c.card_id == card_id, EVENTS.c.name.in_(sa.bindparam("names", expanding=True)))
    if is_past:
        until = sa.select(Entry.created_at).where(Entry.id == sa.bindparam("before"), Entry.card_id == card_id)
        query = query.where(EVENTS.c.at < until.scalar_subquery())
    if is_news:
        query = query.where(EVENTS.c.id > sa.bindparam("after"))
    return query.order_by(EVENTS.c.id.desc()).limit(MOST_EVENTS)


def _entries(query: sa.Select[Entry], **given: int | None) -> list[Entry]:
    known = {name: value for name, value in given.items() if value is not None}
    return list(db.session.scalars(query, known).unique())


def _items(
    messages: Iterable[Message], lines: Iterable[Line], user: User, read_up_to: int | None
) -> Iterator[Day | Fresh | Message | Folded]:
    """Messages and lines in the order of time, with the days between them and the mark of what is new."""
    # What was written stands before what it caused: a first message before "opened", a reply before "moved".
    moments: list[tuple[datetime, int, Message | Line]] = [(m.entry.created_at, 0, m) for m in messages]
    moments += [(line.at, 1, line) for line in lines]
    moments.sort(key=lambda moment: moment[:2])
    is_marked = read_up_to is None
    for day, within in groupby(moments, key=lambda moment: local_day(moment[0])):
        yield Day(day)
        for is_line, group in groupby(
            (thing for _at, _rank, thing in within), key=lambda thing: isinstance(thing, Line)
        ):
            if is_line:
                yield Folded([thing for thing in group if isinstance(thing, Line)])
                continue
            for message in group:
                if isinstance(message, Message) and not is_marked and _is_new(message.entry, user, read_up_to):
                    is_marked = True
                    yield Fresh()
                yield message  # type: ignore[misc]


def _is_new(entry: Entry, user: User, read_up_to: int | None) -> bool:
    return entry.id > (read_up_to or 0) and entry.author_id != user.id


def _with_mentions(html: Markup, users: Iterable[Colleague]) -> Markup:
    """The text with the names of mentioned colleagues marked; only between tags, never inside of one."""
    names = sorted({f"@{name}" for user in users for name in (user.name, user.name_en) if name}, key=len, reverse=True)
    if not names:
        return html
    pattern = re.compile("|".join(re.escape(str(escape(name))) for name in names))
    parts = re.split(r"(<[^>]*>)", str(html))
    marked = (part if part.startswith("<") else pattern.sub(_as_mention, part) for part in parts)
    return Markup("".join(marked))  # noqa: S704  # the parts were safe, and so is what stands round a name


def _as_mention(match: re.Match[str]) -> str:
    return f'<span class="mention">{match[0]}</span>'
