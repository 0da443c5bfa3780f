"""An order comes into being with its card; from then on it stands where the card stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app import events, settings
from app.clock import utcnow
from app.dates import in_digits
from app.errors import DomainError
from app.events import PORTAL, Actor, record
from app.extensions import db
from app.i18n import _, as_viewer
from app.locks import hold
from app.money import MOST_RIALS
from app.phones import parse_phone
from app.text import clean, clean_line
from app.users.models import User
from cards.models.card import CHANNELS as CARD_CHANNELS
from cards.services import open_card
from contacts.models import Company, Contact
from orders.models import Order, OrderLine, Product
from orders.models.order import CHANNELS
from orders.services.numbers import checked_number, done_before, keep_answer, next_number
from orders.totals import MOST_QUANTITY, Sums, sums_of, sums_of_line
from pipelines.models import Pipeline, Stage

events.define("order.created", "order.changed", "order.promised")
settings.define("orders.number_prefix", "")
settings.define("orders.first_number", 10001)
MOST_LINES = 200


@dataclass(frozen=True)
class NewLine:
    """A product and how many of it. Price and tax are the product's of today unless given; a line may also stand for
    something that is no product of ours: then it has a name and a price."""

    product: Product | None
    quantity: int
    price_rials: int | None = None
    discount_rials: int = 0
    vat_rate: int | None = None
    name: str = ""
    shipped_quantity: int = 0


@dataclass(frozen=True)
class Delivery:
    """Where an order goes, by when, and for how much. An empty recipient is the contact."""

    recipient: str = ""
    recipient_phone: str = ""
    address: str = ""
    promised_on: date | None = None
    shipping_rials: int = 0

    @property
    def columns(self) -> dict[str, str]:
        """The texts as they are stored."""
        phone = parse_phone(self.recipient_phone) or clean_line(self.recipient_phone)
        return {"recipient": clean_line(self.recipient), "recipient_phone": phone, "address": clean(self.address)}


def create_order(
    contact: Contact,
    lines: Sequence[NewLine],
    *,
    by: Actor | None,
    delivery: Delivery = Delivery(),
    stage: Stage | None = None,
    number: str | None = None,
    company: Company | None = None,
    channel: str = "shop",
    ordered_at: datetime | None = None,
    external_id: str | None = None,
    assignee: User | None = None,
    op_id: str | None = None,
) -> Order:
    """An order of these lines and its card in `stage` (the first one of the first orders board when not given).

    The number comes from the series of the business unless one is given. Sent twice with the same `op_id`, it is made
    once. Raises a `DomainError` on `lines`, `number`, `shipping` or `stage`.
    """
    stage = stage or first_stage()
    _check(lines, stage, channel)
    known = _made_before(op_id)
    number = number if known else taken_number(number)
    # Two that came at once met at the series' row; the second one now sees what the first one did.
    known = known or _made_before(op_id)
    if known is not None:
        return known
    order = reckoned([line_of(line, place) for place, line in enumerate(lines)], delivery.shipping_rials)
    order.number, order.contact, order.company, order.channel = str(number), contact, company, channel
    order.ordered_at, order.external_id, order.promised_on = ordered_at or utcnow(), external_id, delivery.promised_on
    order.recipient, order.recipient_phone, order.address = delivery.columns.values()
    order.recipient = order.recipient or contact.name
    _open(order, stage, by=by, assignee=assignee)
    db.session.add(order)
    db.session.flush()
    data = {"order": order.number, "total_rials": order.total_rials, "lines": len(order.lines)}
    record("order.created", order, by=by, at=order.ordered_at, visibility=PORTAL, data=data)
    keep_answer(op_id, {"order": order.number}, by=by)
    return order


def _made_before(op_id: str | None) -> Order | None:
    known = done_before(op_id)
    return db.session.scalar(sa.select(Order).where(Order.number == known["order"])) if known else None


def _open(order: Order, stage: Stage, *, by: Actor | None, assignee: User | None) -> None:
    """The card on which the order moves."""
    channel = order.channel if order.channel in CARD_CHANNELS else "system"
    order.card = open_card(
        order.contact, stage, title=title_of(order), by=by, company=order.company, assignee=assignee, channel=channel,
        at=order.ordered_at, amount_rials=order.total_rials, acknowledge=False,
    )  # fmt: skip


def first_stage() -> Stage:
    """Where orders begin: on the first board for orders."""
    query = sa.select(Pipeline).where(Pipeline.kind == "order", Pipeline.archived_at.is_(None))
    pipeline = db.session.scalar(query.order_by(Pipeline.position, Pipeline.id).limit(1))
    if pipeline is None:
        raise DomainError(_("There is no board for orders yet. Add one in the settings first."), code="no_board")
    return pipeline.first_stage


def _check(lines: Sequence[NewLine], stage: Stage, channel: str) -> None:
    if stage.pipeline.kind != "order" or stage.is_closing:
        raise DomainError(_("An order begins in an open stage of a board for orders."), code="stage", field="stage")
    if channel not in CHANNELS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="channel")
    if not lines:
        raise DomainError(_("Add at least one product."), code="empty", field="lines")
    if len(lines) > MOST_LINES:
        raise DomainError(_("An order has at most %(num)s lines.", num=MOST_LINES), code="too_many", field="lines")


def taken_number(given: str | None) -> str:
    """The given number, else the next one of the series that no imported order bears already."""
    if given:
        given = checked_number(given)
        if db.session.scalar(sa.select(Order.id).where(Order.number == given)):
            raise DomainError(_("There is an order with this number already."), code="taken", field="number")
        return given
    prefix, first = str(settings.get("orders.number_prefix")), int(settings.get("orders.first_number"))
    while True:
        number = f"{prefix}{next_number('orders', first=first)}"
        if not db.session.scalar(sa.select(Order.id).where(Order.number == number)):
            return number


def checked_sums(rows: Sequence[OrderLine], shipping_rials: int) -> Sums:
    """The header of these lines. Raises a `DomainError` on `shipping` for amounts that can't be kept."""
    sums = sums_of(rows, shipping_rials)
    if shipping_rials < 0 or sums.total > MOST_RIALS:
        raise DomainError(_("This amount is too large or too small."), code="amount", field="shipping")
    return sums


