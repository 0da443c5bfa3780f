"""Parcels: codes of the Post, what is in them, what leaves the stock."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from orders.models import Order, Shipment
from orders.services import add_shipment, add_shipment_event, set_tracking_code
from tests.conftest import event_names

CODE = "123456789012345678901234"


def parcels() -> list[Shipment]:
    return list(db.session.scalars(sa.select(Shipment).order_by(Shipment.id)))


def post(browser: FlaskClient, order: Order, **form: str) -> TestResponse:
    units = {f"units_{line.id}": str(line.left_quantity) for line in order.lines if line.left_quantity}
    fields = {"carrier": "post", "tracking_code": CODE, "warehouse_id": "0", "op_id": "ship-1"} | units | form
    return browser.post(f"/orders/{order.number}/shipments", data=fields)


def test_an_agent_ships_an_order(world, sara, order, as_user):
    answer = post(as_user(sara), order, tracking_code="۱۲۳۴۵۶۷۸۹۰ ۱۲۳۴۵۶۷۸۹۰ ۱۲۳۴")
    (parcel,) = parcels()
    assert answer.status_code == 303
    assert (parcel.tracking_code, parcel.contents) == (CODE, "")
    assert order.is_shipped
    event = db.session.scalars(sa.select(Event).where(Event.name == "order.shipped")).one()
    assert (event.visibility, event.data["tracking_code"]) == ("portal", CODE)
    page = as_user(sara).get(f"/orders/{order.number}").text
    assert CODE in page
    assert "ثبت بسته" not in page


def test_a_part_of_it(world, sara, order, as_user):
    pot, tray = order.lines
    post(as_user(sara), order, **{f"units_{pot.id}": "۱", f"units_{tray.id}": ""})
    assert (pot.shipped_quantity, tray.shipped_quantity) == (1, 0)
    assert parcels()[0].contents == "قوری چینی گل‌سرخ"
    post(as_user(sara), order, op_id="ship-2")
    assert order.is_shipped
    assert parcels()[1].contents == "قوری چینی گل‌سرخ، سینی برنجی"


def test_sent_twice_it_goes_out_once(world, sara, order, as_user):
    browser, pot = as_user(sara), order.lines[0]
    for _time in range(2):
        assert post(browser, order, **{f"units_{pot.id}": "1"}).status_code == 303
    assert len(parcels()) == 1
    assert pot.shipped_quantity == 1


@pytest.mark.parametrize("code", ["1" * 20, "۱" * 24, "", "12345 67890-12345 67890"])
def test_codes_of_the_post(app, world, sara, order, code):
    assert add_shipment(order, by=sara, tracking_code=code).tracking_code in {
        "1" * 20,
        "1" * 24,
        "",
        "12345678901234567890",
    }


@pytest.mark.parametrize("code", ["1" * 19, "1" * 21, "1" * 25, "1" * 23 + "x", "کد"])
def test_codes_the_post_does_not_give(world, sara, order, as_user, code):
    answer = post(as_user(sara), order, tracking_code=code)
    assert answer.status_code == 422
    assert code in answer.text
    assert "۲۴ رقم" in answer.text
    assert parcels() == []
    assert not any(line.shipped_quantity for line in order.lines)


def test_other_carriers_have_codes_of_their_own(world, sara, order):
    assert add_shipment(order, by=sara, carrier="tipax", tracking_code="tpx-۱۲۳۴").tracking_code == "tpx-1234"


@pytest.mark.parametrize(
    ("change", "status"),
    [({"carrier": "pigeon"}, 422), ({"units": "99"}, 422), ({"units": "-1"}, 422), ({"units": "x"}, 422),
     ({"units": "0"}, 422), ({"carrier": "tipax", "tracking_code": "<b>"}, 422), ({"warehouse_id": "77"}, 422)],
)  # fmt: skip
def test_bad_input(world, sara, order, as_user, change, status):
    units = change.pop("units", None) if "units" in change else None
    fields = {f"units_{line.id}": units for line in order.lines} if units is not None else {}
    assert post(as_user(sara), order, **fields | change).status_code == status
    assert parcels() == []


def test_a_line_of_another_order_is_not_shipped_here(world, sara, order):
    with pytest.raises(DomainError) as refused:
        add_shipment(order, by=sara, quantities={999_999: 1})
    assert refused.value.field == "lines"


def test_what_is_in_the_parcel_leaves_the_stock(world, sara, order, tea, depot, as_user):
    post(as_user(sara), order, warehouse_id=str(depot.id), **{f"units_{order.lines[1].id}": "0"})
    db.session.expire_all()
    assert tea.available == 5
    assert event_names()[-2:] == ["stock.moved", "order.shipped"]


def test_without_stock_nothing_goes_out(world, sara, order, tea, depot, as_user):
    answer = post(as_user(sara), order, warehouse_id=str(depot.id))
    assert answer.status_code == 422
    assert "سینی برنجی" in answer.text
    db.session.expire_all()
    assert tea.available == 7
    assert parcels() == []
    assert not any(line.shipped_quantity for line in order.lines)


def test_the_code_may_come_later(world, sara, order, as_user):
    parcel = add_shipment(order, by=sara)
    db.session.commit()
    browser, path = as_user(sara), f"/orders/{order.number}/shipments/{parcel.id}/tracking-code"
    assert browser.post(path, data={"tracking_code": "12"}).status_code == 422
    for _time in range(2):
        assert browser.post(path, data={"tracking_code": CODE}).status_code == 303
    assert parcel.tracking_code == CODE
    assert event_names().count("shipment.changed") == 1


def test_news_of_a_parcel(world, sara, order, as_user):
    parcel = add_shipment(order, by=sara)
    db.session.commit()
    browser, path = as_user(sara), f"/orders/{order.number}/shipments/{parcel.id}/events"
    assert browser.post(path, data={"text": ""}).status_code == 422
    assert browser.post(path, data={"text": "x" * 300}).status_code == 422
    assert browser.post(path, data={"text": "تحویل گیرنده شد", "is_delivered": "y"}).status_code == 303
    assert [event.text for event in parcel.events] == ["تحویل گیرنده شد"]
    assert parcel.delivered_at is not None
    assert "تحویل گیرنده شد" in browser.get(f"/orders/{order.number}").text


def test_told_twice_it_stands_once(world, sara, order):
    parcel = add_shipment(order, by=sara)
    at = parcel.created_at
    for _time in range(2):
        add_shipment_event(parcel, "رسید", by=sara, at=at)
    set_tracking_code(parcel, "", by=sara)
    assert len(parcel.events) == 1
    assert event_names().count("shipment.changed") == 1


def test_strangers_ship_nothing(world, reza, maryam, order, as_user, client):
    for browser in (as_user(reza), as_user(maryam)):
        assert post(browser, order).status_code == 403
    assert post(client, order).location == "/sign-in"
    assert parcels() == []


def test_a_parcel_is_reached_through_its_own_order(world, sara, order, tea, as_user):
    from orders.services import NewLine, create_order

    parcel = add_shipment(order, by=sara)
    other = create_order(world.babak, [NewLine(tea, 1)], by=sara)
    db.session.commit()
    path = f"/orders/{other.number}/shipments/{parcel.id}/events"
    assert as_user(sara).post(path, data={"text": "x"}).status_code == 404
