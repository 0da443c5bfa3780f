"""The contact's own record in the archive and in the erasure: names, points, memberships, sessions, facts."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.auth.models import Session
from app.clock import utcnow
from app.db import table_of
from app.events import Event
from app.extensions import db
from app.i18n import _, _l
from contacts.models import Contact, ContactPoint, DataExport, Membership
from contacts.models.contact import CHANNELS
from contacts.models.point import KINDS
from contacts.privacy import copies, erasing, exports  # noqa: F401  # copies say what they hold too
from contacts.privacy.erasing import BATCH, Going, Staying
from contacts.privacy.scrubbing import scrubbed
from contacts.words import LANGUAGES

EVENTS, SESSIONS = table_of(Event), table_of(Session)
# What an erased person is called wherever their name would stand.
ERASED_NAMES = ("مخاطب پاک‌شده", "Erased contact")
NO_SOURCE = {"source_address": None, "source_device": None, "source_session_id": None, "source_token_id": None}


def _profile(contact: Contact, _bag: exports.Bag) -> dict[str, Any]:
    return {
        "name": contact.name, "name_en": contact.name_en, "honorific": contact.honorific,
        "language": str(LANGUAGES.get(contact.language, contact.language)),
        "preferred_channel": str(CHANNELS.get(contact.preferred_channel, "")), "since_at": contact.created_at,
    }  # fmt: skip


def _points(contact: Contact, _bag: exports.Bag) -> list[dict[str, Any]]:
    return [
        {"kind": str(KINDS[point.kind]), "value": point.normalised, "is_primary": point.is_primary,
         "verified_at": point.verified_at, "noted_at": point.created_at} for point in contact.ordered_points
    ]  # fmt: skip


def _memberships(contact: Contact, _bag: exports.Bag) -> list[dict[str, Any]]:
    return [
        {"company": row.company.shown_name, "title": row.title, "since_on": row.since_on, "until_on": row.until_on,
         "can_see_company_tickets": row.can_see_company_tickets, "can_see_company_orders": row.can_see_company_orders,
         "can_see_prices": row.can_see_prices} for row in contact.memberships
    ]  # fmt: skip


def _sign_ins(contact: Contact, _bag: exports.Bag) -> list[dict[str, Any]]:
    own = sa.select(Event).where(Event.actor_kind == "contact", Event.actor_id == contact.id)
    query = own.where(Event.name == "contact.signed_in").order_by(Event.at.desc(), Event.id.desc())
    return [
        {"at": event.at, "device": event.source_device or "", "address": event.source_address or ""}
        for event in db.session.scalars(query)
    ]


exports.add("profile", _l("Who you are to us"), 0, _profile)
exports.add("points", _l("How we reach you"), 10, _points)
exports.add("memberships", _l("Companies you act for"), 20, _memberships)
exports.add("sign_ins", _l("Your sign-ins"), 90, _sign_ins)


def _count(query: sa.Select[Any]) -> int:
    return db.session.scalar(query.with_only_columns(sa.func.count())) or 0


def _preview(contact: Contact) -> Iterator[Going]:
    yield Going(_("Name, honorific, tier and preferences"), 1)
    yield Going(_("Ways to reach them"), len(contact.points))
    yield Going(_("Memberships of companies"), len(contact.memberships))
    yield Going(_("Sign-ins and open sessions"), _count(sa.select(Session.id).where(Session.contact_id == contact.id)))
    yield Going(_("Old and new values in the history"), _count(_facts(contact.id)))
    waiting = sa.select(DataExport.id).where(DataExport.contact_id == contact.id, DataExport.removed_at.is_(None))
    yield Going(_("Archives of their data"), _count(waiting))


def _staying(_contact: Contact) -> Iterator[Staying]:
    yield Staying(_("That the contact existed, under its code"), _("so that orders and figures still add up"))
    yield Staying(_("What happened when, without its contents"), _("the history of the house is never rewritten"))
    yield Staying(_("Companies they acted for"), _("they belong to others too"))


def _facts(contact_id: int) -> sa.Select[Any]:
    """Facts about the person or done by them that still say something."""
    theirs = sa.or_(Event.contact_id == contact_id,
                    sa.and_(Event.actor_kind == "contact", Event.actor_id == contact_id))  # fmt: skip
    return sa.select(Event.id, Event.data).where(theirs)


def _erase_sessions(contact: Contact) -> int:
    gone = db.session.execute(sa.delete(SESSIONS).where(SESSIONS.c.contact_id == contact.id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _erase_exports(contact: Contact) -> int:
    query = sa.select(DataExport).where(DataExport.contact_id == contact.id, DataExport.removed_at.is_(None))
    rows = db.session.scalars(query.limit(BATCH)).all()
    for row in rows:
        row.path.unlink(missing_ok=True)
        row.removed_at = utcnow()
    return len(rows)


def _erase_facts(contact: Contact) -> int:
    """Empty the values of facts; names, ids, numbers and instants stay. Walks by id, so that it ends."""
    last = int(db.session.info.get(("facts", contact.id), 0))
    rows = db.session.execute(_facts(contact.id).where(Event.id > last).order_by(Event.id).limit(BATCH)).all()
    for row in rows:
        db.session.execute(sa.update(EVENTS).where(EVENTS.c.id == row.id).values(data=scrubbed(row.data)))
    # From where a colleague did something is none of the person's data.
    of_customer = sa.or_(EVENTS.c.actor_kind == "contact", EVENTS.c.actor_kind.is_(None))
    ids = [row.id for row in rows]
    db.session.execute(sa.update(EVENTS).where(EVENTS.c.id.in_(ids), of_customer).values(**NO_SOURCE))
    db.session.info["facts", contact.id] = rows[-1].id if rows else 0
    return len(rows)


def _erase_record(contact: Contact) -> int:
    """The last step: with the names and points gone nothing finds the person any more."""
    if contact.erased_at is not None:
        return 0
    db.session.execute(sa.delete(ContactPoint).where(ContactPoint.contact_id == contact.id))
    db.session.execute(sa.delete(Membership).where(Membership.contact_id == contact.id))
    db.session.expire(contact, ["points", "memberships"])
    contact.rename(*ERASED_NAMES)
    contact.search_key = ""
    contact.honorific = contact.tier_reason = contact.preferred_channel = ""
    contact.tier, contact.external_id = "plain", None
    contact.erased_at = utcnow()
    contact.archived_at = contact.archived_at or contact.erased_at
    return 1


def _nothing(_contact: Contact) -> tuple[Going, ...]:
    return ()


erasing.add("sessions", 5, preview=_nothing, step=_erase_sessions)
erasing.add("exports", 6, preview=_nothing, step=_erase_exports)
erasing.add("facts", 90, preview=_nothing, step=_erase_facts)
erasing.add("record", 99, preview=_preview, step=_erase_record)
erasing.stay_with(_staying)
