"""Orders with their lines: in two files, or in one where every line repeats its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from app.i18n import _, _l
from imports.facts import Fault, Item, Line, Reader
from imports.fields import Field
from imports.kinds.base import Kind
from imports.kinds.order_work import OrdersWork
from imports.plans import CARRIERS, LINES, MAIN, Plan
from imports.reading import BadRow, Row

NUMBER = Field("number", _l("Order number"), "key", is_required=True, identifies=True, names=(
    "id", "order", "order id", "order no", "order number", "order code", "شماره سفارش", "کد سفارش", "سفارش",
    "شناسه سفارش",
))  # fmt: skip
FIELDS = (
    NUMBER,
    Field("customer", _l("Customer number"), "key", names=(
        "customer id", "customer no", "customer number", "customer code", "company id", "contact id", "کد مشتری",
        "شماره مشتری", "شناسه مشتری", "مشتری",
    )),
    Field("mobile", _l("Mobile of the customer"), names=(
        "mobile number", "customer mobile", "موبایل", "تلفن همراه", "همراه",
    )),
    Field("email", _l("E-mail of the customer"), names=("e-mail", "customer email", "ایمیل", "پست الکترونیک")),
    Field("ordered_at", _l("Ordered on"), "moment", is_required=True, names=(
        "order date", "ordered on", "date", "created at", "created", "تاریخ سفارش", "تاریخ ثبت", "تاریخ",
    )),
    Field("promised_on", _l("Promised for"), "day", names=(
        "required date", "due date", "promised date", "promise date", "delivery date", "موعد تحویل", "تاریخ موعد",
        "قول تحویل",
    )),
    Field("shipped_at", _l("Shipped on"), "moment", names=(
        "shipped date", "ship date", "shipped", "dispatched", "تاریخ ارسال", "ارسال",
    )),
    Field("delivered_at", _l("Delivered on"), "moment", names=(
        "delivered date", "delivered", "arrived", "تاریخ تحویل", "تحویل شد",
    )),
    Field("carrier", _l("Carrier"), names=(
        "ship via", "shipper", "shipper id", "shipping method", "courier", "شرکت حمل", "روش ارسال", "پست",
    )),
    Field("tracking_code", _l("Tracking code"), "key", names=(
        "tracking", "tracking number", "tracking no", "barcode", "کد رهگیری", "کد مرسوله", "بارکد پستی",
    )),
    Field("shipping", _l("Shipping cost"), "money", names=(
        "freight", "shipping cost", "shipping fee", "delivery cost", "هزینه ارسال", "کرایه", "کرایه حمل", "هزینه پست",
    )),
    Field("recipient", _l("Recipient"), names=(
        "ship name", "ship to", "recipient name", "گیرنده", "نام گیرنده", "تحویل گیرنده",
    )),
    Field("recipient_phone", _l("Phone of the recipient"), names=("ship phone", "phone", "تلفن", "تلفن گیرنده")),
    Field("address", _l("Delivery address"), joins=True, names=(
        "ship address", "ship city", "ship region", "ship state", "ship postal code", "ship zip", "ship country",
        "city",
        "region", "state", "province", "postal code", "zip", "country", "نشانی", "آدرس", "نشانی گیرنده", "شهر", "استان",
        "کد پستی",
    )),
)  # fmt: skip
LINE_FIELDS = (
    Field("product", _l("Product code (SKU)"), "key", names=(
        "product id", "product code", "product number", "sku", "item code", "item number", "کد کالا", "کد محصول",
        "شناسه کالا",
    )),
    Field("name", _l("Product name"), names=(
        "product name", "item", "item name", "title", "description", "نام کالا", "نام محصول", "کالا", "محصول",
        "شرح کالا",
    )),
    Field("quantity", _l("Quantity"), "whole", names=("qty", "units", "count", "تعداد", "مقدار")),
    Field("price", _l("Price of one"), "money", names=(
        "unit price", "sale price", "قیمت", "قیمت واحد", "فی", "مبلغ واحد",
    )),
    Field("discount", _l("Discount"), "discount", names=(
        "discount rate", "discount percent", "discount amount", "تخفیف", "درصد تخفیف", "مبلغ تخفیف",
    )),
    Field("vat", _l("VAT rate in percent"), "rate", names=(
        "vat rate", "tax", "tax rate", "مالیات", "درصد مالیات", "ارزش افزوده",
    )),
)  # fmt: skip
CARRIER_FIELDS = (
    Field("number", _l("Number of the carrier"), "key", is_required=True, names=(
        "id", "shipper id", "carrier id", "code", "کد", "شناسه", "شماره",
    )),
    Field("name", _l("Name of the carrier"), is_required=True, names=(
        "company name", "shipper", "carrier", "نام", "نام شرکت", "شرکت حمل",
    )),
)  # fmt: skip
LINE_KEYS = frozenset(each.key for each in LINE_FIELDS)


class Orders(Kind):
    key = "orders"
    label = _l("Orders")
    hint = _l("Old and open orders with their lines, in one file or in two.")
    work = OrdersWork
    more = (LINES, CARRIERS)
    main_fields = FIELDS

    def fields_of(self, role: str, *, has_lines_file: bool) -> tuple[Field, ...]:
        if role == CARRIERS:
            return CARRIER_FIELDS
        if role == LINES:
            return (NUMBER, *LINE_FIELDS)
        return FIELDS if has_lines_file else (*FIELDS, *LINE_FIELDS)

    def required(self, role: str, *, has_lines_file: bool) -> list[tuple[str, ...]]:
        if role == CARRIERS:
            return [("number",), ("name",)]
        if role == LINES:
            return [("number",), ("product", "name"), ("quantity",)]
        return [("number",), ("customer", "mobile", "email"), ("ordered_at",)]

    def items(self, plan: Plan) -> Iterator[Item]:
        return _TwoFiles(plan).items() if LINES in plan.sources else _one_file(plan)


class _TwoFiles:
    """The rows of the lines file by order, waiting for the orders file."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.orders, self.lines = plan, Reader(plan, MAIN), Reader(plan, LINES)
        self.waiting: dict[str, list[Row]] = defaultdict(list)
        self.bad: list[BadRow] = []
        # The first unreadable row by the number that it seems to have.
        self.lost: dict[str, int] = {}

    def items(self) -> Iterator[Item]:
        """Orders in the order of their file, each with its lines; then lines that no order claims."""
        self._sort_lines()
        # Numbers of orders whose rows cannot be read: their lines are not to blame.
        excused = set()
        for row in self.plan.main.table.rows():
            if isinstance(row, BadRow):
                excused |= self.orders.keys_in(row, "number")
                yield Item(row, faults=[self.orders.bad(row)])
                continue
            facts, faults = self.orders.facts(row)
            item = Item(row, facts, faults)
            self._give_lines(item)
            yield item
        for row in self.bad:
            yield Item(row, faults=[self.lines.bad(row)], rows=0)
        for number, rows in self.waiting.items():
            if number not in excused:
                sentence = _("The orders file has no order with this number.")
                yield Item(rows[0], faults=[self.lines.fault(row, sentence, "number") for row in rows], rows=0)

    def _sort_lines(self) -> None:
        for row in self.lines.source.table.rows():
            if isinstance(row, BadRow):
                self.bad.append(row)
                self.lost |= dict.fromkeys(self.lines.keys_in(row, "number") - self.lost.keys(), row.number)
                continue
            numbers = self.lines.keys_in(row, "number")
            self.waiting[next(iter(numbers), "")].append(row)

    def _give_lines(self, item: Item) -> None:
        """Hand the lines over; an order with a line that cannot be read is left out as a whole."""
        number = item.facts.get("number", "")
        for row in self.waiting.pop(number, []) if number else []:
            facts, faults = self.lines.facts(row)
            item.lines.append(Line(row, facts))
            item.faults += faults
        item.faults += self._losses(item, number)

    def _losses(self, item: Item, number: str) -> list[Fault]:
        rows = sorted({fault.row for fault in item.faults if fault.role == LINES})
        if number in self.lost:
            rows.insert(0, self.lost[number])
        if not rows:
            return []
        sentence = _("Row %(number)s of the lines file is faulty, so the order is left out.", number=rows[0])
        return [self.orders.fault(item.row, sentence, "number")]


