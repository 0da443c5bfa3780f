"""Files that a person came with: those that quote them go, and the faults that quote a cell of theirs."""

from collections.abc import Iterator

import sqlalchemy as sa

from app import files
from app.db import table_of
from app.extensions import db
from app.files import StoredFile
from app.i18n import _
from app.text import ascii_digits, fold
from cards.models import Card, Entry
from contacts.models import Contact, ContactPoint, Membership
from contacts.privacy import erasing
from contacts.privacy.erasing import BATCH, Going, values_of
from imports.models import Import, ImportFault, ImportMark, ImportRecord
from orders.models import Order, Shipment

FAULTS, RECORDS, MARKS = table_of(ImportFault), table_of(ImportRecord), table_of(ImportMark)
DEEPEST = 200


def _quoting(contact: Contact) -> sa.ColumnElement[bool]:
    values = values_of(contact)
    quotes = [
        column.contains(text, autoescape=True) for text in values for column in (FAULTS.c.value, FAULTS.c.sentence)
    ]
    return sa.or_(*quotes) if quotes else sa.false()


def _preview(contact: Contact) -> Iterator[Going]:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(FAULTS).where(_quoting(contact))) or 0
    yield Going(_("Cells of imports that quote them"), count)
    yield Going(_("Files of imports that they stand in"), len(_files(contact)))


def _erase_faults(contact: Contact) -> int:
    ids = list(db.session.scalars(sa.select(FAULTS.c.id).where(_quoting(contact)).limit(BATCH)))
    gone = db.session.execute(sa.delete(FAULTS).where(FAULTS.c.id.in_(ids)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _files(contact: Contact) -> list[tuple[Import, str]]:
    """(import, role) of the files that name the person, the newest imports first."""
    wanted = [_flat(text) for text in values_of(contact)]
    rows = db.session.scalars(sa.select(Import).order_by(Import.id.desc()).limit(DEEPEST))
    return [(row, role) for row in rows for role, source in row.sources.items() if _names(source, wanted)]


def _names(source: dict[str, object], wanted: list[str]) -> bool:
    stored = db.session.get(StoredFile, source.get("file")) if source.get("file") else None
    if stored is None or not stored.path.exists():
        return False
    text = _flat(stored.path.read_bytes().decode(str(source.get("encoding") or "utf-8"), errors="replace"))
    return any(value in text for value in wanted)


def _flat(text: str) -> str:
    return ascii_digits(fold(text))


def _erase_files(contact: Contact) -> int:
    found = _files(contact)
    for row, role in found:
        file_id = row.sources[role]["file"]
        row.sources = {**row.sources, role: {**row.sources[role], "file": None}}
        db.session.flush()
        files.release(file_id)
    return len(found)


def _erase_undo(contact: Contact) -> int:
    """Former values that the undo of an import would bring back, and the marks by which another system names them."""
    cards, orders = sa.select(Card.id).where(Card.contact_id == contact.id), sa.select(Order.id).where(
        Order.contact_id == contact.id)  # fmt: skip
    rows = {
        "contacts": sa.select(Contact.id).where(Contact.id == contact.id), "cards": cards, "orders": orders,
        "contact_points": sa.select(ContactPoint.id).where(ContactPoint.contact_id == contact.id),
        "memberships": sa.select(Membership.id).where(Membership.contact_id == contact.id),
        "entries": sa.select(Entry.id).where(sa.or_(Entry.card_id.in_(cards), Entry.contact_id == contact.id)),
        "shipments": sa.select(Shipment.id).where(Shipment.order_id.in_(orders)),
    }  # fmt: skip
    theirs = [
        sa.and_(RECORDS.c.row_table == name, RECORDS.c.row_id.in_(sa.select(sa.cast(ids.subquery().c.id, sa.String))))
        for name, ids in rows.items()
    ]
    says = sa.cast(RECORDS.c.before, sa.Text) != "{}"
    emptied = db.session.execute(sa.update(RECORDS).where(sa.or_(*theirs), says).values(before={}))
    marks = sa.delete(MARKS).where(MARKS.c.kind == "contact", MARKS.c.row_id == contact.id)
    gone = db.session.execute(marks)
    return int(emptied.rowcount) + int(gone.rowcount)  # type: ignore[attr-defined]


def _holds(file_id: int) -> bool:
    rows = db.session.scalars(sa.select(Import.sources))
    return any(source.get("file") == file_id for sources in rows for source in sources.values())


files.hold_with(_holds)
erasing.add("import_faults", 10, preview=_preview, step=_erase_faults)
erasing.add("import_undo", 12, preview=lambda _contact: (), step=_erase_undo)
erasing.add("import_files", 11, preview=lambda _contact: (), step=_erase_files)
