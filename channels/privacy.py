"""Messages to a person: in their archive, and taken out of the list of sent messages."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.db import table_of
from app.extensions import db
from app.i18n import _, _l
from app.outbox import Outbox
from cards.models import Card
from contacts.models import Contact
from contacts.privacy import erasing, exports
from contacts.privacy.erasing import BATCH, Going
from contacts.privacy.exports import Bag

OUTBOX = table_of(Outbox)
MESSAGES = ("message.acknowledgement", "message.reply", "message.closing")


def _sent(contact: Contact, _bag: Bag) -> list[dict[str, Any]]:
    query = sa.select(Outbox).where(Outbox.contact_id == contact.id, Outbox.kind.in_(MESSAGES), Outbox.state == "done")
    return [
        {"at": row.done_at, "channel": row.channel, "address": row.address, "subject": row.subject or "",
         "body": row.body or ""} for row in db.session.scalars(query.order_by(Outbox.id))
    ]  # fmt: skip


def _theirs(contact: Contact) -> sa.ColumnElement[bool]:
    """Rows of theirs, of their cards, and those that went to an address of theirs: codes know no contact."""
    points = [point.normalised for point in contact.points]
    addressed = sa.or_(Outbox.address.in_(points), Outbox.payload["to"].as_string().in_(points))
    cards = sa.select(Card.id).where(Card.contact_id == contact.id)
    says = sa.or_(Outbox.address.is_not(None), Outbox.subject.is_not(None), Outbox.body.is_not(None),
                  sa.cast(Outbox.payload, sa.Text) != "{}")  # fmt: skip
    return sa.and_(sa.or_(Outbox.contact_id == contact.id, Outbox.card_id.in_(cards), addressed), says)


def _preview(contact: Contact) -> Iterator[Going]:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox).where(_theirs(contact))) or 0
    yield Going(_("Texts and addresses of messages that were sent to them"), count)


def _erase(contact: Contact) -> int:
    ids = list(db.session.scalars(sa.select(Outbox.id).where(_theirs(contact)).limit(BATCH)))
    under_way = OUTBOX.c.state.in_(("waiting", "sending", "failed", "unknown"))
    db.session.execute(sa.update(OUTBOX).where(OUTBOX.c.id.in_(ids), under_way).values(state="dropped"))
    empty: dict[str, Any] = {"address": None, "subject": None, "body": None, "payload": {}, "error": None}
    db.session.execute(sa.update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**empty))
    return len(ids)


exports.add("messages", _l("Messages to you"), 60, _sent)
erasing.add("messages", 20, preview=_preview, step=_erase)
