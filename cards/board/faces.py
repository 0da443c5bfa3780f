"""A card's face: at most what fits on five lines, prepared for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.codes import show_code
from app.filters import digits, toman
from app.i18n import _, localised, viewer
from app.text import initials
from app.users.models import User
from app.users.pictures import picture_url
from cards.board.queries import BETWEEN, FaceRow
from cards.models import PRIORITIES
from cards.promises.words import Marks, Shown
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


@dataclass(slots=True)
class Face:
    """What the template of a face prints, in the viewer's language."""

    row: FaceRow
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
    attachments: str
    assignee: Member | None


def members_of(users: Iterable[Any], me: User) -> dict[int, Member]:
    """Colleagues (or rows with their names and picture) by id, with the letters of their mark."""
    return {
        user.id: Member(
            user.id,
            name := localised(user.name, user.name_en),
            initials(name)[:1],
            user.id == me.id,
            picture_url(user.id, user.picture_id),
        )
        for user in users
    }


class Pen:
    """Writes the faces of one page: the reader, the moment and the words are asked for once, not for every card."""

    def __init__(self, members: dict[int, Member]) -> None:
        self.members = members
        self.is_english = viewer().locale == "en"
        self.marks = Marks()
        self.distance = self.marks.distance
        self.waits = _("waits %(time)s")
        self.worth_saying_before = self.marks.now - WORTH_SAYING
        self.priorities = {level: str(name) for level, name in PRIORITIES.items()}
        self.tiers = {tier: str(name) for tier, name in TIERS.items()} | {"plain": ""}

    def draw(self, rows: Iterable[FaceRow]) -> Markup:
        """The faces of these rows as list items, in their order."""
        return _render(map(self.face, rows))

    def draw_each(self, rows: Iterable[FaceRow]) -> dict[str, str]:
        """Each face by the card's id."""
        return {str(row.id): _render([self.face(row)]) for row in rows}

    def face(self, row: FaceRow) -> Face:
        """What the face of this row says."""
        return Face(
            row=row, code=show_code(row.code), name=self._of(row.contact_name, row.contact_name_en),
            tier=self.tiers[row.tier], age=self.distance(row.opened_at),
            opened=f"{row.opened_at.isoformat()[:16]}Z",
            amount=toman(row.amount_rials) if row.amount_rials is not None else "",
            step=self._of(row.step_fa, row.step_en),
            priority=self.priorities[row.priority], waiting=self._waiting(row.waiting_since),
            promise=self.marks.of(row),
            is_unread=(row.read_entry_id or 0) < (row.last_entry_id or 0),
            tags=sorted(row.tags.split(BETWEEN))[:MOST_TAGS] if row.tags else [],
            attachments=digits(row.attachment_count) if row.attachment_count else "",
            assignee=self._holder(row.assignee_id) if row.assignee_id else None,
        )  # fmt: skip

    def _of(self, fa: str | None, en: str | None) -> str:
        return (en or fa or "") if self.is_english else (fa or en or "")

    def _waiting(self, since: datetime | None) -> str:
        """How long the customer has waited for a word; not worth a mark in the first minutes."""
        return self.waits % {"time": self.distance(since)} if since and since <= self.worth_saying_before else ""

    def _holder(self, user_id: int) -> Member:
        """Who is responsible; perhaps somebody who has since left the board."""
        return self.members.get(user_id) or Member(user_id, _("A former colleague"), "?", False)


def _render(faces: Iterable[Face]) -> Markup:
    template = current_app.jinja_env.get_template("cards/_faces.html")
    return Markup(template.render(faces=faces))  # noqa: S704  # our own template
