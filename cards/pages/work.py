"""My work: what nobody has yet, what is mine, and what waits on others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import inbox
from app.auth.guards import require_staff
from app.db import table_of
from app.extensions import db
from app.i18n import _, localised
from app.navigation import Item
from app.users.anyone import anyone
from app.users.models import User
from cards.board.counts import pipelines_of
from cards.models import Card, CardRead
from cards.promises.words import Marks, Shown
from contacts.models import Contact
from pipelines.models import Stage
from pipelines.policies import can_work_on

bp = Blueprint("work", __name__, url_prefix="/work")
bp.before_request(require_staff)

MOST = 100
CARDS = table_of(Card)


@dataclass(frozen=True)
class Row:
    """A card in the list."""

    card: Any
    contact: str
    stage: str
    board: str
    is_unread: bool
    promise: Shown | None


@dataclass(frozen=True)
class Part:
    """One of the three lists. `is_cut`: there are more than are shown."""

    key: str
    title: str
    hint: str
    rows: list[Row]
    is_cut: bool = False


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template("cards/work.html", parts=parts_of(current_user))


def parts_of(user: User) -> list[Part]:
    """The three lists. Two queries."""
    boards = {board.id: board.name for board in pipelines_of(user)}
    free_on = [board for board in boards if can_work_on(user, board)]
    free = _rows(user, boards, sa.and_(CARDS.c.assignee_id.is_(None), CARDS.c.pipeline_id.in_(free_on)))
    mine = _rows(user, boards, sa.and_(CARDS.c.assignee_id == user.id, CARDS.c.pipeline_id.in_(boards)))
    waiting = [row for row in mine if row.card.kind in {"waiting_customer", "waiting_other"} and not is_our_turn(row)]
    active = [row for row in mine if row not in waiting]
    return [
        _part("free", _("Nobody has these yet"), _("New cards of your boards. Take one and it is yours."), free),
        _part(
            "mine",
            _("Mine"),
            _("What is promised first comes first, then who waits longest for a word from us, then what is urgent."),
            active,
        ),
        _part("waiting", _("Waiting on others"), _("It is not your turn here."), waiting),
    ]


def is_our_turn(row: Row) -> bool:
    """Whether the customer waits for a word from us, whatever the stage is called."""
    return row.card.waiting_since is not None


def _part(key: str, title: str, hint: str, rows: Sequence[Row]) -> Part:
    return Part(key, title, hint, list(rows[:MOST]), is_cut=len(rows) > MOST)


def _rows(user: User, boards: dict[int, str], which: sa.ColumnElement[bool]) -> list[Row]:
    """Unfinished cards: by the promised time, then by who waits longest, by priority, by age. One query."""
    query = (
        sa.select(
            CARDS.c.id, CARDS.c.code, CARDS.c.title, CARDS.c.priority, CARDS.c.opened_at, CARDS.c.waiting_since,
            CARDS.c.last_entry_id, CARDS.c.pipeline_id, CARDS.c.department_id, CARDS.c.promised_at,
            CARDS.c.promise_seconds, CARDS.c.promise_left_seconds, CARDS.c.promise_waits_for, Contact.name,
            Contact.name_en, Contact.tier, Stage.kind, Stage.name_fa.label("stage_fa"),
            Stage.name_en.label("stage_en"), CardRead.entry_id.label("read_entry_id"),
        )
        .join(Contact, Contact.id == CARDS.c.contact_id)
        .join(Stage, Stage.id == CARDS.c.stage_id)
        .outerjoin(CardRead, sa.and_(CardRead.card_id == CARDS.c.id, CardRead.user_id == user.id))
        .where(which, CARDS.c.closed_at.is_(None), CARDS.c.resolved_at.is_(None))
        .order_by(CARDS.c.promised_at.is_(None), CARDS.c.promised_at, CARDS.c.waiting_since.is_(None),
                  CARDS.c.waiting_since, CARDS.c.priority.desc(), CARDS.c.opened_at, CARDS.c.id)
        .limit(MOST + 1)
    )  # fmt: skip
    marks = Marks()
    return [_row(found, boards, marks) for found in db.session.execute(query)]


def _row(found: Any, boards: dict[int, str], marks: Marks) -> Row:
    return Row(
        card=found, contact=localised(found.name, found.name_en), stage=localised(found.stage_fa, found.stage_en),
        board=boards.get(found.pipeline_id, ""),
        is_unread=bool(found.last_entry_id) and (found.read_entry_id or 0) < found.last_entry_id,
        promise=marks.of(found),
    )  # fmt: skip


def counts_of(user: User) -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[int]]:
    """What the frame of every page counts: unfinished cards of the user, unread notifications. To be asked together."""
    mine = sa.select(sa.func.count()).select_from(CARDS).where(CARDS.c.assignee_id == user.id)
    mine = mine.where(CARDS.c.closed_at.is_(None), CARDS.c.resolved_at.is_(None))
    return mine.scalar_subquery(), inbox.count_unread(user).scalar_subquery()


def remember_counts(mine: int, unread: int) -> None:
    """Spare the frame its query: the counts were read together with something else in this request."""
    g.mine_count = mine
    inbox.remember_unread(unread)


@cache
def _counts(is_admin: bool) -> sa.Select[int, int]:
    """Both counts of the parameter `user`."""
    return sa.select(*counts_of(anyone(is_admin=is_admin)))


def mine_count(user: User) -> int:
    """Unfinished cards for which the user is responsible. One query a request, which also counts for the bell."""
    if "mine_count" not in g:
        remember_counts(*db.session.execute(_counts(user.is_admin), {"user": user.id}).one())
    count: int = g.mine_count
    return count


def navigation(user: User) -> list[Item]:
    return [Item(_("My work"), url_for("work.index"), "mine", mine_count(user) or None)]


def start_page(user: User) -> str | None:
    """An agent's day begins with the work; for the others something else may come first."""
    return url_for("work.index") if user.role == "agent" else None
