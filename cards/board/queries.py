"""Reads of the board, in SQLAlchemy Core: a fixed number of statements whatever the number of stages and cards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from app.users.models import User
from cards.models import Card, CardRead, CardTag, Tag
from contacts.models import Contact
from pipelines.models import Pipeline, PortalStep, Stage

PAGE = 30
CARDS, READS, PEOPLE, STEPS = (table_of(model) for model in (Card, CardRead, Contact, PortalStep))
FACE_COLUMNS = (
    CARDS.c.id, CARDS.c.code, CARDS.c.stage_id, CARDS.c.rank, CARDS.c.version, CARDS.c.title, CARDS.c.contact_id,
    CARDS.c.assignee_id, CARDS.c.priority, CARDS.c.amount_rials, CARDS.c.opened_at, CARDS.c.portal_step_id,
    CARDS.c.waiting_since, CARDS.c.last_entry_id, CARDS.c.attachment_count, CARDS.c.pipeline_id, CARDS.c.department_id,
    CARDS.c.promised_at, CARDS.c.promise_seconds, CARDS.c.promise_left_seconds, CARDS.c.promise_waits_for,
)  # fmt: skip


@dataclass
class Column:
    """A stage with the faces shown of it. `next` is the keyset cursor "rank:id" of the last one, if more follow."""

    stage: Stage
    total: int = 0
    rows: list[Any] = field(default_factory=list)
    faces: list[Any] = field(default_factory=list)
    next: str | None = None


def stages_of(pipeline: Pipeline) -> list[Stage]:
    """Stages in use, in board order, with the step each shows. One query."""
    query = sa.select(Stage).where(Stage.pipeline_id == pipeline.id, Stage.archived_at.is_(None))
    return list(db.session.scalars(query.order_by(Stage.position, Stage.id)))


def load_columns(pipeline: Pipeline, user: User, counts: dict[int, int]) -> list[Column]:
    """Every column with its first faces. `counts` are open cards by stage. Two queries."""
    stages = stages_of(pipeline)
    by_stage = windows({stage.id: PAGE for stage in stages}, user)
    return [_column(stage, by_stage[stage.id], PAGE, counts.get(stage.id, 0)) for stage in stages]


def load_page(stage: Stage, user: User, *, after: tuple[int, int], total: int) -> Column:
    """The page of a column after the key (rank, id). One query."""
    rows = _faces(_window(stage.id, PAGE + 1, after), user)
    return _column(stage, rows, PAGE, total)


def windows(sizes: dict[int, int], user: User) -> dict[int, list[Any]]:
    """The first faces of several stages, one more than asked for, by stage id. One query of short index scans."""
    found: dict[int, list[Any]] = defaultdict(list)
    if sizes:
        scans = [_window(stage_id, size + 1) for stage_id, size in sizes.items()]
        for row in _faces(
            scans[0] if len(scans) == 1 else sa.union_all(*(sa.select(s.subquery()) for s in scans)), user
        ):
            found[row.stage_id].append(row)
    return found


def faces(ids: Iterable[int], pipeline_id: int, user: User) -> Sequence[Any]:
    """Faces of these cards as far as they are open on this board. One query."""
    chosen = sa.select(*FACE_COLUMNS).where(CARDS.c.id.in_(list(ids)), CARDS.c.pipeline_id == pipeline_id)
    return _faces(chosen.where(CARDS.c.closed_at.is_(None)), user)


def tags_of(rows: Iterable[Any]) -> dict[int, list[str]]:
    """Tag names by card id. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    ids = [row.id for row in rows]
    if ids:
        query = sa.select(CardTag.card_id, Tag.name).join(Tag, Tag.id == CardTag.tag_id)
        for card_id, name in db.session.execute(query.where(CardTag.card_id.in_(ids)).order_by(Tag.name)):
            found[card_id].append(name)
    return found


def _window(stage_id: int, size: int, after: tuple[int, int] | None = None) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*FACE_COLUMNS).where(CARDS.c.stage_id == stage_id, CARDS.c.closed_at.is_(None))
    if after:
        query = query.where(sa.tuple_(CARDS.c.rank, CARDS.c.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    return query.order_by(CARDS.c.rank, CARDS.c.id).limit(size)


def _faces(chosen: Any, user: User) -> list[Any]:
    """Rows of a face: the card's columns, the customer, the shown step, and how far the user has read."""
    cards = chosen.subquery("shown")
    query = (
        sa.select(
            cards, PEOPLE.c.name.label("contact_name"), PEOPLE.c.name_en.label("contact_name_en"), PEOPLE.c.tier,
            STEPS.c.label_fa.label("step_fa"), STEPS.c.label_en.label("step_en"),
            READS.c.entry_id.label("read_entry_id"),
        )
        .join(PEOPLE, PEOPLE.c.id == cards.c.contact_id)
        .outerjoin(STEPS, STEPS.c.id == cards.c.portal_step_id)
        .outerjoin(READS, sa.and_(READS.c.card_id == cards.c.id, READS.c.user_id == user.id))
        .order_by(cards.c.rank, cards.c.id)
    )  # fmt: skip
    return list(db.session.execute(query))


def _column(stage: Stage, rows: list[Any], size: int, total: int) -> Column:
    shown = rows[:size]
    cursor = f"{shown[-1].rank}:{shown[-1].id}" if len(rows) > size else None
    return Column(stage, total, shown, next=cursor)
