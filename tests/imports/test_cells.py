"""What cells say, in any digits and either calendar."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.i18n import as_viewer
from imports import cells
from imports.cells import Unreadable
from imports.fields import guess, header_key
from imports.kinds import KINDS


@pytest.mark.parametrize("cell", ["", "  ", "NULL", "null", "\\N", "\u200c"])
def test_nothing(cell: str) -> None:
    assert cells.text(cell) == ""


def test_letters_and_digits_are_normalised() -> None:
    assert cells.text("  پخش  كاوه ي  ") == "پخش کاوه ی"
    assert cells.key("ك-۱۲٣") == "ک-123"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1250", "1250"), ("۱٬۲۵۰", "1250"), ("1,250,000", "1250000"), ("12,5", "12.5"), ("0,125", "0.125"),
        ("1,250.50", "1250.50"), ("1.250,50", "1250.50"), ("۱۲٫۵", "12.5"), ("1 250", "1250"), ("1'250", "1250"),
        ("-3.5", "-3.5"), ("14.00", "14.00"), ("٣٤", "34"),
    ],
)  # fmt: skip
def test_numbers(cell: str, value: str) -> None:
    assert cells.number(cell) == Decimal(value)


@pytest.mark.parametrize("cell", ["", "abc", "1.2.3", "1e5", "①", "--1", "1,", "9" * 60, "12 kg"])
def test_what_is_no_number(cell: str) -> None:
    with pytest.raises(Unreadable):
        cells.number(cell)


def test_amounts_take_their_unit_from_the_cell_first() -> None:
    assert cells.money("25000", 10) == 250_000
    assert cells.money("۲۵٬۰۰۰ تومان", 1) == 250_000
    assert cells.money("25000 ریال", 10) == 25_000
    assert cells.money("$9.80", 10_000) == 98_000
    assert cells.rials(Decimal("10.5")) == 11
    for cell in ("-1", "10000000000000000", "تومان"):
        with pytest.raises(Unreadable):
            cells.money(cell, 10)


def test_shares() -> None:
    assert cells.rate("0.05", percent=False) == 500
    assert cells.rate("۵", percent=True) == 500
    assert cells.rate("5%", percent=False) == cells.rate("۵٪", percent=False) == 500
    for cell, percent in (("1.5", False), ("101", True), ("-1", True), ("0.000001", False)):
        with pytest.raises(Unreadable):
            cells.rate(cell, percent=percent)


def test_whole_numbers_and_flags() -> None:
    assert (cells.whole("۱۲"), cells.whole("12.00"), cells.flag("بله"), cells.flag("0")) == (12, 12, True, False)
    for cell in ("1.5", "-1", "99999999999"):
        with pytest.raises(Unreadable):
            cells.whole(cell)
    with pytest.raises(Unreadable):
        cells.flag("شاید")


@pytest.mark.parametrize("cell", ["1405/1/5", "۱۴۰۵-۰۱-۰۵", "14050105", "2026-03-25 00:00:00.000", "46106"])
def test_days_in_either_calendar_and_of_spreadsheets(cell: str) -> None:
    assert cells.day(cell) == date(2026, 3, 25)


def test_moments_are_on_the_clock_of_the_business() -> None:
    with as_viewer("fa", timezone="Asia/Tehran"):
        assert cells.moment("1405/01/05") == datetime(2026, 3, 24, 20, 30, tzinfo=UTC)
        assert cells.moment("2026-03-25 16:45:10.000") == datetime(2026, 3, 25, 13, 15, 10, tzinfo=UTC)
        assert cells.moment("2026-03-25T10:00:00Z") == datetime(2026, 3, 25, 10, tzinfo=UTC)
        # Summer time was kept until 2022.
        assert cells.moment("1997-07-01") == datetime(1997, 6, 30, 19, 30, tzinfo=UTC)
    for cell in ("1405/13/1", "2026-02-30", "4/7/1996", "soon", "2026-03-25 25:00"):
        with pytest.raises(Unreadable):
            cells.moment(cell)


def test_units_in_words() -> None:
    assert cells.unit_in("قیمت (تومان)") == "toman"
    assert cells.unit_in("price IRR") == "rial"
    assert cells.unit_in("price") is None
    assert cells.unit_in("serial number") is None


@pytest.mark.parametrize("header", ["unitPrice", "Unit price ($)", "unit_price", "UNIT PRICE", " Unit-Price "])
def test_headers_in_any_spelling(header: str) -> None:
    assert header_key(header) == "unitprice"


def test_columns_are_guessed_from_english_and_persian_names() -> None:
    guessed = guess(
        ["کد مشتری", "نام", "نام خانوادگی", "شمارهٔ موبايل", "E-Mail", "نام شركت", "fax"], KINDS["contacts"].main_fields
    )
    assert list(guessed.values()) == ["external_id", "first_name", "last_name", "mobile", "email", "company", ""]


def test_a_field_is_guessed_once_unless_it_joins_columns() -> None:
    guessed = guess(["id", "customerID", "shipAddress", "shipCity"], KINDS["orders"].main_fields)
    assert list(guessed.values()) == ["number", "customer", "address", "address"]
    assert list(guess(["sku", "code"], KINDS["products"].main_fields).values()) == ["sku", ""]
