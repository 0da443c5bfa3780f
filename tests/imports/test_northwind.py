"""Real published data, whole: counts and sums equal those that are computed from the files alone."""

import csv
import os
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox import Outbox
from cards.models import Card
from contacts.models import Company, Contact, Membership
from imports.plans import Plan
from orders.models import Order, OrderLine, Product, Shipment, StockLevel
from tests.imports.conftest import Report, carry_out, plan_of, table_counts
from tests.world import World

FOLDER = Path(os.environ["KARIZ_TRIAL_DATA"]) / "northwind"
RIALS = 10_000
DOLLARS = {"unit_rials": RIALS, "vat_rate": 0, "discount": "rate"}


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plans() -> list[Plan]:
    files = {"main": "orders.csv", "lines": "order-details.csv", "carriers": "shippers.csv"}
    return [
        plan_of("companies", {"main": FOLDER / "customers.csv"}),
        plan_of("products", {"main": FOLDER / "products.csv"}, unit_rials=RIALS, vat_rate=0),
        plan_of("orders", {role: FOLDER / name for role, name in files.items()}, **DOLLARS),
    ]


def bring_all(*, is_dry: bool = False) -> list[Report]:
    return [carry_out(plan, is_dry=is_dry) for plan in plans()]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tehran"))


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def line_totals() -> list[int]:
    """The sum of every line in rials, from the file alone."""
    totals = [
        Decimal(row["unitPrice"]) * int(row["quantity"]) * (1 - Decimal(row["discount"])) * RIALS
        for row in read("order-details.csv")
    ]
    assert all(total == int(total) for total in totals)
    return [int(total) for total in totals]


def check_reports(imported: list[Report]) -> None:
    assert [report.counts for report in imported] == [
        {"companies.created": 91, "contacts.created": 91}, {"products.created": 77},
        {"lines.created": 2155, "orders.created": 830},
    ]  # fmt: skip
    assert all(report.faults == [] for report in imported)


def check_customers() -> None:
    rows = {row["customerID"]: row for row in read("customers.csv")}
    found = db.session.execute(
        sa.select(Company.external_id, Company.name, Contact.name, Membership.title)
        .join(Membership, Membership.company_id == Company.id)
        .join(Contact, Contact.id == Membership.contact_id)
        .where(Company.external_id.is_not(None))
    ).all()
    squeezed = {key: " ".join(row["companyName"].split()) for key, row in rows.items()}
    assert {(key, name, person, title) for key, name, person, title in found} == {
        (key, squeezed[key], row["contactName"], row["contactTitle"]) for key, row in rows.items()
    }


def check_products() -> None:
    rows = read("products.csv")
    found = db.session.execute(
        sa.select(Product.sku, Product.name, Product.price_rials, StockLevel.on_hand, Product.archived_at.is_not(None))
        .join(StockLevel, StockLevel.product_id == Product.id)
    ).all()  # fmt: skip
    assert {tuple(row) for row in found} == {
        (row["productID"], row["productName"], int(Decimal(row["unitPrice"]) * RIALS), int(row["unitsInStock"]),
         row["discontinued"] == "1") for row in rows
    }  # fmt: skip
    assert len(found) == 77


def check_sums() -> None:
    totals = line_totals()
    found = db.session.scalars(sa.select(OrderLine.total_rials)).all()
    assert Counter(found) == Counter(totals)
    assert (len(found), sum(found)) == (2155, 12_657_930_395)
    freight = sum(int(Decimal(row["freight"]) * RIALS) for row in read("orders.csv"))
    assert db.session.scalar(sa.select(sa.func.sum(Order.total_rials))) == sum(totals) + freight
    assert db.session.scalar(sa.select(sa.func.sum(Card.amount_rials))) == sum(totals) + freight


def check_orders() -> None:
    found = {order.number: order for order in db.session.scalars(sa.select(Order))}
    rows = read("orders.csv")
    assert len(found) == len(rows) == 830
    for row in rows:
        order = found[row["orderID"]]
        card = order.card
        assert order.company.external_id == row["customerID"]
        assert order.ordered_at == card.opened_at == instant(row["orderDate"])
        assert order.promised_on == instant(row["requiredDate"]).date()
        if row["shippedDate"] == "NULL":
            assert (card.closed_at, card.stage.name_en, order.shipments) == (None, "Placed", [])
        else:
            assert card.closed_at == card.resolved_at == order.shipments[0].shipped_at == instant(row["shippedDate"])
            assert (card.stage.kind, order.is_shipped) == ("delivered", True)
    assert sum(order.card.closed_at is None for order in found.values()) == 21


def check_carriers() -> None:
    names = {row["shipperID"]: row["companyName"] for row in read("shippers.csv")}
    expected = Counter(names[row["shipVia"]] for row in read("orders.csv") if row["shippedDate"] != "NULL")
    assert Counter(db.session.scalars(sa.select(Shipment.carrier_name))) == expected


def test_everything_is_as_the_files_say(world: World) -> None:
    check_reports(bring_all())
    for check in (check_customers, check_products, check_sums, check_orders, check_carriers):
        check()
    # Nobody is told of the past.
    assert count(Outbox) == 0


def test_a_second_run_changes_nothing(world: World) -> None:
    bring_all()
    before = table_counts()
    again = [
        {"companies.unchanged": 91, "contacts.unchanged": 91}, {"products.unchanged": 77}, {"orders.unchanged": 830}
    ]  # fmt: skip
    assert [report.counts for report in bring_all()] == again
    assert table_counts() == before
    assert [report.counts for report in bring_all(is_dry=True)] == again
    assert table_counts() == before


def test_a_dry_run_of_everything_changes_nothing(world: World) -> None:
    before = table_counts()
    reports = bring_all(is_dry=True)
    assert reports[0].counts == {"companies.created": 91, "contacts.created": 91}
    assert table_counts() == before


def broken_rows(name: str) -> list[int]:
    """Numbers of the rows that are wider than their header, read by csv alone."""
    with (FOLDER / "as-published" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [number for number, row in enumerate(rows, 1) if len(row) != len(rows[0])]


def test_published_customers_with_unquoted_commas(world: World) -> None:
    before = table_counts()
    report = carry_out(plan_of("companies", {"main": FOLDER / "as-published/customers.csv"}), is_dry=True)
    assert [fault.row for fault in report.faults] == broken_rows("customers.csv")
    assert report.counts == {"companies.created": 67, "contacts.created": 67, "rows.faulty": 24}
    assert table_counts() == before


@pytest.mark.parametrize("lines", [{}, {"lines": FOLDER / "order-details.csv"}], ids=["alone", "with lines"])
def test_published_orders_with_unquoted_commas(world: World, lines: dict[str, Path]) -> None:
    for plan in plans()[:2]:
        carry_out(plan)
    before = table_counts()
    files = {"main": FOLDER / "as-published/orders.csv", **lines}
    report = carry_out(plan_of("orders", files, **DOLLARS), is_dry=True)
    assert [(fault.role, fault.row) for fault in report.faults] == [("main", row) for row in broken_rows("orders.csv")]
    assert (report.counts["rows.faulty"], report.counts["orders.created"]) == (176, 654)
    assert table_counts() == before
