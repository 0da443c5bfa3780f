"""What cards hold of a person: requests and what was written on them."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app import files, search
from app.db import table_of
from app.extensions import db
from app.i18n import _, _n, as_viewer
from cards.models import Attachment, Card, Closure, Entry, StageTransition, Survey
from contacts.models import Contact
from contacts.privacy import erasing
from contacts.privacy.erasing import BATCH, Going, Staying
from contacts.privacy.scrubbing import REASONS
from pipelines.models import Pipeline

CARDS, ENTRIES, SURVEYS, CLOSURES = table_of(Card), table_of(Entry), table_of(Survey), table_of(Closure)
TRANSITIONS = table_of(StageTransition)


def _own_cards(contact_id: int) -> sa.Select[Any]:
    return sa.select(Card.id).where(Card.contact_id == contact_id)


def _entries(contact_id: int) -> sa.ColumnElement[bool]:
    """What was written on their cards by anybody, and by them on cards of their companies."""
    return sa.or_(Entry.card_id.in_(_own_cards(contact_id)), Entry.contact_id == contact_id)


def _count(query: sa.Select[Any]) -> int:
    return db.session.scalar(query.with_only_columns(sa.func.count())) or 0


def _preview(contact: Contact) -> Iterator[Going]:
    entries = sa.select(Entry.id).where(_entries(contact.id))
    yield Going(_("Titles of requests and other cards"), _count(_own_cards(contact.id)))
    yield Going(_("Texts of messages, answers and notes"), _count(entries))
    yield Going(
        _("Files that came with them"), _count(sa.select(Attachment.id).where(Attachment.entry_id.in_(entries)))
    )
    commented = sa.select(Survey.id).where(Survey.contact_id == contact.id, Survey.comment != "")
    yield Going(_("Comments of surveys"), _count(commented))


def _staying(contact: Contact) -> Iterator[Staying]:
    if _count(_own_cards(contact.id)):
        yield Staying(_("Cards with their codes, stages, times and scores"), _("figures and boards still add up"))


def _blocks(contact: Contact) -> Iterator[str]:
    """Open work would lose what it is about."""
    query = _own_cards(contact.id).join(Pipeline, Pipeline.id == Card.pipeline_id)
    count = _count(query.where(Card.resolved_at.is_(None), Card.closed_at.is_(None), Pipeline.kind != "order"))
    if count:
        yield _n("%(num)s card of this contact is still open. Close it first.",
                 "%(num)s cards of this contact are still open. Close them first.", count)  # fmt: skip


def _erase_files(contact: Contact) -> int:
    entries = sa.select(Entry.id).where(_entries(contact.id))
    rows = db.session.scalars(sa.select(Attachment).where(Attachment.entry_id.in_(entries)).limit(BATCH)).all()
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    for row in rows:
        files.release(row.file_id)
    return len(rows)


def _erase_texts(contact: Contact) -> int:
    texts = sa.select(Entry.id).where(_entries(contact.id), Entry.body != "").limit(BATCH)
    changed = db.session.execute(sa.update(ENTRIES).where(ENTRIES.c.id.in_(texts)).values(body=""))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _erase_cards(contact: Contact) -> int:
    with as_viewer(None):
        title = _("Erased")
    own = _own_cards(contact.id)
    closed = sa.update(CLOSURES).where(CLOSURES.c.card_id.in_(own)).values(cause="", solution="")
    db.session.execute(closed)
    moves = TRANSITIONS.c.card_id.in_(own)
    said = sa.and_(moves, TRANSITIONS.c.reason.not_in(REASONS))
    db.session.execute(sa.update(TRANSITIONS).where(said).values(reason=""))
    db.session.execute(sa.update(SURVEYS).where(SURVEYS.c.contact_id == contact.id).values(comment=""))
    ids = list(db.session.scalars(own.where(Card.title != title).limit(BATCH)))
    db.session.execute(
        sa.update(CARDS)
        .where(CARDS.c.id.in_(ids))
        .values(title=title, version=CARDS.c.version + 1, attachment_count=0, waiting_since=None)
    )
    return len(ids)


def _find_again(contact: Contact) -> int:
    """The last turn: cards are found by their codes, and by nothing else."""
    for card_id in db.session.scalars(_own_cards(contact.id)).all():
        search.renew(("card",), card_id)
    return 0


erasing.add("found_cards", 100, preview=lambda _contact: (), step=_find_again)
erasing.add("files", 30, preview=lambda _contact: (), step=_erase_files)
erasing.add("texts", 31, preview=lambda _contact: (), step=_erase_texts)
erasing.add("cards", 32, preview=_preview, step=_erase_cards)
erasing.block_with(_blocks)
erasing.stay_with(_staying)
