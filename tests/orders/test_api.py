"""Products, orders, invoices and payments for programs."""

import pytest

from app.extensions import db
from orders.models import Order, Payment, Warehouse
from tests.conftest import event_names


@pytest.fixture
def program(world, bearer):
    return bearer(world.admin)


@pytest.fixture
def product(program):
    return program.post("/api/v1/products", json={"sku": "KEY-01", "name": "کلید", "price_rials": 100_000}).json


def new(world, **more):
    return {"contact": {"code": world.nika.code}, "lines": [{"sku": "KEY-01", "quantity": 2}], **more}


def test_from_order_to_payment(world, program, product):
    made = program.post("/api/v1/orders", json=new(world, external_id="88412", shipping_rials=50_000))
    assert made.status_code == 201
    order = made.json
    assert (order["goods_rials"], order["total_rials"]) == (200_000, 270_000)
    url = f"/api/v1/orders/{order['number']}"
    assert program.get(url).json == order
    assert [row["number"] for row in program.get("/api/v1/orders?external_id=88412").json["items"]] == [order["number"]]
    sent = program.post(f"{url}/shipments", json={"carrier": "tipax", "tracking_code": "T-1"})
    assert (sent.status_code, sent.json["lines"][0]["shipped_quantity"]) == (201, 2)
    parcel = sent.json["shipments"][0]["id"]
    told = program.post(f"{url}/shipments/{parcel}/events", json={"text": "تحویل شد", "is_delivered": True}).json
    assert told["shipments"][0]["delivered_at"] is not None
    bill = program.post(f"{url}/invoices", json={}).json
    paid = program.post(f"/api/v1/invoices/{bill['number']}/payments", json={"amount_rials": 270_000}).json
    assert (paid["state"], paid["due_rials"]) == ("paid", 0)
    assert program.get(f"/api/v1/invoices/{bill['number']}").json == paid
    assert program.get("/api/v1/invoices?state=paid").json["items"] == [paid]
    told = [event["name"] for event in program.get("/api/v1/events?after=0").json["items"]]
    assert {"order.created", "order.shipped", "invoice.issued", "payment.received"} <= set(told)
    assert event_names().count("payment.received") == 1


def test_an_order_of_the_shop_is_made_once(world, program, product):
    """F22: also when the shop forgot the Idempotency-Key: its own number is taken."""
    assert program.post("/api/v1/orders", json=new(world, external_id="1")).status_code == 201
    again = program.post("/api/v1/orders", json=new(world, external_id="1"))
    assert (again.status_code, again.json["fields"].keys()) == (422, {"external_id"})
    assert db.session.query(Order).count() == 1


@pytest.mark.parametrize(("more", "field"), [
    ({"lines": []}, "lines"), ({"lines": [{"sku": "NOPE"}]}, "lines.0.sku"), ({"pipeline": "support"}, "pipeline"),
    ({"lines": [{"sku": "KEY-01", "discount_rials": 10**9}]}, "lines"), ({"total_rials": 1}, "total_rials"),
    ({"contact": {}}, "contact.name"), ({"contact": {"code": "222222222"}}, "contact.code"),
    ({"lines": [{"sku": "KEY-01", "quantity": 0}]}, "lines.0.quantity"), ({"channel": "import"}, "channel"),
])  # fmt: skip
def test_a_wrong_order_is_refused(world, program, product, more, field):
    answer = program.post("/api/v1/orders", json=new(world, **more))
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert db.session.query(Order).count() == 0


def test_who_works_on_no_board_for_orders_adds_none(world, bearer, product):
    from pipelines.models import PipelineMembership

    db.session.execute(db.delete(PipelineMembership))
    db.session.commit()
    assert bearer(world.sara).post("/api/v1/orders", json=new(world)).status_code == 403


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(("sent", "field"), [
    ({"amount_rials": 0}, "amount"), ({"amount_rials": 10**9}, "amount"),
])  # fmt: skip
def test_the_page_and_the_api_say_the_same(world, program, product, as_user, sent, field, language):
    """The verb holds the rules."""
    world.admin.locale, world.admin.digits = language, "fa" if language == "fa" else "latin"
    db.session.commit()
    order = program.post("/api/v1/orders", json=new(world)).json
    bill = program.post(f"/api/v1/orders/{order['number']}/invoices", json={}).json
    invoice_id = db.session.execute(db.text("SELECT id FROM invoices")).scalar()
    page = as_user(world.admin).post(f"/orders/{order['number']}/invoices/{invoice_id}/payments", json={
        "amount": str(sent["amount_rials"] // 10), "method": "cash",
    })  # fmt: skip
    api = program.post(f"/api/v1/invoices/{bill['number']}/payments", json=sent, headers={"Accept-Language": language})
    assert (page.status_code, api.status_code) == (422, 422)
    assert page.json["fields"][field] == api.json["fields"][field]
    assert db.session.query(Payment).count() == 0


def test_products_and_stock(world, program, product, bearer):
    place = Warehouse(name_fa="مرکزی")
    db.session.add(place)
    db.session.commit()
    url = "/api/v1/products/KEY-01"
    moved = program.post(f"{url}/stock-moves", json={
        "warehouse_id": place.id, "act": "in", "quantity": 5, "reason": "خرید",
    })  # fmt: skip
    assert moved.json["available"] == 5
    short = program.post(f"{url}/stock-moves", json={
        "warehouse_id": place.id, "act": "out", "quantity": 9, "reason": "x",
    })  # fmt: skip
    assert (short.status_code, list(short.json["fields"])) == (422, ["quantity"])
    assert program.patch(url, json={"price_rials": 90_000}).json["price_rials"] == 90_000
    assert bearer(world.sara).patch(url, json={"price_rials": 1}).status_code == 403
    assert program.post(f"{url}/archival").json["archived_at"] is not None
    assert program.get("/api/v1/products").json["items"] == []
    assert program.get("/api/v1/warehouses").json["items"] == [{"id": place.id, "name_fa": "مرکزی", "name_en": ""}]


@pytest.mark.parametrize("count", [1, 8])
def test_a_list_costs_the_same_at_any_length(world, program, product, statements, count):
    for _number in range(count):
        program.post("/api/v1/orders", json=new(world))
    statements.clear()
    assert len(program.get("/api/v1/orders").json["items"]) == count
    assert len(statements) <= 10
