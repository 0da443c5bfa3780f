"""The event table: what happened, by whom, in which order. Everything live, and every history, reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import sources
from app.clock import utcnow
from app.db import table_of
from app.extensions import Model, db
from app.hooks import after_commit

INTERNAL, PORTAL = "internal", "portal"


class Actor(Protocol):
    """Who does something: a user or a contact."""

    @property
    def actor_kind(self) -> str: ...
    @property
    def id(self) -> Any: ...


class Subject(Protocol):
    """What an event is about: it names the columns by which its history is found."""

    def event_columns(self) -> dict[str, int | str | None]: ...


class Event(Model):
    """One fact. `seq` orders the facts of one pipeline without holes; `visibility` says who may ever hear of it."""

    __tablename__ = "events"
    __table_args__ = (
        sa.CheckConstraint("visibility IN ('internal', 'portal')", name="visibility"),
        sa.Index("uq_events_pipeline_seq", "pipeline_id", "seq", unique=True, sqlite_where=sa.text("seq IS NOT NULL"),
                 postgresql_where=sa.text("seq IS NOT NULL")),
        sa.Index("ix_events_card", "card_id", "id"),
        sa.Index("ix_events_contact", "contact_id", "at", "id"),
        sa.Index("ix_events_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_events_at", "at", "id"),
        sa.Index("ix_events_name", "name", "at", "id"),
        sa.Index("ix_events_actor", "actor_kind", "actor_id", "at", "id"),
        sa.Index("ix_events_source", "source_address", "at", "id",
                 sqlite_where=sa.text("source_address IS NOT NULL"),
                 postgresql_where=sa.text("source_address IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    visibility: Mapped[str] = mapped_column(default=INTERNAL)
    actor_kind: Mapped[str | None]
    actor_id: Mapped[int | None]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    pipeline_id: Mapped[int | None]
    seq: Mapped[int | None]
    card_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # From where it was asked for; nothing for tasks and commands, and the address is forgotten after a while.
    source_address: Mapped[str | None]
    source_device: Mapped[str | None]
    source_session_id: Mapped[int | None]
    source_token_id: Mapped[int | None]


@dataclass(frozen=True)
class Fact:
    """A copy of an event for work after the commit, where the row may no longer be read."""

    id: int
    name: str
    at: datetime
    visibility: str
    actor_kind: str | None
    actor_id: int | None
    pipeline_id: int | None
    seq: int | None
    card_id: int | None
    contact_id: int | None
    data: Mapping[str, Any]
    # What rooms and frames need and the table does not keep: the room's epoch, the operation's id, ...
    transient: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PastFact:
    """Something that happened before Kariz knew of it. `seq`: its place on the board, where a board shows it.

    `by`: who did it, where that is not whoever did all of them.
    """

    name: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    visibility: str = INTERNAL
    seq: int | None = None
    by: Actor | None = None


@dataclass(frozen=True)
class NewFact:
    """A fact for `record_all`, which writes several of one moment and one cause."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    visibility: str = INTERNAL
    silent: bool = False


Subscriber = Callable[[Event], None]
Publisher = Callable[[Fact], None]

NAMES: set[str] = set()
_NOWHERE = dict.fromkeys(("subject_kind", "subject_id", "pipeline_id", "card_id", "contact_id"))
_WRITE = sa.insert(table_of(Event)).returning(table_of(Event).c.id)
_WRITE_ALL = sa.insert(table_of(Event)).returning(table_of(Event).c.name, table_of(Event).c.id)
_HERE = table_of(Event).c.id == sa.bindparam("fact")
_NUMBER = sa.update(table_of(Event)).where(_HERE).values(seq=sa.bindparam("turn"))
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)
_publishers: list[Publisher] = []


def define(*names: str) -> None:
    """Add names (`noun.verbed`) to the closed vocabulary."""
    NAMES.update(names)


def on(*names: str) -> Callable[[Subscriber], Subscriber]:
    """Call the function with each event of these names, inside the transaction that records it."""

    def register(fn: Subscriber) -> Subscriber:
        for name in names:
            if fn not in _subscribers[name]:
                _subscribers[name].append(fn)
        return fn

    return register


