"""Products: what managers may change, and what everybody finds."""

import pytest
import sqlalchemy as sa

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from orders import queries
from orders.models import Product, Warehouse
from orders.services import create_product, update_product
from tests.conftest import event_names

FORM = {"sku": "CU-POT-۳", "name": "قابلمهٔ مسي", "name_en": "Copper pot", "price_rials": "۶٬۴۵۰٬۰۰۰", "vat_rate": "۱۰"}


def test_a_manager_adds_a_product(world, maryam, as_user):
    answer = as_user(maryam).post("/products", data=FORM)
    product = db.session.scalars(sa.select(Product)).one()
    assert answer.location == f"/products/{product.id}"
    assert (product.sku, product.name, product.price_rials, product.vat_rate) == (
        "CU-POT-3",
        "قابلمهٔ مسی",
        64_500_000,
        1000,
    )
    assert event_names() == ["product.created"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("sku", ""), ("sku", "a?b"), ("sku", "x" * 70), ("name", ""), ("name", "x" * 300), ("price_rials", ""),
     ("price_rials", "-5"), ("price_rials", "ارزان"), ("price_rials", "9" * 40), ("vat_rate", "۱۰۱"),
     ("vat_rate", "abc"), ("vat_rate", "10.555")],
)  # fmt: skip
def test_bad_input(world, maryam, as_user, field, value):
    browser = as_user(maryam)
    answer = browser.post("/products", data=FORM | {field: value})
    assert answer.status_code == 422
    assert value in answer.text
    assert browser.post("/products", json=FORM | {field: value}).json["fields"][field]
    assert event_names() == []


@pytest.mark.parametrize(
    ("typed", "rate"), [("9", 900), ("۹٫۵", 950), ("0", 0), ("۱۰۰", 10_000), ("9.25٪", 925), ("۵/۵", 550)]
)
def test_rates_in_percent(world, maryam, as_user, typed, rate):
    as_user(maryam).post("/products", data=FORM | {"vat_rate": typed})
    product = db.session.scalars(sa.select(Product)).one()
    assert product.vat_rate == rate
    assert as_user(maryam).post(f"/products/{product.id}/profile", data=FORM | {"vat_rate": typed}).status_code == 303
    assert event_names() == ["product.created"]


def test_a_code_belongs_to_one_product(world, maryam, tea, as_user):
    answer = as_user(maryam).post("/products", json=FORM | {"sku": tea.sku})
    assert answer.json["fields"]["sku"]
    with pytest.raises(DomainError):
        create_product(by=maryam, sku="GS-POT", name="x", price_rials=1)


def test_another_price_is_recorded(world, maryam, tea, as_user):
    form = {"sku": tea.sku, "name": tea.name, "name_en": tea.name_en, "price_rials": "۲٬۳۰۰٬۰۰۰", "vat_rate": "۱۰"}
    for _time in range(2):
        assert as_user(maryam).post(f"/products/{tea.id}/profile", data=form).status_code == 303
    changed = db.session.scalars(sa.select(Event).where(Event.name == "product.updated")).one()
    assert changed.data == {"from": {"price_rials": 21_500_000}, "to": {"price_rials": 23_000_000}}


def test_what_is_refused_keeps_what_was_typed(world, maryam, tea, as_user):
    answer = as_user(maryam).post(f"/products/{tea.id}/profile", data=FORM | {"price_rials": "گران"})
    assert answer.status_code == 422
    assert 'value="گران"' in answer.text
    assert tea.price_rials == 21_500_000


def test_staff_who_manage_nothing_read_only(world, sara, tea, as_user, client):
    browser = as_user(sara)
    assert browser.get(f"/products/{tea.id}").status_code == 200
    for path in ("/products", f"/products/{tea.id}/profile", f"/products/{tea.id}/archival", "/warehouses"):
        assert browser.post(path, data=FORM).status_code == 403
        assert client.post(path, data=FORM).location == "/sign-in"
    assert browser.get("/products/new").status_code == 403
    assert tea.name == "قوری چینی گل‌سرخ"


def test_the_list_shows_stock_by_warehouse(world, sara, tea, tray, as_user):
    page = as_user(sara).get("/products").text
    for words in ("شورآباد", "۷", "GS-POT", "سینی برنجی", "۲٬۱۵۰٬۰۰۰ تومان", "ندارد"):
        assert words in page


@pytest.mark.parametrize("text", ["قوري", "گلسرخ", "گل سرخ", "gs-pot", "GS", "teapot", "چینی قوری"])
def test_a_product_is_found(world, sara, tea, tray, as_user, text):
    page = as_user(sara).get("/products", query_string={"q": text}).text
    assert tea.sku in page
    assert tray.sku not in page
    choices = as_user(sara).get("/products/choices", query_string={"q": text}).json
    assert [choice["value"] for choice in choices] == [tea.id]
    assert (choices[0]["price_rials"], choices[0]["vat_rate"]) == (21_500_000, 1000)


@pytest.mark.parametrize("text", ["هیچ", "%", "\\", "'", "x" * 2000])
def test_nothing_is_found(world, sara, tea, as_user, text):
    answer = as_user(sara).get("/products", query_string={"q": text})
    assert answer.status_code == 200
    assert tea.sku not in answer.text


def test_an_archived_product_is_not_sold(world, maryam, tea, as_user):
    browser = as_user(maryam)
    for _time in range(2):
        assert browser.post(f"/products/{tea.id}/archival").status_code == 303
    assert event_names().count("product.archived") == 1
    assert tea.sku not in browser.get("/products").text
    assert tea.sku in browser.get("/products?archived=1").text
    assert browser.get("/products/choices?q=قوری").json == []
    assert queries.find_product(str(tea.id), tea.name) is None
    browser.post(f"/products/{tea.id}/restoration")
    assert tea.sku in browser.get("/products").text


def test_products_go_on_page_by_page(world, maryam, as_user, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(7):
        create_product(by=maryam, sku=f"S{number}", name="قوری", price_rials=1)
    db.session.commit()
    seen, page = [], queries.page_of_products()
    while True:
        seen += [product.sku for product in page.rows]
        if page.after is None:
            break
        page = queries.page_of_products(after=page.after)
    assert seen == [f"S{number}" for number in range(7)]


def test_a_manager_adds_a_warehouse(world, maryam, as_user):
    browser = as_user(maryam)
    for _time in range(2):
        assert browser.post("/warehouses", data={"name_fa": "کارخانه", "name_en": "Factory"}).status_code == 303
    assert [place.name_en for place in db.session.scalars(sa.select(Warehouse))] == ["Factory"]
    assert browser.post("/warehouses", data={"name_fa": ""}).status_code == 422
    assert browser.post("/warehouses", data={"name_fa": "x" * 100}).status_code == 422


def test_a_product_that_is_not_there(sara, as_user):
    assert as_user(sara).get("/products/99").status_code == 404
    assert as_user(sara).get("/products/99999999999999999999999").status_code == 404


def test_equal_facts_record_nothing(world, maryam, tea):
    before = event_names()
    update_product(tea, by=maryam, name=tea.name, price_rials=tea.price_rials, external_id="")
    assert event_names() == before
