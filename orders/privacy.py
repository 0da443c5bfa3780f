"""What orders hold of a person. Bills are kept by law, with the name and address that stand on them."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app import search
from app.db import table_of
from app.extensions import db
from app.i18n import _, _n
from cards.models import Card
from contacts.models import Contact
from contacts.privacy import erasing
from contacts.privacy.erasing import BATCH, Going, Staying
from orders.models import Invoice, Order, Shipment
from orders.models.shipment import ShipmentEvent
from orders.searching import FOUND_BY

ORDERS, SHIPMENTS, NEWS = table_of(Order), table_of(Shipment), table_of(ShipmentEvent)


def _own(contact_id: int) -> sa.Select[Any]:
    return sa.select(Order.id).where(Order.contact_id == contact_id)


def _billed(contact_id: int) -> sa.Select[Any]:
    return _own(contact_id).where(Order.id.in_(sa.select(Invoice.order_id)))


def _count(query: sa.Select[Any]) -> int:
    return db.session.scalar(query.with_only_columns(sa.func.count())) or 0


def _preview(contact: Contact) -> Iterator[Going]:
    unbilled = _own(contact.id).where(Order.id.not_in(sa.select(Invoice.order_id)))
    yield Going(_("Recipients and addresses of orders without an invoice"), _count(unbilled))
    yield Going(_("Telephone numbers of deliveries"), _count(_own(contact.id).where(Order.recipient_phone != "")))
    yield Going(_("Tracking codes and news of parcels"), _count(_parcels(contact.id)))


def _staying(contact: Contact) -> Iterator[Staying]:
    if _count(_billed(contact.id)):
        yield Staying(_("Orders with invoices and payments, with the recipient's name and address"),
                      _("the law asks to keep bills as they were issued"))  # fmt: skip
    if _count(_own(contact.id)):
        yield Staying(_("Numbers, dates, goods and amounts of orders"), _("stock and figures still add up"))


def _blocks(contact: Contact) -> Iterator[str]:
    """What is on its way needs an address, and what is owed a debtor."""
    running = _own(contact.id).join(Card, Card.id == Order.card_id).where(Card.resolved_at.is_(None))
    count = _count(running)
    if count:
        yield _n("%(num)s order of this contact is still under way. Finish it first.",
                 "%(num)s orders of this contact are still under way. Finish them first.", count)  # fmt: skip
    owed = _count(sa.select(Invoice.id).where(Invoice.contact_id == contact.id, Invoice.state == "issued"))
    if owed:
        yield _n("%(num)s invoice of this contact is not paid. Settle or void it first.",
                 "%(num)s invoices of this contact are not paid. Settle or void them first.", owed)  # fmt: skip


def _parcels(contact_id: int) -> sa.Select[Any]:
    says = sa.or_(Shipment.tracking_code != "", Shipment.contents != "")
    return sa.select(Shipment.id).where(Shipment.order_id.in_(_own(contact_id)), says)


def _erase_parcels(contact: Contact) -> int:
    own = sa.select(Shipment.id).where(Shipment.order_id.in_(_own(contact.id)))
    db.session.execute(sa.update(NEWS).where(NEWS.c.shipment_id.in_(own), NEWS.c.text != "").values(text=""))
    ids = list(db.session.scalars(_parcels(contact.id).limit(BATCH)))
    db.session.execute(sa.update(SHIPMENTS).where(SHIPMENTS.c.id.in_(ids)).values(tracking_code="", contents=""))
    return len(ids)


def _erase_orders(contact: Contact) -> int:
    """The telephone of every order, and the whole address where no bill carries it."""
    phones = list(db.session.scalars(_own(contact.id).where(Order.recipient_phone != "").limit(BATCH)))
    db.session.execute(sa.update(ORDERS).where(ORDERS.c.id.in_(phones)).values(recipient_phone=""))
    says = sa.or_(Order.recipient != "", Order.address != "")
    unbilled = _own(contact.id).where(says, Order.id.not_in(sa.select(Invoice.order_id)))
    ids = list(db.session.scalars(unbilled.limit(BATCH)))
    db.session.execute(sa.update(ORDERS).where(ORDERS.c.id.in_(ids)).values(recipient="", address=""))
    return len({*phones, *ids})


def _find_again(contact: Contact) -> int:
    """The last turn: orders and bills that stay are found by their numbers, and by nothing else."""
    for order_id in db.session.scalars(_own(contact.id)).all():
        search.renew(FOUND_BY, order_id)
    for invoice_id in db.session.scalars(sa.select(Invoice.id).where(Invoice.contact_id == contact.id)).all():
        search.renew(("invoice",), invoice_id)
    return 0


erasing.add("found_orders", 101, preview=lambda _contact: (), step=_find_again)
erasing.add("parcels", 40, preview=lambda _contact: (), step=_erase_parcels)
erasing.add("orders", 41, preview=_preview, step=_erase_orders)
erasing.block_with(_blocks)
erasing.stay_with(_staying)
