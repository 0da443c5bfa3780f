"""Orders and what became of them: bills, money, parcels, the way across the board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from app.users.models import User
from cards import services as cards
from cards.placement import move
from demo.content import COMPANIES, DEALS, ORDERS, PEOPLE, PRODUCTS, shapes
from demo.people import in_words
from demo.shop import Shop
from orders.models import Order, Shipment
from orders.services import (
    Delivery,
    NewLine,
    add_payment,
    add_shipment,
    add_shipment_event,
    create_order,
    issue_invoice,
    link_card_to_order,
    void_invoice,
)

Act = Callable[[], None]
PRICES = {product.sku: product.price_rials for product in PRODUCTS}
PERSONS = {person.key: person for person in PEOPLE}
FIRMS = {company.key: company for company in COMPANIES}
# Whoever talks to a company takes its orders.
SALESPEOPLE = {deal.company: deal.assignee for deal in DEALS if deal.company and deal.assignee}
DAYS_TO_PAY = timedelta(days=14)


def plan_orders(shop: Shop) -> None:
    """Let every order go its way."""
    for order in ORDERS:
        _Way(shop, order).plan()


class _Way:
    """The acts of one order, by the hours after it was placed."""

    def __init__(self, shop: Shop, drawn: shapes.Order) -> None:
        self.shop, self.drawn = shop, drawn
        self.acts: list[tuple[float, Act]] = [(0.0, self.place)]

    @property
    def order(self) -> Order:
        return self.shop.orders[self.drawn.number]

    @property
    def seller(self) -> User | None:
        """Who took the order; None: the customer placed it in the shop."""
        return self.shop.staff[SALESPEOPLE.get(self.drawn.company) or "omid"] if self.drawn.company else None

    def plan(self) -> None:
        drawn, hours = self.drawn, 0.0
        for step in drawn.steps:
            hours += step.after_hours
            self.acts.append((hours, partial(self.go_on, step)))
        if drawn.invoice:
            self.acts.append((drawn.invoice.after_hours, self.bill))
        for payment in drawn.payments:
            self.acts.append((payment.after_hours, partial(self.pay, payment)))
        for shipment in drawn.shipments:
            self._plan_shipment(shipment)
        self.acts.sort(key=lambda act: act[0])
        moments = self.shop.times.spread(drawn.number, [drawn.age_hours - after for after, _act in self.acts])
        self.shop.placed_at[drawn.number] = moments[0]
        for at, (_hours, act) in zip(moments, self.acts, strict=True):
            self.shop.story.tell(at, act)

    def _plan_shipment(self, drawn: shapes.Shipment) -> None:
        parcels: list[Shipment] = []
        self.acts.append((drawn.after_hours, lambda: parcels.append(self.hand_over(drawn))))
        for scan in drawn.scans:
            is_last = drawn.is_delivered and scan is drawn.scans[-1]
            tell = partial(self.scan, parcels, scan.text, is_delivered=is_last)
            self.acts.append((drawn.after_hours + scan.after_hours, tell))

    def place(self) -> None:
        drawn, shop = self.drawn, self.shop
        buyer = FIRMS[drawn.company] if drawn.company else PERSONS[drawn.contact]
        today = shop.times.now.astimezone(shop.times.zone).date()
        order = create_order(
            shop.people[drawn.contact], [self.line(line) for line in drawn.lines], by=self.seller, number=drawn.number,
            company=shop.companies[drawn.company] if drawn.company else None,
            channel="agent" if drawn.company else "shop",
            assignee=shop.staff["siavash"] if drawn.steps else None,
            delivery=Delivery(
                recipient_phone=PERSONS[drawn.contact].mobile, address=in_words(buyer.address),
                promised_on=today + timedelta(days=drawn.promised_in_days), shipping_rials=drawn.shipping_rials,
            ),
        )  # fmt: skip
        shop.orders[drawn.number] = order
        if drawn.parent:
            link_card_to_order(order.card, shop.orders[drawn.parent], by=shop.staff["siavash"])

    def line(self, drawn: shapes.Line) -> NewLine:
        discount = PRICES[drawn.sku] * drawn.quantity * drawn.discount_percent // 100
        return NewLine(self.shop.products[drawn.sku], drawn.quantity, discount_rials=discount)

    def bill(self) -> None:
        is_called_off = any(step.stage == "cancelled" for step in self.drawn.steps)
        due_on = (self.order.ordered_at + DAYS_TO_PAY).date() if self.drawn.company and not is_called_off else None
        issue_invoice(self.order, by=self.shop.staff["maral"] if self.drawn.company else None, due_on=due_on)

    def pay(self, drawn: shapes.Payment) -> None:
        invoice = self.order.live_invoice
        if invoice is None:
            raise LookupError(f"{self.drawn.number} is paid before it is billed")
        by = self.shop.staff["maral"] if drawn.method == "transfer" else None
        add_payment(invoice, invoice.total_rials * drawn.percent // 100, by=by, method=drawn.method,
                    reference=drawn.reference)  # fmt: skip

    def go_on(self, step: shapes.Moved | shapes.Closing) -> None:
        stage, by = self.shop.stages["orders", step.stage], self.shop.staff[step.by]
        if isinstance(step, shapes.Moved):
            move(self.order.card, stage.id, by=by)
            return
        cards.resolve(self.order.card, stage, cause=step.wrong, solution=step.done, by=by)
        if self.drawn.invoice and self.drawn.invoice.is_void and self.order.live_invoice:
            void_invoice(self.order.live_invoice, by=by)

    def hand_over(self, drawn: shapes.Shipment) -> Shipment:
        skus = {product.id: sku for sku, product in self.shop.products.items()}
        units = {line.sku: line.quantity for line in drawn.lines}
        quantities = {line.id: units.get(skus[line.product_id or 0], 0) for line in self.order.lines} if units else None
        return add_shipment(
            self.order, by=self.shop.staff["siavash"], carrier=drawn.carrier, carrier_name=drawn.carrier_name,
            tracking_code=drawn.code or "", quantities=quantities,
        )  # fmt: skip

    def scan(self, parcels: list[Shipment], text: str, *, is_delivered: bool) -> None:
        add_shipment_event(parcels[0], text, by=None, is_delivered=is_delivered)