def on_publish(fn: Publisher) -> None:
    """Call the function with each fact after its commit."""
    if fn not in _publishers:
        _publishers.append(fn)


def record(
    name: str,
    subject: Subject | None,
    *,
    by: Actor | None = None,
    data: dict[str, Any] | None = None,
    visibility: str = INTERNAL,
    seq: int | None = None,
    at: datetime | None = None,
    silent: bool = False,
    **transient: Any,
) -> Event:
    """Write a fact in the running transaction; it is announced after the commit unless `silent` (imports, demo)."""
    _check([name])
    values = {
        "name": name, "at": at or utcnow(), "visibility": visibility, "seq": seq, "data": data or {},
        **_shared(subject, by),
    }  # fmt: skip
    # What the fact tells of is written first; the row itself needs no unit of work.
    db.session.flush()
    event = Event(id=db.session.execute(_WRITE, values).scalar_one(), **values)
    _tell(event, transient, silent=silent)
    return event


def record_all(subject: Subject, facts: Sequence[NewFact], *, by: Actor | None, at: datetime) -> list[Event]:
    """Write what happened at once to a row that is written already, in this order and in one statement.

    No name comes twice. Else like `record`.
    """
    _check(fact.name for fact in facts)
    shared = _shared(subject, by)
    rows = [{"name": fact.name, "at": at, "visibility": fact.visibility, "seq": None, "data": dict(fact.data), **shared}
            for fact in facts]  # fmt: skip
    ids: dict[str, int] = {row.name: row.id for row in db.session.execute(_WRITE_ALL, rows)}
    events = [Event(id=ids[row["name"]], **row) for row in rows]
    for event, fact in zip(events, facts, strict=True):
        _tell(event, {}, silent=fact.silent)
    return events


def put_in_order(event: Event, seq: int, **transient: Any) -> None:
    """Give a fact that was recorded silently its place on the board, and announce it after the commit.

    For verbs that write much: what they write before they hold the board keeps nobody waiting.
    """
    db.session.execute(_NUMBER, {"fact": event.id, "turn": seq})
    event.seq = seq
    _announce(event, transient)


def _check(names: Iterable[str]) -> None:
    unknown = set(names) - NAMES
    if unknown:
        raise LookupError(f"{sorted(unknown)} are not event names")


def _shared(subject: Subject | None, by: Actor | None) -> dict[str, Any]:
    """The columns that say of what, by whom and from where."""
    columns = subject.event_columns() if subject else {}
    return {**_NOWHERE, **columns, **_actor_of(by), **sources.current(by.actor_kind if by else None)}


def _tell(event: Event, transient: dict[str, Any], *, silent: bool) -> None:
    for subscriber in _subscribers[event.name]:
        subscriber(event)
    if not silent:
        _announce(event, transient)


def _announce(event: Event, transient: dict[str, Any]) -> None:
    fact = _fact(event, transient)
    after_commit(lambda: _publish(fact))


def record_past(subject: Subject, facts: Iterable[PastFact], *, by: Actor | None) -> None:
    """Write what happened long ago, in one statement: nobody reacts to it and nobody is told."""
    columns = {**_NOWHERE, **subject.event_columns()}
    facts = list(facts)
    _check(fact.name for fact in facts)
    rows = [{**columns, "name": fact.name, "at": fact.at, "data": dict(fact.data), "visibility": fact.visibility,
             "seq": fact.seq, **_actor_of(fact.by or by)} for fact in facts]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(table_of(Event)), rows)


def _actor_of(by: Actor | None) -> dict[str, Any]:
    return {"actor_kind": by.actor_kind if by else None, "actor_id": by.id if by else None}


def _fact(event: Event, transient: dict[str, Any]) -> Fact:
    return Fact(
        id=event.id, name=event.name, at=event.at, visibility=event.visibility, actor_kind=event.actor_kind,
        actor_id=event.actor_id, pipeline_id=event.pipeline_id, seq=event.seq, card_id=event.card_id,
        contact_id=event.contact_id, data=dict(event.data), transient=transient,
    )  # fmt: skip


def _publish(fact: Fact) -> None:
    for publisher in _publishers:
        publisher(fact)
