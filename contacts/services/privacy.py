"""Giving a person their data, and forgetting them."""

from datetime import timedelta

import sqlalchemy as sa

from app import events, jobs
from app.auth import sessions
from app.auth.models import Session
from app.clock import utcnow
from app.errors import Conflict, DomainError
from app.events import record
from app.extensions import db
from app.i18n import _
from app.jobs import Job
from app.locks import hold
from app.users.models import User
from contacts.models import Contact, DataExport, Erasure
from contacts.privacy import copies, erasing, exports

events.define("contact.export_made", "contact.export_fetched", "contact.erasure_begun", "contact.erased")
LIFETIME = timedelta(days=3)


def ask_export(contact: Contact, *, language: str, by: User | None) -> DataExport:
    """Have the archive of the person's data made; it can be fetched for three days. `by` None: they asked themselves.

    Raises a `Conflict` while they are being erased.
    """
    if find_erasure(contact) is not None:
        raise Conflict(_("The data of this contact is erased."), code="erased")
    row = DataExport(contact_id=contact.id, by_id=by.id if by else None, language=language, created_at=utcnow(),
                     expires_at=utcnow() + LIFETIME)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    row.job_id = jobs.start("contact.export", {"export": row.id}, by=by).id
    record("contact.export_made", contact, by=by or contact, data={"export": row.id})
    return row


def fetch_export(contact: Contact, row: DataExport, *, by: User) -> DataExport:
    """Note that a colleague takes the archive. Raises a `Conflict` when it is not ready, or gone."""
    if row.state != "ready" or not row.path.exists():
        raise Conflict(_("This archive is no longer there. Please make a new one."), code="gone")
    record("contact.export_fetched", contact, by=by, data={"export": row.id})
    return row


def find_erasure(contact: Contact) -> Erasure | None:
    """The erasure of this person, asked for or done."""
    return db.session.scalar(sa.select(Erasure).where(Erasure.contact_id == contact.id))


def erase_contact(contact: Contact, *, typed_code: str, by: User) -> Erasure:
    """Begin to forget a person; nothing brings them back. They leave the lists and are signed out at once.

    Raises a `DomainError` on `code` when another code was typed, and one with the reasons while work is open.
    """
    hold(contact)
    if typed_code != contact.code:
        raise DomainError(_("This is not the code of this contact."), code="mistyped", field="code")
    if find_erasure(contact) is not None:
        raise Conflict(_("The data of this contact is erased."), code="erased")
    reasons = erasing.blocks(contact)
    if reasons:
        raise DomainError(" ".join(reasons), code="open_work")
    contact.archived_at = contact.archived_at or utcnow()
    sessions.end(db.session.scalars(sa.select(Session).where(Session.contact_id == contact.id)).all())
    erasure = Erasure(contact_id=contact.id, by_id=by.id, created_at=utcnow(), counts={})
    db.session.add(erasure)
    db.session.flush()
    erasure.job_id = jobs.start("contact.erasure", {"contact": contact.id}, by=by).id
    record("contact.erasure_begun", contact, by=by)
    return erasure


@jobs.work("contact.export")
def _make_export(job: Job) -> None:
    row = db.session.get_one(DataExport, job.payload["export"])
    contact = db.session.get_one(Contact, row.contact_id)
    target, language, row_id = row.path, row.language, row.id
    size = exports.write(contact, target, language=language)
    db.session.rollback()
    row = db.session.get_one(DataExport, row_id, populate_existing=True)
    if row.removed_at is not None:
        target.unlink(missing_ok=True)
    row.size_bytes = size
    db.session.commit()


@jobs.work("contact.erasure")
def _carry_out(job: Job) -> None:
    job_id, contact_id, by_id = job.id, job.payload["contact"], job.by_id

    def note(counts: dict[str, int]) -> None:
        jobs.advance(job_id, done=len(counts), total=len(erasing.keys()), result=dict(counts))

    counts = erasing.run(contact_id, note)
    contact = db.session.get_one(Contact, contact_id)
    erasure = db.session.scalars(sa.select(Erasure).where(Erasure.contact_id == contact_id)).one()
    if erasure.finished_at is None:
        erasure.finished_at, erasure.counts = utcnow(), counts
        record("contact.erased", contact, by=db.session.get(User, by_id) if by_id else None, data={"counts": counts})
    db.session.commit()
    copies.clear_traces()


def remove_expired_exports() -> int:
    """Remove archives whose time is over; answers how many. Commits."""
    query = sa.select(DataExport).where(DataExport.removed_at.is_(None), DataExport.expires_at <= utcnow())
    rows = db.session.scalars(query).all()
    for row in rows:
        row.path.unlink(missing_ok=True)
        row.removed_at = utcnow()
    db.session.commit()
    return len(rows)
