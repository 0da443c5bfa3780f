"""Everything the card page shows, read in a fixed number of queries whatever the length of the conversation."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa
from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.codes import show_code
from app.dates import format_datetime
from app.errors import NotFound
from app.extensions import db
from app.i18n import _, localised
from app.text import initials
from app.users.anyone import anyone
from app.users.models import User
from app.users.pictures import picture_url
from cards import policies
from cards.models import CHANNELS, PRIORITIES, Card, CardRead, CardTag, Survey, Tag
from cards.pages import panels
from cards.pages.people import People, load_people
from cards.pages.sentences import Names
from cards.pages.timeline import Thread, Timeline
from cards.pages.work import counts_of, remember_counts
from cards.promises.words import Shown, on_card
from contacts.models import Contact, Membership
from pipelines.models import Pipeline, Stage
from pipelines.models.membership import reachable_ids

EARLIER = 8
# No tag holds it, so it keeps the names of tags apart in one column.
BETWEEN = "\x1f"
STAGES = (
    sa.select(Stage)
    .where(Stage.pipeline_id == sa.bindparam("pipeline"))
    .options(joinedload(Stage.portal_step))
    .order_by(Stage.position, Stage.id)
)


@dataclass(frozen=True)
class Phase:
    """One of the five phases of the life of a card, as the rail draws it."""

    label: str
    when: str
    state: str
    hint: str = ""


@dataclass(frozen=True)
class Earlier:
    """Another request of the same contact. Out of the reader's reach: the board and the state, and nothing else."""

    board: str
    state: str
    code: str | None = None
    title: str | None = None
    opened_at: datetime | None = None
    mean: float | None = None


@dataclass
class CardPage:
    """A card for one reader. Its parts are read when a template first asks for them."""

    card: Card
    user: User
    survey: Survey | None
    read_up_to: int | None
    tags: list[str]
    # Shown are the entries older than this one; None: the newest.
    before: int | None = None

    @cached_property
    def people(self) -> People:
        return load_people(self.card.pipeline_id)

    @cached_property
    def all_stages(self) -> list[Stage]:
        """Stages of the board in its order, archived ones too: history names them."""
        return list(db.session.scalars(STAGES, {"pipeline": self.card.pipeline_id}))

    @cached_property
    def stages(self) -> list[Stage]:
        return [stage for stage in self.all_stages if stage.archived_at is None]

    @cached_property
    def names(self) -> Names:
        return Names(self.people, self.card.contact, {stage.id: stage for stage in self.all_stages})

    @cached_property
    def thread(self) -> Thread:
        return Thread(self.card, self.names, self.user)

    @cached_property
    def timeline(self) -> Timeline:
        return self.thread.newest(before=self.before, read_up_to=self.read_up_to)

    @cached_property
    def earlier(self) -> list[Earlier]:
        return earlier_of(self.card, self.user)

    @cached_property
    def panels(self) -> list[Markup]:
        return panels.drawn(self.card)

    @cached_property
    def url(self) -> str:
        """The address of the page; its forms post to nouns below it."""
        return url_for("cards.show", code=self.card.code)

    @property
    def code(self) -> str:
        """The tracking code as people read it."""
        return show_code(self.card.code)

    @property
    def channel(self) -> str:
        return str(CHANNELS.get(self.card.channel, ""))

    @cached_property
    def assignee(self) -> str:
        """The name of who is responsible; empty for nobody."""
        return self.people.name(self.card.assignee_id) if self.card.assignee_id else ""

    @cached_property
    def priorities(self) -> dict[int, str]:
        return {level: str(name) for level, name in PRIORITIES.items()}

    @cached_property
    def step(self) -> str:
        """What the customer sees; empty where customers see nothing of this card."""
        if not self.is_in_portal:
            return ""
        return self.card.portal_step.label if self.card.portal_step else _("Received")

    @cached_property
    def promise(self) -> Shown | None:
        """By when the next answer is promised; None where nobody was promised one."""
        return on_card(self.card)

    @cached_property
    def is_in_portal(self) -> bool:
        return self.card.pipeline.is_in_portal and not self.card.is_internal

    @property
    def phases(self) -> list[Phase]:
        return phases_of(self.card)

    @property
    def members(self) -> dict[str, dict[str, str]]:
        """Names, initials and pictures of everybody who may be here too, for the marks of presence."""
        return {
            str(user.id): {
                "name": user.shown_name,
                "initials": initials(user.shown_name),
                "picture": picture_url(user.id, user.picture_id),
            }
            for user in self.people.readers
        }

    @cached_property
    def can(self) -> dict[str, bool]:
        """What the reader may do, by the name of the policy without its "can_"."""
        names = ("write", "move", "resolve", "reopen", "reply")
        return {name: getattr(policies, f"can_{name}")(self.user, self.card) for name in names}


