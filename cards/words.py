"""What happened with a contact on cards, in words for the timeline of the 360 page.

A reader learns of cards on boards out of reach only that they are there: the board's name and whether they are open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement

from app.events import Event
from app.extensions import db
from app.filters import number
from app.i18n import _
from app.users.models import User
from cards.models import PRIORITIES, Card, Entry
from contacts.timeline import Known, Line, load_with, narrow_with, say, words
from pipelines.models import Pipeline, Stage
from pipelines.models.membership import reachable_ids
from pipelines.policies import level_on

# Told of every card, within reach or not.
OUTLINE = ("card.opened",)
LONGEST_QUOTE = 280


@dataclass(frozen=True)
class Seen:
    """What the reader may know of a card: its title only where its board is in reach."""

    code: str
    title: str
    board: str
    kind: str
    is_open: bool
    is_reached: bool

    @property
    def link(self) -> Markup:
        return Markup('<a class="link" href="{}"><bdi>{}</bdi></a>').format(
            url_for("cards.show", code=self.code), self.title
        )

    @property
    def state(self) -> str:
        return _("open") if self.is_open else _("finished")


def _narrow(reader: User) -> ColumnElement[bool]:
    if reader.is_admin:
        return sa.true()
    reached = sa.select(Card.id).where(Card.id == Event.card_id, Card.pipeline_id.in_(reachable_ids(reader))).exists()
    # Orders, invoices and payments are for all staff, also where their card is on a board out of reach.
    return sa.or_(Event.subject_kind != "card", Event.name.in_(OUTLINE), reached)


def _load(events: Sequence[Event], known: Known) -> None:
    """Cards with their boards, what was written, stages and colleagues that the events name. Four queries at most."""
    known["cards"] = _cards({event.card_id for event in events if event.card_id}, known.reader)
    entries = {event.data["entry"] for event in events if event.data.get("entry") and _is_told(event, known)}
    query = sa.select(Entry.id, Entry.body).where(Entry.id.in_(entries), Entry.withdrawn_at.is_(None))
    known["entries"] = {row.id: row.body for row in db.session.execute(query)}
    moves = [event.data for event in events if event.name == "card.moved"]
    stages = {data.get(side) for data in moves for side in ("from", "to")} - {None}
    known["stages"] = {stage.id: stage for stage in db.session.scalars(sa.select(Stage).where(Stage.id.in_(stages)))}
    holders = (
        {event.data.get("to") for event in events if event.name == "card.assigned"} - known["users"].keys() - {None}
    )
    if holders:
        found = db.session.scalars(sa.select(User).where(User.id.in_(holders)))
        known["users"] |= {user.id: user for user in found}


def _cards(ids: set[int], reader: User) -> dict[int, Seen]:
    query = (
        sa.select(Card.id, Card.code, Card.title, Card.resolved_at, Card.closed_at, Card.pipeline_id, Pipeline)
        .join(Pipeline, Pipeline.id == Card.pipeline_id)
        .where(Card.id.in_(ids))
    )
    return {
        row.id: Seen(
            code=row.code,
            title=row.title,
            board=row.Pipeline.name,
            kind=row.Pipeline.kind,
            is_open=row.resolved_at is None and row.closed_at is None,
            is_reached=level_on(reader, row.pipeline_id) != "none",
        )
        for row in db.session.execute(query)
    }


def _is_told(event: Event, known: Known) -> bool:
    card: Seen | None = known["cards"].get(event.card_id)
    return card is not None and card.is_reached


def _card(event: Event, known: Known) -> Seen:
    card: Seen = known["cards"][event.card_id]
    return card


def _quote(event: Event, known: Known) -> str:
    body = " ".join(known["entries"].get(event.data.get("entry"), "").split())
    return body if len(body) <= LONGEST_QUOTE else f"{body[:LONGEST_QUOTE]}…"


@words("card.opened", group="requests")
def _opened(event: Event, known: Known) -> Line | None:
    card = _card(event, known)
    if card.kind == "order":
        return None
    if not card.is_reached:
        return Line("lock", say(_("A card on the board “%(board)s”, %(state)s"), board=card.board, state=card.state))
    if card.kind == "deal":
        return Line("bag", say(_("New deal: %(card)s"), card=card.link))
    if event.data.get("channel") == "portal":
        return Line("inbox", say(_("New request from the portal: %(card)s"), card=card.link))
    return Line("inbox", say(_("New request: %(card)s"), card=card.link))


@words("card.resolved", group="requests")
def _resolved(event: Event, known: Known) -> Line | None:
    card = _card(event, known)
    return Line("tick", say(_("Finished: %(card)s"), card=card.link)) if card.kind in {"ticket", "task"} else None


@words("card.reopened", group="requests")
def _reopened(event: Event, known: Known) -> Line:
    return Line("return", say(_("Reopened: %(card)s"), card=_card(event, known).link), event.data.get("reason", ""))


@words("survey.answered", group="requests")
def _surveyed(event: Event, known: Known) -> Line:
    scores = [event.data[name] for name in ("speed", "usefulness", "behaviour") if event.data.get(name)]
    mean = number(f"{sum(scores) / max(len(scores), 1):.1f}".removesuffix(".0"))
    return Line("rate", say(_("Satisfaction with %(card)s: %(mean)s of %(most)s"), card=_card(event, known).link,
                            mean=mean, most=number(5)))  # fmt: skip


@words("message.received", group="messages")
def _received(event: Event, known: Known) -> Line:
    return Line("chat", say(_("Message in %(card)s"), card=_card(event, known).link), _quote(event, known))


@words("reply.sent", group="messages")
def _replied(event: Event, known: Known) -> Line:
    return Line("send", say(_("Reply in %(card)s"), card=_card(event, known).link), _quote(event, known))


@words("note.added", group="notes")
def _noted(event: Event, known: Known) -> Line:
    text = say(_("Internal note in %(card)s"), card=_card(event, known).link)
    return Line("lock", text, _quote(event, known), is_inside=True)


@words("card.moved", group="changes")
def _moved(event: Event, known: Known) -> Line | None:
    origin, target = (known["stages"].get(event.data.get(side)) for side in ("from", "to"))
    if origin is None or target is None or origin is target:
        return None
    return Line("board", say(_("%(card)s: from “%(origin)s” to “%(target)s”"), card=_card(event, known).link,
                             origin=origin.name, target=target.name))  # fmt: skip


@words("card.assigned", group="changes")
def _assigned(event: Event, known: Known) -> Line:
    holder = known["users"].get(event.data.get("to"))
    if holder is None:
        return Line("mine", say(_("%(card)s has nobody responsible"), card=_card(event, known).link))
    return Line("mine", say(_("%(card)s went to %(name)s"), card=_card(event, known).link, name=holder.shown_name))


@words("card.prioritised", group="changes")
def _prioritised(event: Event, known: Known) -> Line:
    name = PRIORITIES.get(event.data.get("to", 0), "")
    return Line("flag", say(_("Priority of %(card)s: %(name)s"), card=_card(event, known).link, name=name))


load_with(_load)
narrow_with(_narrow)
