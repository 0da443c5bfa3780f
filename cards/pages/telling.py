"""Whom the app tells of what happens on a card, and how the inbox says it."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app import inbox
from app.events import Event, on
from app.extensions import db
from app.i18n import _, _l, localised
from app.inbox import Group, Teller, Told
from app.notifications import Notification, define, notify, notify_all
from app.users.models import User
from cards.models import Card, Entry
from contacts.models import Contact
from pipelines.models import Pipeline
from pipelines.models.membership import are_members, reachable_ids

ICONS = {"mention": "at", "opened": "inbox", "assigned": "mine", "message": "chat", "reopened": "return",
         "survey": "star"}  # fmt: skip
EXCERPT = 140
WORKS_HERE = are_members(sa.bindparam("board", type_=sa.Integer), "member")

define("mention", _l("A colleague asks you in an internal note"), can_be_silent=False)
define("assigned", _l("A card is given to you"))
define("message", _l("A customer writes on your card"))
define("opened", _l("A new request comes in"))
define("reopened", _l("A finished card comes back"))
define("survey", _l("A customer gives an opinion on your work"))


@on("user.mentioned")
def tell_the_mentioned(event: Event) -> None:
    """A colleague is asked in an internal note."""
    notify([event.data["user"]], "mention", event)


@on("card.opened")
def tell_of_a_new_card(event: Event) -> None:
    """Who is responsible for a new card; while nobody is, everybody who works on the board."""
    tell_the_concerned("opened", event)


@on("card.assigned")
def tell_the_new_assignee(event: Event) -> None:
    """Who became responsible."""
    if event.data.get("to"):
        notify([event.data["to"]], "assigned", event)


@on("message.received")
def tell_of_a_message(event: Event) -> None:
    """The customer wrote: the responsible colleague can answer at once."""
    tell_the_concerned("message", event)


@on("card.reopened")
def tell_of_a_return(event: Event) -> None:
    """A finished card came back, to who had it or to everybody."""
    tell_the_concerned("reopened", event)


@on("survey.answered")
def tell_of_an_opinion(event: Event) -> None:
    """The customer's opinion reaches who did the work."""
    card = db.session.get_one(Card, event.card_id)
    if card.assignee_id:
        notify([card.assignee_id], "survey", event)


def tell_the_concerned(kind: str, event: Event) -> None:
    """The responsible colleague of the event's card, else all who work on its board."""
    # The verb that recorded the event holds the card already: this costs no query.
    card = db.session.get_one(Card, event.card_id)
    if card.assignee_id is not None:
        notify([card.assignee_id], kind, event)
    elif event.pipeline_id:
        notify_all(WORKS_HERE, kind, event, {"board": event.pipeline_id})


def is_reached(user: User) -> sa.ColumnElement[bool]:
    """Whether a notification's card is in the user's reach, for use inside queries of notifications.

    Only the notification's own card is looked at: of a list of all cards in reach the server reads each one first.
    """
    board = sa.select(Card.pipeline_id).where(Card.id == Notification.card_id).correlate(Notification).scalar_subquery()
    return board.is_not(None) if user.is_admin else board.in_(reachable_ids(user))


def tell(user: User, notifications: Iterable[Notification]) -> list[Group]:
    """The notifications by card, in the order of their newest; cards out of the reader's reach are left out. Three
    queries."""
    rows = list(notifications)
    cards = {card.id: card for card in _cards(user, rows)}
    causes = _causes(rows)
    excerpts = _excerpts(cause.Event for cause in causes.values())
    groups: dict[int, Group] = {}
    for row in rows:
        card, cause = cards.get(row.card_id or 0), causes.get(row.event_id)
        if card is None or cause is None:
            continue
        group = groups.setdefault(card.id, _group(card))
        group.lines.append(Told(
            id=row.id, icon=ICONS.get(row.kind, "bell"), sentence=_sentence(row.kind, _actor(cause)), at=row.created_at,
            is_unread=row.read_at is None, excerpt=excerpts.get(cause.Event.data.get("entry"), ""),
        ))  # fmt: skip
    return list(groups.values())


def _cards(user: User, rows: Iterable[Notification]) -> Sequence[Any]:
    ids = {row.card_id for row in rows if row.card_id}
    query = Card.visible_to(user).where(Card.id.in_(ids)).join(Pipeline, Pipeline.id == Card.pipeline_id)
    columns = (Card.id, Card.code, Card.title, Pipeline.name_fa, Pipeline.name_en)
    return db.session.execute(query.with_only_columns(*columns)).all()


def _group(card: Any) -> Group:
    return Group(card.id, card.title, card.code, localised(card.name_fa, card.name_en),
                 url_for("cards.show", code=card.code))  # fmt: skip


def _causes(rows: Iterable[Notification]) -> dict[int, Any]:
    """Rows of (Event, User, Contact) by the event's id; who did it is one of the two, or neither."""
    by_user = sa.and_(Event.actor_kind == "user", User.id == Event.actor_id)
    by_contact = sa.and_(Event.actor_kind == "contact", Contact.id == Event.actor_id)
    query = sa.select(Event, User, Contact).outerjoin(User, by_user).outerjoin(Contact, by_contact)
    query = query.where(Event.id.in_({row.event_id for row in rows}))
    return {row.Event.id: row for row in db.session.execute(query)}


def _actor(cause: Any) -> str:
    return str((cause.User or cause.Contact).shown_name) if cause.User or cause.Contact else _("Kariz")


def _excerpts(events: Iterable[Event]) -> dict[int, str]:
    """The beginning of what was written, by the entry's id. Withdrawn words are not repeated."""
    ids = {event.data["entry"] for event in events if event.data.get("entry")}
    query = sa.select(Entry.id, Entry.body).where(Entry.id.in_(ids), Entry.withdrawn_at.is_(None))
    return {row.id: _shortened(row.body) for row in db.session.execute(query)}


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rsplit(' ', 1)[0]}…"


def _sentence(kind: str, actor: str) -> str:
    sentences = {
        "mention": _("%(actor)s asks you in an internal note", actor=actor),
        "opened": _("%(actor)s opened a new card", actor=actor),
        "assigned": _("%(actor)s gave you this card", actor=actor),
        "message": _("%(actor)s wrote a message", actor=actor),
        "reopened": _("%(actor)s reopened the card", actor=actor),
        "survey": _("%(actor)s gave an opinion on the work", actor=actor),
    }
    return sentences.get(kind, _("Something happened on this card"))


inbox.set_teller(Teller(is_reached=is_reached, tell=tell))
