"""Cards and what is written on them in the search.

A title, what colleagues put beside it (tags, amount) and every entry are rows of their own, each with its audience:
what customers find can't be moved by what they must not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app import events, search
from app.codes import show_code
from app.events import INTERNAL, PORTAL, Event
from app.extensions import db
from app.i18n import _l, localised
from app.search import Doc, Found, Group, Hit, Reach
from app.search.finding import OWNED
from app.search.sources import among
from app.search.table import DOCS
from app.search.words import exact_mark, kept_words, total_marks
from app.text import search_key
from app.users.anyone import PARAMETER, anyone
from app.users.models import User
from cards.models import Attachment, Card, CardTag, Entry, Tag
from contacts.models import Contact
from pipelines.models import Pipeline, Stage
from pipelines.models.membership import levels_of, reachable_ids

KINDS = ("card", "inside", "entry")
# What a doc of a card is made of: of a rebuild's many rows no objects are built.
OF_CARD = (Card.id, Card.code, Card.title, Card.external_id, Card.opened_at, Card.is_internal, Card.pipeline_id,
           Card.contact_id, Card.company_id, Card.amount_rials)  # fmt: skip
OF_ENTRY = (Entry.id, Entry.card_id, Entry.body, Entry.visibility, Entry.withdrawn_at, Entry.created_at,
            Card.is_internal, Card.pipeline_id, Card.contact_id, Card.company_id)  # fmt: skip
# Of each person that was found so many of the newest cards are offered.
MOST_OWNED = 8


def docs_of_new(card: Card, entry: Entry | None, files: Iterable[str] = ()) -> list[Doc]:
    """What is found of a card that has just been opened, with its first entry."""
    docs = [_title(card), *_inside(card, ())]
    return [*docs, doc_of_entry(entry, card, files)] if entry is not None else docs


def docs_of_cards(ids: Sequence[int]) -> list[Doc]:
    """The titles of these cards. One query."""
    cards: Iterable[Any] = db.session.execute(sa.select(*OF_CARD).where(among(Card.id, ids)))
    return [_title(card) for card in cards]


def _title(card: Card | sa.Row[Any]) -> Doc:
    words = [*kept_words(card.title, pairs=True), exact_mark(card.code), *kept_words(show_code(card.code)),
             *kept_words(card.external_id)]  # fmt: skip
    return Doc(kind="card", ref_id=card.id, words=words, head=search_key(card.title), at=card.opened_at,
               audience=INTERNAL if card.is_internal else PORTAL, **_reach_of(card))  # fmt: skip


def docs_of_insides(ids: Sequence[int]) -> list[Doc]:
    """Tags and amounts of these cards, where they have any. Two queries."""
    cards: Sequence[Any] = db.session.execute(sa.select(*OF_CARD).where(among(Card.id, ids))).all()
    tags: dict[int, list[str]] = {}
    named = sa.select(CardTag.card_id, Tag.name).join(Tag, Tag.id == CardTag.tag_id)
    for card_id, name in db.session.execute(named.where(among(CardTag.card_id, ids))):
        tags.setdefault(card_id, []).append(name)
    return [doc for card in cards for doc in _inside(card, tags.get(card.id, ()))]


def _inside(card: Card | sa.Row[Any], tags: Iterable[str]) -> list[Doc]:
    words = [*kept_words(*tags, pairs=True), *total_marks([card.amount_rials])]
    return [Doc(kind="inside", ref_id=card.id, words=words, at=card.opened_at, **_reach_of(card))] if words else []


def _reach_of(card: Card | sa.Row[Any]) -> dict[str, Any]:
    return {"pipeline_id": card.pipeline_id, "contact_id": card.contact_id, "company_id": card.company_id}


def docs_of_entries(ids: Sequence[int]) -> list[Doc]:
    """These entries with the names of their files. Two queries."""
    query = sa.select(*OF_ENTRY).join(Card, Card.id == Entry.card_id).where(among(Entry.id, ids))
    rows: Sequence[Any] = db.session.execute(query).all()
    names: dict[int, list[str]] = {}
    files = sa.select(Attachment.entry_id, Attachment.name).where(among(Attachment.entry_id, ids))
    for entry_id, name in db.session.execute(files):
        names.setdefault(entry_id, []).append(name)
    return [doc_of_entry(row, row, names.get(row.id, ())) for row in rows]


def doc_of_entry(entry: Entry | sa.Row[Any], card: Card | sa.Row[Any], files: Iterable[str] = ()) -> Doc:
    """An entry and what is read of its card; a withdrawn reply is for colleagues only."""
    is_shown = entry.visibility == PORTAL and entry.withdrawn_at is None and not card.is_internal
    return Doc(kind="entry", ref_id=entry.id, target_id=entry.card_id, words=kept_words(entry.body, *files),
               at=entry.created_at, audience=PORTAL if is_shown else INTERNAL, **_reach_of(card))  # fmt: skip


def _reach(user: User) -> Reach:
    if user.is_admin:
        return Reach()
    # The marks make it quick, the condition makes it true: both name the boards of the same user.
    marks = tuple(f"=p{pipeline_id}" for pipeline_id in levels_of(user))
    return Reach(marks, DOCS.c.pipeline_id.in_(reachable_ids(user)))


def _present(found: Sequence[Found], user: User) -> dict[int, Hit]:
    """Two queries."""
    ids = [row.target_id for row in found]
    cards = db.session.execute(_hits(user.is_admin), {"ids": ids, PARAMETER: user.id}).all()
    reached = {card.id for card in cards}
    chosen = [entry_id for row in found if row.target_id in reached and (entry_id := _newest_entry(row))]
    entries = {}
    if chosen:
        rows = db.session.execute(_ENTRIES, {"ids": chosen, "cards": list(reached)})
        entries = {entry.card_id: entry for entry in rows}
    return {card.id: _hit(card, entries.get(card.id)) for card in cards}


@cache
def _hits(is_admin: bool) -> Any:
    """What is shown of cards in reach. Built once; executed with `ids` and the user."""
    query = Card.visible_to(anyone(is_admin=is_admin)).where(Card.id.in_(sa.bindparam("ids", expanding=True)))
    query = query.join(Card.pipeline).join(Card.stage).join(Card.contact)
    return query.with_only_columns(
        Card.id, Card.code, Card.title, Card.opened_at, Pipeline.icon,
        Pipeline.name_fa.label("board_fa"), Pipeline.name_en.label("board_en"),
        Stage.name_fa.label("stage_fa"), Stage.name_en.label("stage_en"),
        Contact.name.label("who_fa"), Contact.name_en.label("who_en"),
    )  # fmt: skip


_ENTRIES = sa.select(Entry.card_id, Entry.body, Entry.visibility, Entry.created_at).where(
    Entry.id.in_(sa.bindparam("ids", expanding=True)), Entry.card_id.in_(sa.bindparam("cards", expanding=True))
)


def _newest_entry(found: Found) -> int | None:
    return next((ref_id for kind, ref_id in found.refs if kind == "entry"), None)


def _hit(card: Any, entry: Any | None) -> Hit:
    who, board = localised(card.who_fa, card.who_en), localised(card.board_fa, card.board_en)
    return Hit(
        url_for("cards.show", code=card.code), card.title, card.icon, code=show_code(card.code),
        details=f"{who} · {board}", state=localised(card.stage_fa, card.stage_en),
        text=entry.body if entry else "", text_is_internal=bool(entry and entry.visibility == INTERNAL),
        at=entry.created_at if entry else card.opened_at,
    )  # fmt: skip


def _of_contacts(contact_ids: Sequence[int], user: User) -> list[Found]:
    """The newest cards of these people in reach. One query."""
    query = Card.visible_to(user).with_only_columns(Card.id, Card.opened_at).where(Card.contact_id.in_(contact_ids))
    rows = db.session.execute(query.order_by(Card.opened_at.desc(), Card.id.desc()).limit(MOST_OWNED))
    return [Found(row.id, OWNED, row.opened_at, 0) for row in rows]


def _mine(user: User) -> sa.ColumnElement[bool]:
    return DOCS.c.target_id.in_(sa.select(Card.id).where(Card.assignee_id == user.id))


@events.on("card.renamed", "card.tagged", "card.amount_changed")
def _card_changed(event: Event) -> None:
    if event.card_id is not None:
        search.renew(("card",) if event.name == "card.renamed" else ("inside",), event.card_id)


@events.on("contact.erased")
def _person_erased(event: Event) -> None:
    """What was erased is found no more."""
    cards = db.session.scalars(sa.select(Card.id).where(Card.contact_id == event.subject_id)).all()
    entries = db.session.scalars(sa.select(Entry.id).where(Entry.card_id.in_(cards))).all()
    db.session.expire_all()
    search.put([*docs_of_cards(cards), *docs_of_entries(entries)])


def _with_inside() -> sa.Select[Any]:
    tagged = sa.select(CardTag.card_id)
    return sa.select(Card.id).where(sa.or_(sa.func.coalesce(Card.amount_rials, 0) > 0, Card.id.in_(tagged)))


search.add_source("card", lambda: sa.select(Card.id), docs_of_cards)
search.add_source("inside", _with_inside, docs_of_insides)
search.add_source("entry", lambda: sa.select(Entry.id), docs_of_entries)
search.add_group(Group("card", _l("Cards"), "board", 10, KINDS, _present, _reach, _of_contacts, _mine))
