"""A card's face: at most what fits on five lines, prepared for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template
from markupsafe import Markup

from app import dates
from app.clock import utcnow
from app.codes import show_code
from app.filters import toman
from app.i18n import _, localised
from app.text import initials
from app.users.models import User
from app.users.pictures import picture_url
from cards.board.queries import tags_of
from cards.models import PRIORITIES
from cards.promises.words import Shown, shown
from contacts.models import TIERS

MOST_TAGS = 3
WORTH_SAYING = timedelta(minutes=10)


@dataclass(frozen=True)
class Member:
    """A colleague as faces show them."""

    id: int
    name: str
    initials: str
    is_me: bool
    # Where their picture is; "" where there is none.
    picture: str = ""


@dataclass(frozen=True)
class Face:
    """What the template of a face prints, in the viewer's language."""

    row: Any
    code: str
    name: str
    tier: str
    age: str
    opened: str
    amount: str
    step: str
    priority: str
    waiting: str
    promise: Shown | None
    is_unread: bool
    tags: list[str]
    assignee: Member | None


def members_of(users: Iterable[User], me: User) -> dict[int, Member]:
    """Colleagues by id, with the letters of their mark."""
    return {
        user.id: Member(
            user.id,
            user.shown_name,
            initials(user.shown_name)[:1],
            user.id == me.id,
            picture_url(user.id, user.picture_id),
        )
        for user in users
    }


def prepare(rows: Iterable[Any], members: dict[int, Member]) -> list[Face]:
    """Faces of these rows, in their order. One query, for the tags."""
    rows = list(rows)
    tags = tags_of(rows)
    priorities = {level: str(name) for level, name in PRIORITIES.items()}
    tiers = {tier: str(name) for tier, name in TIERS.items()}
    return [_face(row, tags.get(row.id, []), members, priorities, tiers) for row in rows]


def _face(
    row: Any, tags: list[str], members: dict[int, Member], priorities: dict[int, str], tiers: dict[str, str]
) -> Face:
    opened: datetime = row.opened_at
    return Face(
        row=row, code=show_code(row.code), name=localised(row.contact_name, row.contact_name_en),
        tier=tiers[row.tier] if row.tier != "plain" else "", age=dates.relative(opened, short=True),
        opened=f"{opened.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        amount=toman(row.amount_rials) if row.amount_rials is not None else "",
        step=localised(row.step_fa, row.step_en) if row.portal_step_id else "", priority=priorities[row.priority],
        waiting=_waiting(row.waiting_since), promise=shown(row),
        is_unread=bool(row.last_entry_id) and (row.read_entry_id or 0) < row.last_entry_id,
        tags=tags[:MOST_TAGS], assignee=members.get(row.assignee_id) or _stranger(row.assignee_id),
    )  # fmt: skip


def _waiting(since: datetime | None) -> str:
    """How long the customer has waited for a word; not worth a mark in the first minutes."""
    return dates.relative(since, short=True) if since and utcnow() - since >= WORTH_SAYING else ""


def _stranger(user_id: int | None) -> Member | None:
    """Somebody responsible who has since left the board."""
    return Member(user_id, _("A former colleague"), "?", False) if user_id else None


def render(faces: Iterable[Face]) -> Markup:
    """The faces as list items."""
    return Markup(render_template("cards/_faces.html", faces=list(faces)))  # noqa: S704  # our own template
