"""Products with prices in any unit, and their stock."""

import sqlalchemy as sa

from app.extensions import db
from orders.models import Product, StockMove
from orders.services import create_product
from tests.imports.conftest import DATA, Importer, carry_out, plan_of, table_counts
from tests.world import World


def product(sku: str) -> Product:
    return db.session.scalars(sa.select(Product).where(Product.sku == sku)).one()


def test_twenty_products_in_utf_16(world: World) -> None:
    plan = plan_of("products", {"main": DATA / "products-utf16.csv"}, unit_rials=10_000, vat_rate=0)
    assert (plan.main.layout.encoding, plan.main.layout.separator) == ("utf-16", "\t")
    before = table_counts()
    assert carry_out(plan, is_dry=True).counts == {"products.created": 20}
    assert table_counts() == before
    assert carry_out(plan).counts == {"products.created": 20}
    assert carry_out(plan).counts == {"products.unchanged": 20}
    second = product("2")
    assert (second.name, second.price_rials, second.vat_rate, second.available) == ("لیوان سفالی", 53_500, 0, 7)
    assert [row.sku for row in db.session.scalars(sa.select(Product).where(Product.archived_at.is_not(None)))] == [
        "5", "12"
    ]  # fmt: skip


def test_the_unit_is_asked_when_the_file_does_not_say_it(world: World, tmp_path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("sku,name,price\nA,قوری,1000\n")
    assert [problem.place for problem in plan_of("products", {"main": path}).problems()] == ["unit"]
    path.write_text("sku,name,قیمت (تومان)\nA,قوری,1000\n")
    assert plan_of("products", {"main": path}).problems() == []


def test_units_of_headers_and_cells(bring: Importer, world: World) -> None:
    bring("products", "sku,نام,قیمت (تومان)\nA,قوری,۱٬۰۰۰\nB,لیوان,1000 ریال\n")
    assert (product("A").price_rials, product("B").price_rials) == (10_000, 1_000)


def test_stock_is_counted_anew_and_every_number_has_a_cause(bring: Importer, world: World) -> None:
    bring("products", "sku,name,price,stock\nA,قوری,1000,5\n", unit_rials=10)
    assert bring("products", "sku,stock\nA,۸\n").counts == {"products.updated": 1}
    assert product("A").available == 8
    assert db.session.scalars(sa.select(StockMove.quantity)).all() == [5, 3]
    assert bring("products", "sku,stock\nA,8\n").counts == {"products.unchanged": 1}


def test_stock_by_warehouse(bring: Importer, world: World) -> None:
    bring("products", "sku,name,price,stock,warehouse\nA,قوری,1000,5,کرج\nB,لیوان,1000,2,تهران\n", unit_rials=1)
    assert [level.warehouse.name for level in product("A").levels] == ["کرج"]
    assert bring("products", "sku,stock,warehouse\nA,4,تهران\n").counts == {"products.updated": 1}
    assert product("A").available == 9


def test_the_rate_of_a_known_product_stays_unless_the_file_says_it(bring: Importer, world: World) -> None:
    create_product(by=None, sku="A", name="قوری", price_rials=1000, vat_rate=900)
    db.session.commit()
    text = "sku,name,price\nA,قوری,1000\nB,لیوان,2000\n"
    assert bring("products", text, unit_rials=1, vat_rate=0).counts == {"products.created": 1, "products.unchanged": 1}
    assert (product("A").vat_rate, product("B").vat_rate) == (900, 0)
    bring("products", "sku,tax\nA,10\nB,0.09\n")
    assert (product("A").vat_rate, product("B").vat_rate) == (1000, 900)


def test_what_is_no_longer_sold_can_be_sold_again(bring: Importer, world: World) -> None:
    bring("products", "sku,name,price,discontinued\nA,قوری,1,بله\n", unit_rials=1)
    assert product("A").archived_at is not None
    assert bring("products", "sku,discontinued\nA,خیر\n").counts == {"products.updated": 1}
    assert product("A").archived_at is None


def test_every_cell_that_is_wrong_is_named(bring: Importer, world: World) -> None:
    report = bring("products", "sku,name,price,stock,tax,discontinued\nA,قوری,much,-1,200,maybe\nB,,5,,,\nC,لیوان,,,,\n"
                   "!!,سینی,5,,,\n,کاسه,5,,,\n", unit_rials=1)  # fmt: skip
    assert report.wrong == [
        (2, "price", "much"), (2, "tax", "200"), (2, "stock", "-1"), (2, "discontinued", "maybe"), (3, "name", ""),
        (4, "price", ""), (5, "sku", "!!"), (6, "sku", ""),
    ]  # fmt: skip
    assert report.counts == {"rows.faulty": 5}


def test_stock_below_what_is_promised_is_refused(bring: Importer, world: World) -> None:
    bring("products", "sku,name,price,stock\nA,قوری,1,5\n", unit_rials=1)
    product("A").levels[0].allocated = 3
    db.session.commit()
    report = bring("products", "sku,name,stock\nA,قوری نو,2\n")
    assert report.wrong == [(2, "stock", "2")]
    assert product("A").name == "قوری"
