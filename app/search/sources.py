"""What packages offer to be found: each registers how its rows become docs, and how hits are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel.speaklater import LazyString
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.events import INTERNAL, PORTAL
from app.extensions import db
from app.search.table import DOCS
from app.users.models import User


@dataclass(frozen=True, kw_only=True)
class Doc:
    """A row of the index before it is written. `words` may hold marks of its own (codes, numbers)."""

    kind: str
    ref_id: int
    words: Sequence[str]
    at: datetime
    head: str = ""
    audience: str = INTERNAL
    target_id: int | None = None
    pipeline_id: int | None = None
    contact_id: int | None = None
    company_id: int | None = None

    def row(self) -> dict[str, Any]:
        """Columns; the marks of reach are added to the words. Only what customers may find carries the customer's."""
        marks = [f"={self.kind}"]
        if self.pipeline_id is not None:
            marks.append(f"=p{self.pipeline_id}")
        if self.audience == PORTAL:
            owners = (("=o", self.contact_id), ("=y", self.company_id))
            marks += ["=portal", *(f"{mark}{owner}" for mark, owner in owners if owner is not None)]
        return {
            "kind": self.kind, "ref_id": self.ref_id, "audience": self.audience, "pipeline_id": self.pipeline_id,
            "target_id": self.ref_id if self.target_id is None else self.target_id, "contact_id": self.contact_id,
            "company_id": self.company_id, "at": self.at, "head": self.head[:200],
            "words": " ".join((*self.words, *marks)),
        }  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Rows that are found as docs of one kind. `wanted`: a select of the ids that should have one; `build`: their docs
    in a fixed number of queries."""

    kind: str
    wanted: Callable[[], sa.Select[int]]
    build: Callable[[Sequence[int]], list[Doc]]


@dataclass(frozen=True)
class Reach:
    """Which docs of a group somebody may find: marks of which one is needed (None: none needed) and the rule itself."""

    marks: tuple[str, ...] | None = None
    where: sa.ColumnElement[bool] | None = None


@dataclass
class Hit:
    """Something found, ready to be shown. `text` is searched again for what is highlighted in it."""

    url: str
    title: str
    icon: str
    # What tells it from others like it: the customer of a card, the company of a person.
    details: str = ""
    code: str = ""
    text: str = ""
    text_is_internal: bool = False
    state: str = ""
    at: datetime | None = None
    # A whole text to unfold in place, where there is no page to open.
    body: str = ""
    anchor: str = ""
    edit_url: str = ""


@dataclass
class Found:
    """A target with the docs through which it was found, the newest first."""

    target_id: int
    score: int
    at: datetime
    doc_id: int
    refs: list[tuple[str, int]] = field(default_factory=list)
    is_exact: bool = False


# Turns targets into hits, by target id; what the user cannot reach (any more) is left out.
Present = Callable[[Sequence[Found], User], dict[int, Hit]]


@dataclass(frozen=True)
class Group:
    """What is shown under one heading."""

    key: str
    label: LazyString | str
    icon: str
    order: int
    kinds: tuple[str, ...]
    present: Present
    reach: Callable[[User], Reach] = lambda _user: Reach()
    # Further targets through the people that were found: ids of contacts -> targets, the newest first.
    of_contacts: Callable[[Sequence[int], User], list[Found]] | None = None
    mine: Callable[[User], sa.ColumnElement[bool]] | None = None


_sources: dict[str, Source] = {}
_groups: dict[str, Group] = {}


def add_source(kind: str, wanted: Callable[[], sa.Select[Any]], build: Callable[[Sequence[int]], list[Doc]]) -> None:
    """Let rows be found; asked for again, the last one counts."""
    _sources[kind] = Source(kind, wanted, build)


def add_group(group: Group) -> None:
    """Offer a heading of the results."""
    _groups[group.key] = group


def sources() -> list[Source]:
    return list(_sources.values())


def groups() -> list[Group]:
    """All headings in their order."""
    return sorted(_groups.values(), key=lambda group: group.order)


def rule_of(group: Group, where: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool]:
    """A group's rule as a condition that rows of other groups pass."""
    return sa.true() if where is None else sa.or_(DOCS.c.kind.not_in(group.kinds), where)


def docs_of(kinds: Iterable[str], ids: Sequence[int]) -> list[Doc]:
    """The docs of these rows as they are now."""
    return [doc for kind in kinds for doc in _sources[kind].build(ids)]


def among(column: sa.ColumnElement[int] | InstrumentedAttribute[int], ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Whether the column is one of the ids: one parameter, however many there are."""
    given = list(ids)
    if db.engine.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(given)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.cast(given, ARRAY(sa.Integer)))
