"""Orders with their lines from two files or one; they stand where they stood, and nobody is told."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.notifications import Notification
from app.outbox import Outbox
from cards.models import Card
from contacts.models import Company
from imports.plans import Problem
from orders.models import Order, OrderLine
from orders.services import issue_invoice
from tests.imports.conftest import DATA, Importer, carry_out, plan_of, table_counts
from tests.world import World

ORDERS = "orderID,customerID,orderDate,shippedDate,shipVia\n1,K1,2020-01-05,2020-01-09,2\n2,K1,2020-02-05,NULL,1\n"
LINES = "orderID,productID,unitPrice,quantity,discount\n1,A,10.50,2,0.1\n1,B,4,1,0\n2,A,10.50,1,0\n"
DOLLARS = {"unit_rials": 10_000, "vat_rate": 0, "discount": "rate"}


@pytest.fixture
def shop(bring: Importer, world: World) -> Importer:
    """A company with a person, and two products."""
    bring("companies", "id,name,contact,email\nK1,کاوه,مینا کاوه,mina@example.com\n")
    bring("products", "sku,name,price\nA,قوری,100000\nB,لیوان,50000\n", unit_rials=1)
    return bring


def order(number: str = "1") -> Order:
    return db.session.scalars(sa.select(Order).where(Order.number == number)).one()


def orders_plan(**answers):
    files = {"main": "orders.csv", "lines": "order-details.csv", "carriers": "shippers.csv"}
    return plan_of("orders", {role: DATA / name for role, name in files.items()}, **(DOLLARS | answers))


def test_twenty_orders_in_two_files(world: World) -> None:
    carry_out(plan_of("companies", {"main": DATA / "customers.csv"}))
    carry_out(plan_of("products", {"main": DATA / "products-utf16.csv"}, unit_rials=10_000, vat_rate=0))
    before = table_counts()
    assert carry_out(orders_plan(), is_dry=True).counts == {"lines.created": 27, "orders.created": 20}
    assert table_counts() == before
    assert carry_out(orders_plan()).counts == {"lines.created": 27, "orders.created": 20}
    assert carry_out(orders_plan()).counts == {"orders.unchanged": 20}
    found = db.session.scalars(sa.select(Order).order_by(Order.id)).all()
    assert [each.number for each in found if each.card.closed_at is None] == ["5007", "5014", "5020"]
    assert {each.card.stage.name_en for each in found} == {"Placed", "Delivered"}
    assert {each.shipments[0].carrier_label for each in found if each.shipments and each.shipments[0].carrier_name} == {
        "باربری پیشرو", "تندبار"
    }  # fmt: skip
    assert {each.shipments[0].carrier for each in found if each.shipments} == {"other", "post"}


def test_an_order_has_its_times_customer_and_sums(shop: Importer, world: World) -> None:
    shop("orders", ORDERS, lines=LINES, **DOLLARS)
    first = order()
    assert (first.contact.name, first.company.name, first.channel) == ("مینا کاوه", "کاوه", "import")
    # Midnight in Tehran.
    assert first.ordered_at == first.card.opened_at == datetime(2020, 1, 4, 20, 30, tzinfo=UTC)
    assert first.card.closed_at == first.shipments[0].shipped_at == datetime(2020, 1, 8, 20, 30, tzinfo=UTC)
    assert [(line.price_rials, line.quantity, line.discount_rials, line.total_rials) for line in first.lines] == [
        (105_000, 2, 21_000, 189_000), (40_000, 1, 0, 40_000)
    ]  # fmt: skip
    assert (first.goods_rials, first.discount_rials, first.vat_rials) == (250_000, 21_000, 0)
    assert first.total_rials == first.card.amount_rials == 229_000
    second = order("2")
    assert (second.card.closed_at, second.card.stage.name_en, second.shipments) == (None, "Placed", [])


def test_nobody_is_told(shop: Importer, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[object] = []
    monkeypatch.setattr("app.realtime.emit", lambda *frame: frames.append(frame))
    monkeypatch.setattr("app.notifications.emit", lambda *frame: frames.append(frame))
    shop("orders", ORDERS, lines=LINES, **DOLLARS)
    assert frames == []
    for table in (Outbox, Notification):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_one_file_in_persian(world: World) -> None:
    carry_out(plan_of("contacts", {"main": DATA / "people-1256.csv"}))
    carry_out(plan_of("products", {"main": DATA / "products-utf16.csv"}, unit_rials=10_000, vat_rate=0))
    plan = plan_of("orders", {"main": DATA / "sales.csv"}, discount="percent")
    assert plan.main.layout.separator == ";"
    assert carry_out(plan).counts == {"lines.created": 20, "orders.created": 10}
    assert carry_out(plan).counts == {"orders.unchanged": 10}
    second = order("ف-2")
    assert (second.contact.external_id, len(second.lines), second.shipping_rials) == ("C-102", 2, 250_000)
    assert second.shipments[0].tracking_code == "1001"
    assert (order("ف-1").lines[0].discount_rials, order("ف-1").lines[0].price_rials) == (22_500, 450_000)
    assert order("ف-1").ordered_at == datetime(2023, 3, 20, 20, 30, tzinfo=UTC)


def test_rows_of_one_order_must_agree(shop: Importer) -> None:
    text = "order,customer,date,sku,qty\n1,K1,2020-01-05,A,1\n2,K1,2020-01-05,A,1\n1,K1,2020-01-06,B,1\n2,K1,,B,2\n"
    report = shop("orders", text)
    assert report.wrong == [(4, "date", "2020-01-06")]
    assert report.counts == {"lines.created": 2, "orders.created": 1, "rows.faulty": 1}


def test_price_and_rate_come_from_the_product_where_the_file_has_none(shop: Importer) -> None:
    shop("orders", "order,customer,date,sku,qty\n1,K1,2020-01-05,A,2\n")
    assert (order().lines[0].price_rials, order().vat_rials, order().total_rials) == (100_000, 20_000, 220_000)


def test_a_line_that_is_no_product_needs_a_name_and_a_price(shop: Importer) -> None:
    text = "order,customer,date,item,price (rial),qty,discount amount,vat\n"
    text += "1,K1,2020-01-05,نصب,5000,1,500,10\n2,K1,2020-01-05,,,1,,\n"
    report = shop("orders", text, discount="amount", unit_rials=1)
    assert (order().lines[0].name, order().total_rials) == ("نصب", 4_950)
    assert [(row, column) for row, column, _value in report.wrong] == [(3, "")]


def test_faults_of_orders_and_lines_are_named(shop: Importer) -> None:
    main = ORDERS + "3,K9,2020-01-05,,\n4,K1,never,,\n5,K1,2020-01-05,2020-01-01,\n6,,2020-01-05,,\n"
    main += "1,K1,2020-01-05,,\n7,K1,2020-01-05\n"
    lines = LINES + "3,A,1,1,0\n4,A,1,1,0\n5,A,1,1,0\n6,A,1,1,0\n7,A,1,1,0\n99,A,1,1,0\n2,X,1,1,0\n,A,1,1,0\n"
    report = shop("orders", main, lines=lines, **DOLLARS)
    assert sorted((fault.role, *wrong) for fault, wrong in zip(report.faults, report.wrong, strict=True)) == [
        ("lines", 10, "orderID", "99"), ("lines", 11, "productID", "X"), ("lines", 12, "orderID", ""),
        ("main", 4, "customerID", "K9"), ("main", 5, "orderDate", "never"), ("main", 6, "shippedDate", "2020-01-01"),
        ("main", 7, "customerID", ""), ("main", 8, "orderID", "1"), ("main", 9, "", "7 | K1 | 2020-01-05"),
    ]  # fmt: skip
    assert report.counts == {"lines.created": 2, "orders.created": 1, "rows.faulty": 9}


def test_an_order_with_an_unreadable_line_is_left_out_whole(shop: Importer) -> None:
    report = shop("orders", ORDERS, lines=LINES + "1,B,4,1\n2,B,4,many,0\n", **DOLLARS)
    named = [(fault.role, fault.row) for fault in report.faults]
    assert named == [("main", 2), ("lines", 6), ("main", 3), ("lines", 5)]
    assert report.counts == {"rows.faulty": 4}


def test_customers_are_found_by_mobile_and_email(shop: Importer, world: World) -> None:
    text = "order,mobile,email,date,sku,qty\n1,۰۹۱۲ ۱۲۳ ۴۵۶۷,,2020-01-05,A,1\n"
    shop("orders", text + "2,,MINA@example.com,2020-01-05,A,1\n")
    assert (order("1").contact_id, order("2").contact.name) == (world.nika.id, "مینا کاوه")


def test_a_company_without_people_cannot_order(shop: Importer) -> None:
    shop("companies", "id,name\nK2,سپید\n")
    assert shop("orders", ORDERS.replace("K1", "K2"), lines=LINES, **DOLLARS).counts["rows.faulty"] == 2


def test_a_number_of_a_company_and_a_stranger_is_not_guessed_at(shop: Importer) -> None:
    shop("contacts", "id,name\nK1,کس دیگر\n")
    assert shop("orders", ORDERS, lines=LINES, **DOLLARS).counts == {"rows.faulty": 2}


def test_orders_may_come_before_their_lines(shop: Importer) -> None:
    assert shop("orders", ORDERS).counts == {"orders.created": 2}
    assert order().total_rials == 0
    assert shop("orders", ORDERS, lines=LINES, **DOLLARS).counts == {"orders.updated": 2}
    assert (order().total_rials, order().is_shipped) == (229_000, True)
    assert shop("orders", ORDERS, lines=LINES, **DOLLARS).counts == {"orders.unchanged": 2}


def test_a_later_file_moves_an_open_order_on(shop: Importer, world: World) -> None:
    shop("orders", ORDERS, lines=LINES, **DOLLARS)
    later = ORDERS.replace("2020-02-05,NULL", "2020-02-05,1398/11/20")
    later = later.replace("shipVia", "shipVia,requiredDate,shipName")
    later = later.replace("09,2", "09,2,,").replace("20,1", "20,1,2020-03-01,انبار مرکزی")
    report = shop("orders", later, carriers="id,name\n1,تیپاکس\n2,باربری\n")
    assert report.counts == {"orders.updated": 2}
    second = order("2")
    assert (second.card.stage.name_en, second.shipments[0].carrier, second.promised_on, second.recipient) == (
        "Delivered", "tipax", date(2020, 3, 1), "انبار مرکزی"
    )  # fmt: skip
    assert order().shipments[0].carrier_label == "باربری"
    # A file without names takes none away.
    assert shop("orders", later).counts == {"orders.unchanged": 2}


def test_what_people_did_since_stays(shop: Importer, world: World) -> None:
    shop("orders", ORDERS, lines=LINES, **DOLLARS)
    issue_invoice(order("2"), by=None)
    db.session.commit()
    assert shop("orders", ORDERS, lines=LINES, **DOLLARS).counts == {"orders.unchanged": 2}
    report = shop("orders", ORDERS, lines=LINES.replace("2,A,10.50,1", "2,A,10.50,3"), **DOLLARS)
    assert report.counts == {"orders.unchanged": 1, "rows.faulty": 1}
    assert order("2").total_rials == 105_000


def test_the_order_of_another_customer_is_not_taken_over(shop: Importer) -> None:
    shop("orders", ORDERS, lines=LINES, **DOLLARS)
    shop("companies", "id,name,contact\nK2,سپید,رامین\n")
    report = shop("orders", ORDERS.replace("1,K1", "1,K2"), lines=LINES, **DOLLARS)
    assert report.wrong == [(2, "customerID", "K2")]


def test_a_file_that_knows_the_arrival(shop: Importer) -> None:
    text = "order,customer,date,shipped,delivered,sku,qty\n1,K1,2020-01-05,2020-01-07,2020-01-10,A,1\n"
    shop("orders", text + "2,K1,2020-01-05,2020-01-07,,A,1\n")
    assert order().card.closed_at == datetime(2020, 1, 9, 20, 30, tzinfo=UTC)
    assert (order("2").card.stage.name_en, order("2").card.closed_at) == ("Shipped", None)


def test_more_lines_than_an_order_can_have(shop: Importer) -> None:
    rows = "".join(f"1,K1,2020-01-05,A,{n + 1}\n" for n in range(201))
    assert shop("orders", "order,customer,date,sku,qty\n" + rows).counts == {"rows.faulty": 1}


def test_open_questions_of_orders(world: World) -> None:
    plan = orders_plan(unit_rials=None, discount="", match="")
    assert [problem.place for problem in plan.problems()] == ["match", "unit", "discount"]
    plan = plan_of("orders", {"main": DATA / "shippers.csv"}, match="number")
    assert [problem.place for problem in plan.problems()] == ["main", "main", "main", "match"]
    assert isinstance(plan.problems()[0], Problem)


def test_no_board_for_orders_is_said(shop: Importer, world: World) -> None:
    world.orders.archived_at = datetime(2020, 1, 1, tzinfo=UTC)
    db.session.commit()
    assert shop("orders", ORDERS, lines=LINES, **DOLLARS).counts == {"rows.faulty": 2}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Company)) == 2