def _one_file(plan: Plan) -> Iterator[Item]:
    """Orders in the order in which they first come; every row of an order is one of its lines."""
    reader = Reader(plan, MAIN)
    has_lines = bool(LINE_KEYS & reader.source.places.keys())
    groups: dict[str, Item] = {}
    loose: list[Item] = []
    for row in plan.main.table.rows():
        if isinstance(row, BadRow):
            loose.append(Item(row, faults=[reader.bad(row)]))
            continue
        facts, faults = reader.facts(row)
        line = Line(row, {key: facts.pop(key) for key in LINE_KEYS & facts.keys()})
        number = facts.get("number", "")
        if number not in groups or not number or not has_lines:
            item = Item(row, facts, faults, [line] if has_lines else [])
            # Without lines an order that comes twice is a mistake, which is noticed later.
            groups[number if has_lines and number else f"\n{row.number}"] = item
            continue
        item = groups[number]
        item.rows += 1
        item.lines.append(line)
        item.faults += [*faults, *_contradictions(reader, item, row, facts)]
    yield from loose
    yield from groups.values()


def _contradictions(reader: Reader, item: Item, row: Row, facts: dict[str, object]) -> list[Fault]:
    """Where a further row of an order says something else about the order than the first one."""
    sentence = _("Row %(number)s says something else about this order.", number=item.row.number)
    return [
        reader.fault(row, sentence, key) for key, value in facts.items() if item.facts.setdefault(key, value) != value
    ]
