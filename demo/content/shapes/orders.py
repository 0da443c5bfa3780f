"""What is sold, and what became of it."""

from dataclasses import dataclass
from typing import Literal

from demo.content.shapes.boards import Pipeline, Stage
from demo.content.shapes.cards import Card, Closing, Moved, Reopening

Carrier = Literal["post", "courier", "other"]
PaymentMethod = Literal["gateway", "transfer"]


@dataclass(frozen=True, slots=True)
class Warehouse:
    key: str
    name_fa: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Product:
    """`price_rials` is the price of one, without tax; `stock` is on hand by warehouse key, reserved ones included.

    `vat_rate` is in hundredths of a percent.
    """

    sku: str
    name: str
    name_en: str
    price_rials: int
    stock: dict[str, int]
    vat_rate: int = 1000


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    quantity: int
    discount_percent: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """A share of the order's total, `after_hours` the order was placed."""

    after_hours: float
    method: PaymentMethod
    reference: str
    percent: int = 100


@dataclass(frozen=True, slots=True)
class Invoice:
    """Issued `after_hours` the order was placed, before anything is paid.

    `is_void`: taken back when the order ended.
    """

    after_hours: float
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What the carrier told, `after_hours` the parcel was handed over."""

    after_hours: float
    text: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel, handed over `after_hours` the order was placed.

    The Post's `code` has 24 digits; other carriers give none. No lines: it holds everything. `is_delivered`: the last
    scan tells so.
    """

    after_hours: float
    carrier: Carrier
    carrier_name: str
    code: str | None
    scans: tuple[Scan, ...] = ()
    lines: tuple[Line, ...] = ()
    is_delivered: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """`promised_in_days` counts from today and is negative for the past. `parent`: the order this one makes good."""

    number: str
    contact: str
    age_hours: float
    promised_in_days: int
    lines: tuple[Line, ...]
    steps: tuple[Moved | Closing, ...] = ()
    company: str | None = None
    shipping_rials: int = 0
    payments: tuple[Payment, ...] = ()
    invoice: Invoice | None = None
    shipments: tuple[Shipment, ...] = ()
    parent: str | None = None

    @property
    def length_hours(self) -> float:
        """Hours from the opening to the last step."""
        return sum(step.after_hours for step in self.steps)


def stage_of(item: Card | Order, pipeline: Pipeline) -> Stage:
    """The stage that the steps of `item` end in: the pipeline's first one when nothing moved it."""
    stage = pipeline.stages[0]
    for step in item.steps:
        if isinstance(step, Moved | Closing):
            stage = pipeline.stage(step.stage)
        elif isinstance(step, Reopening):
            stage = next(each for each in pipeline.stages if each.kind == "active")
    return stage
