"""The arithmetic of orders and invoices, in whole rials.

Tax is rounded for each line, half up; a header is the sum of its lines, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from app.money import MOST_RIALS

# A rate is in hundredths of a percent.
WHOLE = 10_000
MOST_QUANTITY = 100_000


class Priced(Protocol):
    """A line that is reckoned already."""

    quantity: int
    price_rials: int
    discount_rials: int
    vat_rials: int
    total_rials: int


class LineSums(NamedTuple):
    """What a line costs: `total` after discount and without tax, and the tax on it."""

    total: int
    vat: int


class Sums(NamedTuple):
    """The header: goods before discounts, discounts, tax, shipping, and what is paid in the end."""

    goods: int
    discount: int
    vat: int
    shipping: int
    total: int


def vat_of(rials: int, rate: int) -> int:
    """The tax on an amount (not negative), rounded to whole rials, half up."""
    return (rials * rate + WHOLE // 2) // WHOLE


def sums_of_line(price_rials: int, quantity: int, discount_rials: int, vat_rate: int) -> LineSums:
    """A line's sums. Raises ValueError for a discount above the price, or for more than can be kept."""
    gross = price_rials * quantity
    if not 0 <= discount_rials <= gross or gross > MOST_RIALS:
        raise ValueError
    total = gross - discount_rials
    return LineSums(total, vat_of(total, vat_rate))


def sums_of(lines: Iterable[Priced], shipping_rials: int = 0) -> Sums:
    """The header of these lines."""
    lines = list(lines)
    goods = sum(line.price_rials * line.quantity for line in lines)
    discount = sum(line.discount_rials for line in lines)
    vat = sum(line.vat_rials for line in lines)
    total = sum(line.total_rials + line.vat_rials for line in lines) + shipping_rials
    return Sums(goods, discount, vat, shipping_rials, total)
