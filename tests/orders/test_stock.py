"""Stock: every number has a cause, and none goes below zero."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.errors import DomainError
from app.extensions import db
from orders.models import Product, StockLevel, StockMove, Warehouse
from orders.services import add_warehouse, move_stock, set_stock
from tests.conftest import event_names
from tests.orders.test_invoices import at_once


def level(product: Product, warehouse: Warehouse) -> StockLevel:
    return db.session.get_one(StockLevel, (product.id, warehouse.id), populate_existing=True)


def moved(product: Product) -> int:
    total = sa.select(sa.func.coalesce(sa.func.sum(StockMove.quantity), 0)).where(StockMove.product_id == product.id)
    return int(db.session.scalar(total) or 0)


def post(browser: FlaskClient, product: Product, depot: Warehouse, **form: str) -> TestResponse:
    fields = {"warehouse_id": str(depot.id), "act": "in", "quantity": "۳", "reason": "از کارگاه رسید"} | form
    return browser.post(f"/products/{product.id}/stock-moves", data=fields)


def test_what_comes_in_and_goes_out(world, sara, tea, depot, as_user):
    browser = as_user(sara)
    assert post(browser, tea, depot).status_code == 303
    assert post(browser, tea, depot, act="out", quantity="۲").status_code == 303
    assert level(tea, depot).on_hand == 8
    assert moved(tea) == 8
    assert event_names()[-2:] == ["stock.moved", "stock.moved"]
    page = browser.get(f"/products/{tea.id}").text
    assert "از کارگاه رسید" in page
    assert "سارا امینی" in page


def test_a_count_moves_the_difference(world, sara, tea, depot, as_user):
    browser = as_user(sara)
    for _time in range(2):
        assert post(browser, tea, depot, act="count", quantity="۴").status_code == 303
    assert level(tea, depot).on_hand == 4
    assert [move.quantity for move in db.session.scalars(sa.select(StockMove).order_by(StockMove.id))] == [7, -3]


def test_a_move_of_nothing_is_none(tea, depot, sara):
    assert move_stock(tea, depot, 0, reason="هیچ", by=sara) is None
    assert set_stock(tea, depot, 7, reason="همان", by=sara) is None


@pytest.mark.parametrize(
    ("form", "field"),
    [({"act": "out", "quantity": "۸"}, "quantity"), ({"quantity": "-۱"}, "quantity"), ({"quantity": "چند"}, "quantity"),
     ({"quantity": ""}, "quantity"), ({"quantity": "9999999999"}, "quantity"), ({"reason": ""}, "reason"),
     ({"reason": "x" * 300}, "reason"), ({"warehouse_id": "99"}, "warehouse_id"), ({"act": "steal"}, "act")],
)  # fmt: skip
def test_bad_input(world, sara, tea, depot, as_user, form, field):
    answer = post(as_user(sara), tea, depot, **form)
    assert answer.status_code == 422
    assert form[field] in answer.text or field in {"act", "warehouse_id"}
    json = as_user(sara).post(
        f"/products/{tea.id}/stock-moves",
        json={"warehouse_id": depot.id, "act": "in", "quantity": "3", "reason": "رسید"} | form,
    )
    assert json.json["fields"][field]
    assert level(tea, depot).on_hand == 7


def test_what_is_reserved_stays(tea, depot, sara):
    level(tea, depot).allocated = 5
    db.session.flush()
    with pytest.raises(DomainError) as refused:
        move_stock(tea, depot, -3, reason="نمونه", by=sara)
    assert refused.value.code == "not_enough"


def test_warehouses_are_apart(world, sara, tea, depot):
    other = add_warehouse("ری", "Rey", by=sara)
    assert add_warehouse("رى", by=sara) == other
    move_stock(tea, other, 4, reason="انتقال", by=sara)
    db.session.refresh(tea)
    assert tea.available == 11
    with pytest.raises(DomainError):
        move_stock(tea, other, -5, reason="زیاد", by=sara)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["move", "count"]), st.integers(-9, 9)), max_size=12))
def test_levels_are_the_sums_of_their_moves(tea, depot, acts):
    for act, number in acts:
        try:
            if act == "move":
                move_stock(tea, depot, number, reason="آزمون", by=None)
            else:
                set_stock(tea, depot, number, reason="آزمون", by=None)
        except DomainError:
            continue
    found = level(tea, depot).on_hand
    assert found == moved(tea)
    assert found >= 0


@pytest.mark.servers
def test_eight_that_take_at_once_never_take_more_than_there_is(app, tea, depot):
    """Seven pots, eight threads of three takes each: seven succeed."""
    tea_id, depot_id = tea.id, depot.id

    def job() -> None:
        move_stock(
            db.session.get_one(Product, tea_id), db.session.get_one(Warehouse, depot_id), -1, reason="فروش", by=None
        )

    raised = []
    for _round in range(3):
        raised += at_once(app, [job] * 8)
    db.session.expire_all()
    assert level(tea, depot).on_hand == 0
    assert moved(tea) == 0
    assert len(raised) == 24 - 7
    assert all(isinstance(error, DomainError) for error in raised)


@pytest.mark.servers
def test_eight_first_moves_at_once_make_one_level(app, tray, depot):
    tray_id, depot_id = tray.id, depot.id

    def job() -> None:
        move_stock(
            db.session.get_one(Product, tray_id), db.session.get_one(Warehouse, depot_id), 2, reason="رسید", by=None
        )

    assert at_once(app, [job] * 8) == []
    db.session.expire_all()
    assert level(tray, depot).on_hand == 16


def test_the_database_holds_it_too(tea, depot):
    level(tea, depot).on_hand = -1
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_support_corrects_nothing_without_working_on_orders(world, reza, tea, depot, as_user, client):
    assert post(as_user(reza), tea, depot).status_code == 403
    assert post(client, tea, depot).location == "/sign-in"
    assert level(tea, depot).on_hand == 7
