"""What is written on a card: notes inside, replies to the customer, the customer's own words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app import events, search
from app.clock import utcnow
from app.errors import DomainError
from app.events import INTERNAL, PORTAL, record
from app.extensions import db
from app.files import store
from app.i18n import _
from app.outbox import enqueue
from app.text import clean
from app.users.models import User
from cards.models import Attachment, Card, Entry
from cards.models.entry import Mention
from cards.placement import open_counts, record_on, take_turn, touch
from cards.promises import clock
from cards.searching import doc_of_entry
from contacts.models import Contact
from pipelines.models.membership import member_ids
from pipelines.sequence import give_back

events.define("note.added", "reply.sent", "reply.withdrawn", "message.received", "user.mentioned", "request.received")
MOST_FILES = 10


def add_note(card: Card, body: str, *, by: User, mentions: Iterable[int] = (), files: Sequence[FileStorage] = (),
             op_id: str | None = None, at: datetime | None = None, silent: bool = False) -> Entry:  # fmt: skip
    """Write an internal note. `mentions` are ids of colleagues who reach the board; each is told live.

    Raises a `DomainError` when there is nothing to write, or when somebody mentioned does not work on this board.
    """
    turn = take_turn(card)
    known = _written_before(op_id)
    if known:
        give_back(card.pipeline_id)
        return known
    mentioned = _mentionable(card, mentions)
    entry = write_entry(card, "note", body, visibility=INTERNAL, author=by, files=files, op_id=op_id, at=at)
    db.session.add_all([Mention(entry_id=entry.id, user_id=user_id) for user_id in mentioned])
    touch(card)
    record_on("note.added", card, turn, by=by, at=at, silent=silent, data={"entry": entry.id, "mentions": mentioned})
    for user_id in mentioned:
        record("user.mentioned", card, by=by, at=at, silent=silent, data={"entry": entry.id, "user": user_id})
    return entry


def add_reply(card: Card, body: str, *, by: User | None, files: Sequence[FileStorage] = (), op_id: str | None = None,
              at: datetime | None = None, silent: bool = False, tell: bool = True) -> Entry:  # fmt: skip
    """Answer the customer: shown in the portal, and the customer is told once. `by` None: Kariz itself writes."""
    turn = take_turn(card)
    known = _written_before(op_id)
    if known:
        give_back(card.pipeline_id)
        return known
    if card.is_internal:
        raise DomainError(_("This is a request of colleagues: it has no customer to answer."), code="internal")
    entry = write_entry(
        card, "reply" if by else "system", body, visibility=PORTAL, author=by, files=files, op_id=op_id, at=at
    )
    card.waiting_since = None
    card.portal_changed_at = entry.created_at
    # What Kariz itself writes is no answer.
    met = clock.meet(card, entry.created_at) if by else None
    clock.take(card, met)
    touch(card)
    event = record_on(
        "reply.sent", card, turn, by=by, at=at, silent=silent, visibility=PORTAL, data={"entry": entry.id}
    )
    clock.write(met, card, by=by, at=entry.created_at, silent=silent)
    if tell and not silent:
        enqueue("message.reply", key=f"{event.id}:reply", card_id=card.id, contact_id=card.contact_id,
                payload={"entry": entry.id})  # fmt: skip
    return entry


def withdraw_reply(card: Card, entry: Entry, *, by: User) -> None:
    """Take a reply back: the customer reads that it was withdrawn, colleagues keep reading it."""
    turn = take_turn(card)
    if entry.kind != "reply" or entry.card_id != card.id:
        raise DomainError(_("Only a reply can be withdrawn."), code="not_a_reply")
    if entry.withdrawn_at is not None:
        give_back(card.pipeline_id)
        return
    entry.withdrawn_at = card.portal_changed_at = utcnow()
    touch(card)
    search.renew(("entry",), entry.id)
    record_on("reply.withdrawn", card, turn, by=by, visibility=PORTAL, data={"entry": entry.id})


def receive_message(card: Card, body: str, *, contact: Contact, channel: str = "portal",
                    files: Sequence[FileStorage] = (), op_id: str | None = None, at: datetime | None = None,
                    silent: bool = False) -> Entry:  # fmt: skip
    """Take in what the customer says. Writing on a resolved or closed card reopens it."""
    from cards.services.resolving import reopen

    if card.is_resolved or card.is_closed:
        reopen(card, by=contact, silent=silent)
    turn = take_turn(card)
    known = _written_before(op_id)
    if known:
        give_back(card.pipeline_id)
        return known
    entry = write_entry(card, "customer_message", body, visibility=PORTAL, contact=contact, channel=channel,
                        files=files, op_id=op_id, at=at)  # fmt: skip
    card.waiting_since = card.waiting_since or entry.created_at
    card.portal_changed_at = entry.created_at
    resumed = clock.resume(card, entry.created_at, because="message")
    clock.take(card, resumed)
    promise = None if card.has_promise or not card.is_request else clock.begin(card, entry.created_at, "wrote")
    touch(card)
    record_on("message.received", card, turn, by=contact, at=at, silent=silent, visibility=PORTAL,
              data={"entry": entry.id}, counts=open_counts(card.stage_id))  # fmt: skip
    clock.write(resumed, card, by=contact, at=entry.created_at, silent=silent)
    clock.keep(promise, card, by=contact, silent=silent)
    return entry


def write_entry(card: Card, kind: str, body: str, *, visibility: str, author: User | None = None,
                contact: Contact | None = None, channel: str = "portal", files: Sequence[FileStorage] = (),
                op_id: str | None = None, at: datetime | None = None, is_found: bool = True) -> Entry:  # fmt: skip
    """The row and its files; the verb around it records what happened. Raises a `DomainError` when there is nothing.

    `is_found` False: the verb writes the card and puts the entry into the search itself, together with more.
    """
    body = clean(body)
    uploads = [upload for upload in files if upload.filename]
    if not body and not uploads:
        raise DomainError(_("Please write something."), code="empty", field="body")
    if len(uploads) > MOST_FILES:
        raise DomainError(
            _("Please send at most %(num)s files at once.", num=MOST_FILES), code="too_many", field="files"
        )
    entry = Entry(card_id=card.id, kind=kind, visibility=visibility, body=body, channel=channel, op_id=op_id,
                  author_id=author.id if author else None, contact_id=contact.id if contact else None,
                  created_at=at or utcnow())  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    for upload in uploads:
        name = clean(upload.filename or "")[-120:] or "file"
        db.session.add(Attachment(card_id=card.id, entry_id=entry.id, file_id=store(upload).id, name=name,
                                  visibility=visibility, created_at=entry.created_at))  # fmt: skip
    card.attachment_count += len(uploads)
    card.last_entry_id = entry.id
    if is_found:
        db.session.flush()
        search.put([doc_of_entry(entry, card, [upload.filename or "" for upload in uploads])])
    return entry


def _written_before(op_id: str | None) -> Entry | None:
    return db.session.scalar(sa.select(Entry).where(Entry.op_id == op_id)) if op_id else None


def _mentionable(card: Card, ids: Iterable[int]) -> list[int]:
    """The mentioned ids without doubles. Somebody who does not reach the board would be let in by the mention."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    admins = db.session.scalars(sa.select(User.id).where(User.role == "admin", User.deactivated_at.is_(None)))
    if not set(wanted) <= {*member_ids(card.pipeline_id), *admins}:
        raise DomainError(
            _("You can only mention colleagues who work on this board."), code="no_access", field="mentions"
        )
    return wanted