def reckoned(rows: list[OrderLine], shipping_rials: int) -> Order:
    """An order of these lines with its sums, and nothing else yet."""
    sums = checked_sums(rows, shipping_rials)
    return Order(lines=rows, goods_rials=sums.goods, discount_rials=sums.discount, vat_rials=sums.vat,
                 shipping_rials=sums.shipping, total_rials=sums.total)  # fmt: skip


def line_of(line: NewLine, place: int) -> OrderLine:
    """The row of a line with its sums. Raises a `DomainError` on `lines`."""
    product = line.product
    price = line.price_rials if line.price_rials is not None else product.price_rials if product else None
    rate = line.vat_rate if line.vat_rate is not None else product.vat_rate if product else 0
    name = clean_line(line.name) or (product.name if product else "")
    if price is None or price < 0 or not name:
        raise DomainError(_("A line needs a product, or a name and a price."), code="empty", field="lines")
    if not 1 <= line.quantity <= MOST_QUANTITY or not 0 <= line.shipped_quantity <= line.quantity:
        raise DomainError(_("The quantity of “%(name)s” can't be right.", name=name), code="quantity", field="lines")
    try:
        sums = sums_of_line(price, line.quantity, line.discount_rials, rate)
    except ValueError as error:
        sentence = _("The discount on “%(name)s” is larger than its price, or the amount is too large.", name=name)
        raise DomainError(sentence, code="discount", field="lines") from error
    return OrderLine(
        product_id=product.id if product else None, position=place, name=name, quantity=line.quantity,
        shipped_quantity=line.shipped_quantity, price_rials=price, discount_rials=line.discount_rials,
        vat_rials=sums.vat, total_rials=sums.total,
    )  # fmt: skip


def title_of(order: Order) -> str:
    """What the card is called on the board, in the language of the business."""
    name, more = order.lines[0].name, len(order.lines) - 1
    with as_viewer(None):
        if not more:
            return _("Order %(number)s: %(name)s", number=order.number, name=name)
        return _(
            "Order %(number)s: %(name)s and %(num)s more", number=order.number, name=name, num=in_digits(str(more))
        )


def change_delivery(order: Order, delivery: Delivery, *, by: Actor | None, reason: str = "") -> None:
    """Change where the order goes and by when (what shipping costs stays); equal values change and record nothing.

    The customer is told of another promise, with the reason when one is given.
    """
    hold(order)
    changed = sorted(name for name, value in delivery.columns.items() if getattr(order, name) != value)
    was = {name: getattr(order, name) for name in changed}
    became = {name: delivery.columns[name] for name in changed}
    for name, value in became.items():
        setattr(order, name, value)
    before, order.promised_on = order.promised_on, delivery.promised_on
    db.session.flush()
    if changed:
        record("order.changed", order, by=by, visibility=PORTAL,
               data={"order": order.number, "fields": changed, "from": was, "to": became})  # fmt: skip
    if before != order.promised_on:
        record("order.promised", order, by=by, visibility=PORTAL, data={
            "order": order.number, "from": before.isoformat() if before else None,
            "to": order.promised_on.isoformat() if order.promised_on else None, "reason": clean_line(reason)[:200],
        })  # fmt: skip