def load(code: str, user: User) -> CardPage:
    """The page of a card within the user's reach, and what its frame counts. One query. Raises `NotFound`."""
    row = db.session.execute(_with_all(user.is_admin), {"user": user.id, "code": code}).unique().first()
    if row is None:
        raise NotFound
    card, survey, read_up_to, names, mine, unread = row
    remember_counts(mine, unread)
    found = sorted(names.split(BETWEEN)) if names else []
    return CardPage(card, user, survey, read_up_to, found)


@cache
def _with_all(is_admin: bool) -> sa.Select[*tuple[Any, ...]]:
    """The card `code` in the reach of `user`, and what `load` reads with it."""
    user = anyone(is_admin=is_admin)
    tags = sa.select(sa.func.aggregate_strings(Tag.name, BETWEEN)).join(CardTag, CardTag.tag_id == Tag.id)
    mine = sa.and_(CardRead.card_id == Card.id, CardRead.user_id == user.id)
    named = tags.where(CardTag.card_id == Card.id).scalar_subquery()
    columns: tuple[Any, ...] = (Survey, CardRead.entry_id, named, *counts_of(user))
    return (
        Card.visible_to(user)
        .where(Card.code == sa.bindparam("code"))
        .add_columns(*columns)
        .outerjoin(Survey, Survey.card_id == Card.id)
        .outerjoin(CardRead, mine)
        .options(
            joinedload(Card.closure), joinedload(Card.department), joinedload(Card.team),
            joinedload(Card.contact).options(
                joinedload(Contact.points), joinedload(Contact.memberships).joinedload(Membership.company)
            ),
        )
    )  # fmt: skip


def earlier_of(card: Card, user: User) -> list[Earlier]:
    """The newest other cards of the same contact, orders left out; the title of those out of reach stays in the
    database. One query."""
    given = {"card": card.id, "contact": card.contact_id} | ({} if user.is_admin else {"user": user.id})
    return [_earlier(row) for row in db.session.execute(_others(user.is_admin), given)]


@cache
def _others(is_admin: bool) -> sa.Select[*tuple[Any, ...]]:
    reached = sa.true() if is_admin else Card.pipeline_id.in_(reachable_ids(anyone(is_admin=False)))
    others = sa.and_(Card.contact_id == sa.bindparam("contact"), Card.id != sa.bindparam("card"))
    return (
        sa.select(
            Card.code, sa.case((reached, Card.title)).label("title"), Card.opened_at, Card.resolved_at, Card.closed_at,
            Pipeline.name_fa.label("board_fa"), Pipeline.name_en.label("board_en"), Stage.name_fa.label("stage_fa"),
            Stage.name_en.label("stage_en"), Survey.speed, Survey.usefulness, Survey.behaviour,
        )
        .join(Pipeline, Pipeline.id == Card.pipeline_id)
        .join(Stage, Stage.id == Card.stage_id)
        .outerjoin(Survey, Survey.card_id == Card.id)
        .where(others, Pipeline.kind != "order")
        .order_by(Card.opened_at.desc(), Card.id.desc())
        .limit(EARLIER)
    )  # fmt: skip


def _earlier(row: Any) -> Earlier:
    board = localised(row.board_fa, row.board_en)
    if row.title is None:
        return Earlier(board, _("Finished") if row.resolved_at or row.closed_at else _("Open"))
    scores = [score for score in (row.speed, row.usefulness, row.behaviour) if score]
    return Earlier(board, localised(row.stage_fa, row.stage_en), row.code, row.title, row.opened_at,
                   sum(scores) / len(scores) if scores else None)  # fmt: skip


def phases_of(card: Card) -> list[Phase]:
    """Opened, seen, started, resolved, closed: when each was reached; the first that was not is the next."""
    steps = [
        (_("Creation"), card.opened_at), (_("First look"), card.seen_at), (_("Work"), card.started_at),
        (_("Solution"), card.resolved_at), (_("End"), card.closed_at),
    ]  # fmt: skip
    reached = [index for index, (_label, at) in enumerate(steps) if at is not None]
    now = max(reached)
    return [
        Phase(label, format_datetime(at, "short") if at else "", _state(index, now, at is not None))
        for index, (label, at) in enumerate(steps)
    ]


def _state(index: int, now: int, is_reached: bool) -> str:
    if index == now:
        return "now"
    return "done" if is_reached else "next"
