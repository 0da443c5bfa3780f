"""Reads of the board, in SQLAlchemy Core: a fixed number of statements whatever the number of stages and cards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from app.users.models import User
from cards.models import Card, CardRead, CardTag, Tag
from contacts.models import Contact
from pipelines.models import Pipeline, PortalStep, Stage
from pipelines.models.membership import are_members

PAGE = 30
# Between the names of tags in one column; a name holds no control character.
BETWEEN = "\x1f"
CARDS, READS, PEOPLE, STEPS = (table_of(model) for model in (Card, CardRead, Contact, PortalStep))
Statement = sa.Select[*tuple[Any, ...]]


class FaceRow(NamedTuple):
    """What a face says of a card, its customer and its shown step, and how far its reader has read. A tuple, because
    a board asks hundreds of them for everything they have."""

    id: int
    code: str
    stage_id: int
    rank: int
    version: int
    title: str
    assignee_id: int | None
    priority: int
    amount_rials: int | None
    opened_at: datetime
    waiting_since: datetime | None
    last_entry_id: int | None
    read_entry_id: int | None
    attachment_count: int
    pipeline_id: int
    department_id: int | None
    promised_at: datetime | None
    promise_seconds: int | None
    promise_left_seconds: int | None
    promise_waits_for: str | None
    contact_name: str
    contact_name_en: str
    tier: str
    step_fa: str | None
    step_en: str | None
    # Names with BETWEEN between them.
    tags: str | None


@dataclass
class Column:
    """A stage with the faces shown of it. `next` is the keyset cursor "rank:id" of the last one, if more follow."""

    stage: Stage
    total: int = 0
    rows: list[FaceRow] = field(default_factory=list)
    faces: str = ""
    next: str | None = None


def stages_of(pipeline: Pipeline) -> list[Stage]:
    """Stages in use, in board order, with the step each shows. One query."""
    return list(db.session.scalars(_stages(), {"pipeline": pipeline.id}))


def colleagues(pipeline: Pipeline, rows: Iterable[FaceRow]) -> Sequence[Any]:
    """Whose marks may stand on these faces: members of the board, admins, and who once had one of these cards.

    Rows of id, both names and picture. One query.
    """
    holders = {row.assignee_id for row in rows} - {None}
    return db.session.execute(_colleagues(), {"pipeline": pipeline.id, "holders": list(holders)}).all()


def load_columns(pipeline: Pipeline, user: User, counts: dict[int, int]) -> list[Column]:
    """Every column with its first faces. `counts` are open cards by stage. Two queries."""
    stages = stages_of(pipeline)
    by_stage = windows({stage.id: PAGE for stage in stages}, user)
    return [_column(stage, by_stage[stage.id], PAGE, counts.get(stage.id, 0)) for stage in stages]


def load_page(stage: Stage, user: User, *, after: tuple[int, int], total: int) -> Column:
    """The page of a column after the key (rank, id). One query."""
    asked = {"stage_0": stage.id, "size_0": PAGE + 1, "rank": after[0], "id": after[1], "reader": user.id}
    return _column(stage, _rows(_next_faces(), asked), PAGE, total)


def windows(sizes: dict[int, int], user: User) -> dict[int, list[FaceRow]]:
    """The first faces of several stages, one more than asked for, by stage id. One query of short index scans."""
    found: dict[int, list[FaceRow]] = defaultdict(list)
    if sizes:
        asked = {"reader": user.id}
        for number, (stage_id, size) in enumerate(sizes.items()):
            asked |= {f"stage_{number}": stage_id, f"size_{number}": size + 1}
        for row in _rows(_first_faces(len(sizes)), asked):
            found[row.stage_id].append(row)
    return found


def faces(ids: Iterable[int], pipeline_id: int, user: User) -> list[FaceRow]:
    """Faces of these cards as far as they are open on this board. One query."""
    asked = {"ids": list(ids), "pipeline": pipeline_id, "reader": user.id}
    return _rows(_chosen_faces(), asked)


def _rows(statement: Statement, asked: dict[str, Any]) -> list[FaceRow]:
    return [FaceRow._make(row) for row in db.session.execute(statement, asked)]


# The statements, each built once; their values come by name.


@cache
def _stages() -> sa.Select[Stage]:
    """Stages in use of the board `pipeline`."""
    query = sa.select(Stage).where(Stage.pipeline_id == sa.bindparam("pipeline"), Stage.archived_at.is_(None))
    return query.order_by(Stage.position, Stage.id)


@cache
def _colleagues() -> Statement:
    """Members of the board `pipeline`, admins, and the users `holders`."""
    members = are_members(sa.bindparam("pipeline", type_=sa.Integer))
    admins = sa.and_(User.role == "admin", User.deactivated_at.is_(None))
    holders = User.id.in_(sa.bindparam("holders", expanding=True))
    return sa.select(User.id, User.name, User.name_en, User.picture_id).where(sa.or_(members, admins, holders))


@cache
def _first_faces(stages: int) -> Statement:
    """The first cards of so many stages: `stage_0`, `size_0`, `stage_1`..."""
    scans = [_window(number) for number in range(stages)]
    return _faces(scans[0] if stages == 1 else sa.union_all(*(sa.select(scan.subquery()) for scan in scans)))


@cache
def _next_faces() -> Statement:
    """The cards of `stage_0` after the key (`rank`, `id`)."""
    after = sa.tuple_(CARDS.c.rank, CARDS.c.id) > sa.tuple_(
        sa.bindparam("rank", type_=sa.BigInteger), sa.bindparam("id", type_=sa.BigInteger)
    )
    return _faces(_window(0).where(after))


@cache
def _chosen_faces() -> Statement:
    """Of the cards `ids` those that are open on the board `pipeline`."""
    is_open = sa.and_(CARDS.c.pipeline_id == sa.bindparam("pipeline"), CARDS.c.closed_at.is_(None))
    return _faces(_cards().where(CARDS.c.id.in_(sa.bindparam("ids", expanding=True)), is_open))


def _cards() -> Statement:
    names = [*(name for name in FaceRow._fields if name in CARDS.c), "contact_id", "portal_step_id"]
    return sa.select(*(CARDS.c[name] for name in names))


def _window(number: int) -> Statement:
    """The first cards of a stage. They carry their columns: joined by id, PostgreSQL would read the whole table."""
    query = _cards().where(CARDS.c.stage_id == sa.bindparam(f"stage_{number}"), CARDS.c.closed_at.is_(None))
    return query.order_by(CARDS.c.rank, CARDS.c.id).limit(sa.bindparam(f"size_{number}"))


def _faces(chosen: Statement | sa.CompoundSelect[*tuple[Any, ...]]) -> Statement:
    """Rows of a face of the chosen cards for `reader`, in the order of `FaceRow`."""
    cards = chosen.subquery("shown")
    tags = sa.select(sa.func.aggregate_strings(Tag.name, BETWEEN)).join(CardTag, CardTag.tag_id == Tag.id)
    is_mine = sa.and_(READS.c.card_id == cards.c.id, READS.c.user_id == sa.bindparam("reader"))
    others = {
        "contact_name": PEOPLE.c.name, "contact_name_en": PEOPLE.c.name_en, "tier": PEOPLE.c.tier,
        "step_fa": STEPS.c.label_fa, "step_en": STEPS.c.label_en, "read_entry_id": READS.c.entry_id,
        "tags": tags.where(CardTag.card_id == cards.c.id).scalar_subquery(),
    }  # fmt: skip
    columns = [others[name].label(name) if name in others else cards.c[name] for name in FaceRow._fields]
    query = sa.select(*columns).select_from(cards).join(PEOPLE, PEOPLE.c.id == cards.c.contact_id)
    query = query.outerjoin(STEPS, STEPS.c.id == cards.c.portal_step_id).outerjoin(READS, is_mine)
    return query.order_by(cards.c.rank, cards.c.id)


def _column(stage: Stage, rows: list[FaceRow], size: int, total: int) -> Column:
    shown = rows[:size]
    cursor = f"{shown[-1].rank}:{shown[-1].id}" if len(rows) > size else None
    return Column(stage, total, shown, next=cursor)
