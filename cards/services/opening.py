"""A new card."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app import search
from app.clock import utcnow
from app.codes import new_code
from app.db import table_of
from app.errors import DomainError
from app.events import PORTAL, Actor, Event, NewFact, record_all
from app.extensions import db
from app.i18n import _
from app.outbox import enqueue
from app.text import clean
from app.users.models import User
from cards import ranks
from cards.models import Card, Promise, StageTransition
from cards.placement import put_on_top
from cards.promises import clock
from cards.searching import docs_of_new
from cards.services.writing import write_entry
from contacts.models import Company, Contact
from pipelines.models import Department, Stage
from pipelines.models.membership import member_ids

TITLE_LENGTH = 160
_ENTER = sa.insert(table_of(StageTransition))


def open_card(
    contact: Contact,
    stage: Stage,
    *,
    title: str,
    by: Actor | None,
    body: str = "",
    channel: str = "portal",
    department: Department | None = None,
    company: Company | None = None,
    assignee: User | None = None,
    priority: int = 2,
    amount_rials: int | None = None,
    files: Sequence[FileStorage] = (),
    op_id: str | None = None,
    acknowledge: bool = True,
    at: datetime | None = None,
    code: str | None = None,
) -> Card:
    """Open a card for `contact` at the top of `stage`; the acknowledgement leaves after the commit, once.

    A department's default assignee gets it when present and active; else it stays unassigned and every member is told.
    `body` is the customer's first message; `code`: one that the caller has made. Raises a `DomainError` for an empty
    title or an archived stage.
    """
    title, now = checked_title(title), at or utcnow()
    card = Card(
        code=code or new_code(), title=title, contact=contact, company=company, department=department, channel=channel,
        priority=priority, department_id=department.id if department else None, pipeline=stage.pipeline,
        assignee=assignee or _default_assignee(department, stage), amount_rials=amount_rials, opened_at=now,
        portal_changed_at=now, waiting_since=now if by and by.actor_kind == "contact" else None,
    )  # fmt: skip
    promise = _put(card, stage, now, by=by)
    _say(card, contact, body, files=files, op_id=op_id)
    # What is still to be written of the card goes with its place: the last thing, so that nobody waits for the rest.
    with db.session.no_autoflush:
        put_on_top(card, _record(card, promise, by=by, acknowledge=acknowledge))
    return card


def _say(card: Card, contact: Contact, body: str, *, files: Sequence[FileStorage], op_id: str | None) -> None:
    """Write the customer's first message, if there is one, and let the card be found."""
    entry = write_entry(card, "customer_message", body, visibility=PORTAL, contact=contact, channel=card.channel,
                        at=card.opened_at, files=files, op_id=op_id,
                        is_found=False) if body or files else None  # fmt: skip
    search.put(docs_of_new(card, entry, [upload.filename or "" for upload in files]))


def _record(card: Card, promise: Promise | None, *, by: Actor | None, acknowledge: bool) -> Event:
    """That a card is opened, which the board hears once the card has its place; and tell its customer.

    Answers the first of the facts.
    """
    facts = {"stage": card.stage_id, "title": card.title, "channel": card.channel}
    told = [NewFact("card.opened", facts, silent=True), NewFact("request.received", visibility=PORTAL)]
    if promise is not None:
        told.append(clock.write_new(promise, card))
    opened = record_all(card, told, by=by, at=card.opened_at)[0]
    if acknowledge and card.is_request:
        enqueue("message.acknowledgement", key=f"{opened.id}:ack", card_id=card.id, contact_id=card.contact_id)
    return opened


def checked_title(title: str) -> str:
    """A title as it is kept. Raises a `DomainError` when nothing is left of it."""
    title = clean(title)[:TITLE_LENGTH]
    if not title:
        raise DomainError(_("Please write a title."), code="empty", field="title")
    return title


def _put(card: Card, stage: Stage, now: datetime, *, by: Actor | None) -> Promise | None:
    """Give a new card its stage, the beginning of its history and, where a customer asks, a promise.

    Answers the promise for `clock.write_new`. Nobody sees the card before it has its true place.
    """
    card.pipeline_id, card.stage, card.rank = stage.pipeline_id, stage, ranks.START
    card.stage_entered_at = now
    card.portal_step_id, card.portal_step_at = stage.portal_step_id, now if stage.portal_step_id else None
    promise = clock.begin(card, now, "opened") if card.is_request else None
    db.session.add(card)
    db.session.flush()
    db.session.execute(_ENTER, {
        "card_id": card.id, "pipeline_id": card.pipeline_id, "stage_id": stage.id, "entered_at": now,
        "portal_step_id": stage.portal_step_id, "actor_kind": by.actor_kind if by else None,
        "actor_id": by.id if by else None,
    })  # fmt: skip
    return promise


def _default_assignee(department: Department | None, stage: Stage) -> User | None:
    """The department's default assignee, if active and still working on the pipeline."""
    user = department.default_assignee if department else None
    if user is None or not user.is_active:
        return None
    return user if user.is_admin or user.id in member_ids(stage.pipeline_id, "member") else None
