"""The arithmetic of orders, by examples and for any numbers at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import MOST_RIALS
from orders.models import OrderLine
from orders.totals import WHOLE, sums_of, sums_of_line, vat_of

rials = st.integers(0, 10**12)
lines = st.lists(
    st.tuples(rials, st.integers(1, 500), st.integers(0, 100), st.integers(0, WHOLE)), min_size=1, max_size=12
)


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [(0, 1000, 0), (5, 1000, 1), (4, 1000, 0), (15, 1000, 2), (25, 1000, 3), (21_500_005, 1000, 2_150_001),
     (999, 900, 90), (50, 100, 1), (49, 100, 0), (1, WHOLE, 1)],
)  # fmt: skip
def test_tax_is_rounded_half_up(amount, rate, tax):
    assert vat_of(amount, rate) == tax


@given(rials, st.integers(0, WHOLE))
def test_tax_is_the_nearest_whole_rial(amount, rate):
    exact = Fraction(amount * rate, WHOLE)
    assert abs(vat_of(amount, rate) - exact) <= Fraction(1, 2)
    assert vat_of(amount, rate) >= exact - Fraction(1, 2)


@given(lines, rials)
def test_the_header_is_the_sum_of_its_lines(rows, shipping):
    made = []
    for price, quantity, percent, rate in rows:
        discount = price * quantity * percent // 100
        sums = sums_of_line(price, quantity, discount, rate)
        made.append(OrderLine(name="x", quantity=quantity, price_rials=price, discount_rials=discount,
                              total_rials=sums.total, vat_rials=sums.vat))  # fmt: skip
    header = sums_of(made, shipping)
    assert header.total == sum(line.total_rials + line.vat_rials for line in made) + shipping
    assert header.total == header.goods - header.discount + header.vat + header.shipping
    assert header.vat == sum(vat_of(line.total_rials, row[3]) for line, row in zip(made, rows, strict=True))
    assert 0 <= header.discount <= header.goods


@pytest.mark.parametrize(
    ("price", "quantity", "discount"), [(100, 2, 201), (100, 1, -1), (MOST_RIALS, 2, 0), (MOST_RIALS + 1, 1, 0)]
)
def test_what_cannot_be_a_price_is_refused(price, quantity, discount):
    with pytest.raises(ValueError):
        sums_of_line(price, quantity, discount, 1000)
