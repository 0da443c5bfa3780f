"""Cards are opened, listed, read and moved."""

import re

import sqlalchemy as sa
from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app.api.access import me, require_scope
from app.api.lists import rows_of
from app.api.resource import Answer, Resource
from app.api.shapes import Listing, inside
from app.codes import parse_code
from app.errors import Conflict, Denied, DomainError
from app.extensions import db
from app.i18n import _
from app.policies import require
from app.text import fold
from app.users.models import User
from cards import services
from cards.api.customers import company_for, contact_for
from cards.api.loading import get_card, id_of, shown, with_everything
from cards.api.shapes import (
    CardAnswer,
    CardFilters,
    CardList,
    EntryAnswer,
    EntryList,
    NewCard,
    NewPlacement,
)
from cards.models import Card, Entry, Tag
from cards.placement import Anchor, move
from cards.policies import can_move, can_open_on
from contacts.models import Company, Contact
from pipelines.models import Department, Pipeline

bp = Resource("cards", __name__, tag="Cards")


@bp.operation("GET", "/cards", scope="cards:read", summary="List cards", query=CardFilters, answer=CardList)
def list_cards(query: CardFilters) -> CardList:
    """Cards that the token's user reaches and that fit every filter, closed ones included."""
    rows, following = rows_of(with_everything(_fitting(query)), Card.id, query)
    return CardList(items=[CardAnswer.of(card) for card in rows], next=following)


def _fitting(asked: CardFilters) -> Select[Card]:
    found = Card.visible_to(me())
    tests = {
        "pipeline": lambda slug: Card.pipeline.has(Pipeline.slug == slug),
        "stage_id": lambda stage_id: Card.stage_id == stage_id,
        "contact": lambda code: Card.contact.has(Contact.code == (parse_code(code) or "")),
        "company": lambda code: Card.company.has(Company.code == (parse_code(code) or "")),
        "assignee_id": lambda user_id: Card.assignee_id == user_id,
        "department": lambda slug: Card.department.has(Department.slug == slug),
        "priority": lambda priority: Card.priority == priority,
        "tag": lambda name: Card.tags.any(Tag.key == fold(name)),
        "opened_from": lambda at: Card.opened_at >= at,
        "opened_until": lambda at: Card.opened_at < at,
        "state": _is_in,
    }
    wanted = {name: getattr(asked, name) for name in tests}
    return found.where(*(tests[name](value) for name, value in wanted.items() if value is not None))


def _is_in(state: str) -> sa.ColumnElement[bool]:
    if state == "closed":
        return Card.closed_at.is_not(None)
    is_resolved = Card.resolved_at.is_not(None)
    return sa.and_(Card.closed_at.is_(None), is_resolved if state == "resolved" else ~is_resolved)


@bp.operation("POST", "/cards", scope="cards:write", summary="Open a card", body=NewCard, status=201,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_card(body: NewCard) -> Answer:
    """In the first stage of a board. Of a ticket the customer gets the tracking code. To find or add the customer by
    anything but the code, the token needs the scope `contacts:write` too."""
    pipeline = _board(body.pipeline)
    contact = contact_for(body.contact)
    card = services.open_card(
        contact, pipeline.first_stage, title=body.title, by=me(), body=body.body, channel=body.channel,
        department=_department(body.department, pipeline), company=company_for(body.company, contact),
        priority=body.priority, amount_rials=body.amount_rials,
    )  # fmt: skip
    if body.assignee_id is not None:
        services.assign(card, _assignee(body.assignee_id), by=me())
    if body.tags:
        services.set_tags(card, body.tags, by=me())
    if body.note:
        require_scope("notes:write")
        with inside("note"):
            services.add_note(card, body.note, by=me())
    return shown(card)


def _board(slug: str) -> Pipeline:
    """The board for the new card. Raises a `DomainError` or `Denied`."""
    pipeline = db.session.scalar(Pipeline.visible_to(me()).where(Pipeline.slug == slug))
    if pipeline is None:
        raise DomainError(_("There is no such board."), code="unknown", field="pipeline")
    if not can_open_on(me(), pipeline):
        raise Denied(_("You cannot open cards on this board."))
    return pipeline


def _department(slug: str | None, pipeline: Pipeline) -> Department | None:
    if slug is None:
        return None
    query = sa.select(Department).where(Department.pipeline_id == pipeline.id, Department.is_active)
    found = db.session.scalar(query.where(Department.slug == slug))
    if found is None:
        raise DomainError(_("There is no such department on this board."), code="unknown", field="department")
    return found


def _assignee(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        # The same words as for a colleague of another board: who exists is not told.
        raise DomainError(_("This colleague does not work on this board."), code="no_access", field="assignee_id")
    return user


@bp.operation("GET", "/cards/<code>", scope="cards:read", summary="Read a card", answer=CardAnswer,
              gives_version=True)  # fmt: skip
def show_card(code: str) -> Answer:
    """With its `ETag`, for moves. What is written on it has a list of its own."""
    return shown(get_card(code))


@bp.operation("GET", "/cards/<code>/entries", scope="cards:read", summary="List what is written on a card",
              query=Listing, answer=EntryList)  # fmt: skip
def list_entries(code: str, query: Listing) -> EntryList:
    """What the customer reads; with the scope `notes:read` internal notes too."""
    found = sa.select(Entry).where(Entry.card_id == get_card(code).id)
    try:
        require_scope("notes:read")
    except Denied:
        found = found.where(Entry.visibility == "portal")
    found = found.options(joinedload(Entry.author), joinedload(Entry.contact), joinedload(Entry.attachments))
    rows, following = rows_of(found, Entry.id, query)
    return EntryList(items=[EntryAnswer.of(entry) for entry in rows], next=following)


@bp.operation("POST", "/cards/<code>/placement", scope="cards:write", summary="Move a card", body=NewPlacement,
              answer=CardAnswer, takes_version=True, gives_version=True)  # fmt: skip
def create_placement(code: str, body: NewPlacement) -> Answer:
    """Into a stage of its board. A stage that ends the work is refused with the code `closing_form`: send a closure
    instead. When somebody else moved it first, `detail` says who, where to and when."""
    card = get_card(code)
    require(can_move(me(), card))
    version = _asked_version()
    to = Anchor(after_id=id_of(body.after), before_id=id_of(body.before), at_end=body.at_end)
    try:
        move(card, body.stage_id, by=me(), to=to, base_version=body.base_version if version is None else version)
    except Conflict as error:
        if version is not None and error.code == "conflict":
            error.status = 412
        error.extra["card"] = {"code": card.code}
        raise
    return shown(get_card(code))


def _asked_version() -> int | None:
    """The version of `If-Match`. Raises a `DomainError` for what was never an `ETag` of ours."""
    given = request.headers.get("If-Match")
    if given is None or given == "*":
        return None
    match = re.fullmatch(r'(?:W/)?"([0-9]{1,9})"', given)
    if match is None:
        raise DomainError(_("The header If-Match holds the ETag of the card, with its quotes."), code="if_match")
    return int(match[1])
