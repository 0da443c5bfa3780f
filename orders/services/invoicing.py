"""Bills and money: an invoice copies the order, payments cover it, nothing issued changes."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from app import events, settings
from app.clock import utcnow
from app.dates import jalali
from app.errors import Conflict, DomainError
from app.events import PORTAL, Actor, record
from app.extensions import db
from app.i18n import _, as_viewer
from app.locks import hold
from app.money import format_money
from app.text import ascii_digits, clean_line
from orders.models import Invoice, InvoiceLine, Order, Payment
from orders.models.invoice import METHODS
from orders.services.numbers import checked_number, done_before, keep_answer, next_number

events.define("invoice.issued", "invoice.voided", "payment.received")
settings.define("invoices.number_prefix", "F-")


def issue_invoice(
    order: Order,
    *,
    by: Actor | None,
    number: str | None = None,
    issued_on: date | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> Invoice:
    """Bill an order: its lines and sums are copied under the next number of the year, like F-1405-0001.

    Raises `Conflict` when it is billed already, a `DomainError` for a number that is taken or a due day before the day
    of issue.
    """
    hold(order)
    if order.live_invoice is not None:
        raise Conflict(_("This order has an invoice already."), code="invoiced")
    day = issued_on or _today(at)
    if due_on is not None and due_on < day:
        raise DomainError(_("The due day is before the day of issue."), code="due", field="due_on")
    invoice = Invoice(
        number=_given(number) if number else _next_free_number(day), order_id=order.id, contact_id=order.contact_id,
        issued_on=day, due_on=due_on, goods_rials=order.goods_rials, discount_rials=order.discount_rials,
        vat_rials=order.vat_rials, shipping_rials=order.shipping_rials, total_rials=order.total_rials,
        state="issued" if order.total_rials else "paid", lines=[_copy(line) for line in order.lines],
        created_at=at or utcnow(),
    )  # fmt: skip
    order.invoices.append(invoice)
    db.session.flush()
    record("invoice.issued", order, by=by, at=at, visibility=PORTAL, data={
        "order": order.number, "invoice": invoice.number, "total_rials": invoice.total_rials,
    })  # fmt: skip
    return invoice


def _copy(line: object) -> InvoiceLine:
    names = ("name", "quantity", "price_rials", "discount_rials", "vat_rials", "total_rials")
    return InvoiceLine(**{name: getattr(line, name) for name in names})


def _today(at: datetime | None) -> date:
    """The day on the clock of the business."""
    with as_viewer(None) as who:
        return (at or utcnow()).astimezone(who.zone).date()


def _given(number: str) -> str:
    number = checked_number(number)
    if db.session.scalar(sa.select(Invoice.id).where(Invoice.number == number)):
        raise DomainError(_("There is an invoice with this number already."), code="taken", field="number")
    return number


def _next_free_number(day: date) -> str:
    """Numbers run within a Jalali year without holes: the series' row is held until the commit."""
    year = jalali(day).year
    while True:
        number = f"{settings.get('invoices.number_prefix')}{year}-{next_number(f'invoices:{year}'):04d}"
        if not db.session.scalar(sa.select(Invoice.id).where(Invoice.number == number)):
            return number


def void_invoice(invoice: Invoice, *, by: Actor | None) -> None:
    """Take an invoice back that nobody has paid; its number stays used. A void one stays as it is."""
    hold(invoice)
    if invoice.state == "void":
        return
    if invoice.payments:
        raise Conflict(_("Something was paid on this invoice, so it can't be taken back."), code="paid")
    invoice.state = "void"
    db.session.flush()
    record("invoice.voided", invoice.order, by=by, visibility=PORTAL,
           data={"order": invoice.order.number, "invoice": invoice.number})  # fmt: skip


def add_payment(
    invoice: Invoice,
    amount_rials: int,
    *,
    by: Actor | None,
    method: str = "gateway",
    reference: str = "",
    paid_at: datetime | None = None,
    op_id: str | None = None,
) -> Payment:
    """Take money for an invoice, never more than is due; when all is covered the invoice is paid.

    Sent twice with the same `op_id`, it is taken once. Raises a `DomainError` on `amount`, `method` or `reference`,
    `Conflict` when nothing is due.
    """
    hold(invoice)
    known = done_before(op_id)
    if known is not None:
        return next(payment for payment in invoice.payments if payment.id == known["payment"])
    _check_payment(invoice, amount_rials, method)
    payment = Payment(method=method, reference=ascii_digits(clean_line(reference))[:80], amount_rials=amount_rials,
                      paid_at=paid_at or utcnow())  # fmt: skip
    invoice.payments.append(payment)
    if invoice.due_rials == 0:
        invoice.state = "paid"
    db.session.flush()
    record("payment.received", invoice.order, by=by, at=paid_at, visibility=PORTAL, data={
        "order": invoice.order.number, "invoice": invoice.number, "payment": payment.id, "amount_rials": amount_rials,
        "method": method, "reference": payment.reference, "covers": invoice.state == "paid",
    })  # fmt: skip
    keep_answer(op_id, {"payment": payment.id}, by=by)
    return payment


def _check_payment(invoice: Invoice, amount_rials: int, method: str) -> None:
    if method not in METHODS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="method")
    if invoice.due_rials == 0:
        raise Conflict(_("Nothing is due on this invoice."), code="nothing_due")
    if amount_rials <= 0:
        raise DomainError(_("The amount is too small."), code="amount", field="amount")
    if amount_rials > invoice.due_rials:
        due = format_money(invoice.due_rials, word=True)
        raise DomainError(_("This is more than is due: %(due)s.", due=due), code="too_much", field="amount")
