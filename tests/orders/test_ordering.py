"""A new order, its number, its card: G4, F10."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from app import settings
from app.errors import DomainError
from app.events import Event
from app.extensions import db
from app.outbox import Outbox
from cards.placement import move
from contacts.services import add_point
from orders.models import Order, OrderLine, Product
from orders.services import Delivery, NewLine, change_delivery, create_order, update_product
from tests.conftest import event_names
from tests.world import World


def orders() -> list[Order]:
    return list(db.session.scalars(sa.select(Order).order_by(Order.id)))


def filled(world: World, tea: Product, **more: str) -> dict[str, str]:
    """What the form sends for one pot for nika."""
    return {
        "contact": world.nika.name, "contact_code": world.nika.code, "company": "", "channel": "phone",
        "pipeline_id": str(world.orders.id), "lines-0-product": tea.name, "lines-0-product_id": str(tea.id),
        "lines-0-quantity": "۲", "lines-0-discount": "", "shipping": "۸۵٬۰۰۰", "recipient": "",
        "recipient_phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "address": "تهران", "promised_on": "۱۴۰۵/۰۹/۱۰", "op_id": "op-1", **more,
    }  # fmt: skip


def test_an_agent_places_an_order(world, sara, tea, as_user):
    answer = as_user(sara).post("/orders", data=filled(world, tea, **{"lines-0-discount": "۱۰۰٬۰۰۰"}))
    (order,) = orders()
    assert answer.status_code == 303
    assert answer.location == f"/orders/{order.number}"
    assert (order.goods_rials, order.discount_rials) == (43_000_000, 1_000_000)
    assert (order.vat_rials, order.shipping_rials, order.total_rials) == (4_200_000, 850_000, 47_050_000)
    assert (order.recipient, order.recipient_phone, order.promised_on) == (
        "نیکا صفوی",
        "+989121234567",
        date(2026, 12, 1),
    )
    assert order.channel == "phone"
    assert event_names()[-3:] == ["card.opened", "request.received", "order.created"]


def test_the_order_stands_where_its_card_stands(world, sara, order, as_user):
    """G4: nothing is copied, moving the card is moving the order."""
    card = order.card
    assert card.pipeline_id == world.orders.id
    assert card.stage_id == world.stage("Placed", world.orders).id
    assert card.amount_rials == order.total_rials
    assert order.number in card.title
    assert "قوری" in card.title
    move(card, world.stage("Packing", world.orders).id, by=sara)
    db.session.commit()
    assert "بسته‌بندی" in as_user(sara).get("/orders").text
    page = as_user(sara).get(f"/orders/{order.number}").text
    assert re.search(r'<li class="now" aria-current="step">.*?بسته‌بندی', page, re.DOTALL)


def test_nobody_is_told_by_the_order_alone(order):
    assert db.session.scalars(sa.select(Outbox.kind)).all() == []


def test_the_event_is_the_customer_s_to_know_of(world, order):
    event = db.session.scalars(sa.select(Event).where(Event.name == "order.created")).one()
    assert (event.visibility, event.card_id, event.contact_id) == ("portal", order.card_id, world.nika.id)
    assert event.data == {"order": order.number, "total_rials": order.total_rials, "lines": 2}


def test_the_order_keeps_the_price_and_name_of_its_day(world, admin, order, tea):
    total = order.total_rials
    update_product(tea, by=admin, price_rials=1, name="چیز دیگر", vat_rate=0)
    db.session.commit()
    db.session.expire_all()
    assert (order.total_rials, order.lines[0].name, order.lines[0].price_rials) == (
        total,
        "قوری چینی گل‌سرخ",
        21_500_000,
    )


def test_sent_twice_it_is_placed_once(world, sara, tea, as_user):
    browser = as_user(sara)
    first, again = (browser.post("/orders", data=filled(world, tea)) for _time in range(2))
    assert first.location == again.location
    assert len(orders()) == 1
    assert event_names().count("order.created") == 1


def test_numbers_follow_each_other(world, sara, admin, tea):
    settings.put("orders.number_prefix", "TR-", by=admin)
    numbers = [create_order(world.nika, [NewLine(tea, 1)], by=sara).number for _time in range(3)]
    assert numbers == ["TR-10001", "TR-10002", "TR-10003"]


def test_a_rolled_back_order_leaves_no_hole(world, sara, tea):
    create_order(world.nika, [NewLine(tea, 1)], by=sara)
    db.session.rollback()
    assert create_order(world.nika, [NewLine(tea, 1)], by=sara).number == "10001"


def test_the_series_passes_over_numbers_that_are_taken(world, sara, tea):
    create_order(world.nika, [NewLine(tea, 1)], by=sara, number="10001")
    assert create_order(world.nika, [NewLine(tea, 1)], by=sara).number == "10002"


@pytest.mark.parametrize("number", ["10/2", "a b", "x" * 41, "؟"])
def test_a_given_number_must_stand_in_an_address(world, sara, tea, number):
    with pytest.raises(DomainError) as refused:
        create_order(world.nika, [NewLine(tea, 1)], by=sara, number=number)
    assert refused.value.field == "number"


def test_a_number_belongs_to_one_order(world, sara, order, tea):
    with pytest.raises(DomainError) as refused:
        create_order(world.nika, [NewLine(tea, 1)], by=sara, number=order.number)
    assert refused.value.code == "taken"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"quantity": 0}, "quantity"), ({"quantity": 10**7}, "quantity"), ({"discount_rials": 10**9}, "discount"),
        ({"discount_rials": -1}, "discount"), ({"price_rials": 10**15, "quantity": 3}, "discount"),
        ({"price_rials": -1}, "empty"), ({"shipped_quantity": 3}, "quantity"), ({"product": None}, "empty"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be(world, sara, tea, line, code):
    with pytest.raises(DomainError) as refused:
        create_order(world.nika, [NewLine(**{"product": tea, "quantity": 2} | line)], by=sara)
    assert (refused.value.field, refused.value.code) == ("lines", code)


def test_a_line_may_stand_for_something_that_is_no_product(world, sara):
    order = create_order(world.nika, [NewLine(None, 1, name="کارت هدیه", price_rials=500_000, vat_rate=0)], by=sara)
    assert (order.total_rials, order.lines[0].product_id) == (500_000, None)


def test_an_order_begins_in_an_open_stage_of_an_order_board(world, sara, tea):
    for stage in (world.stage("New"), world.stage("Delivered", world.orders)):
        with pytest.raises(DomainError) as refused:
            create_order(world.nika, [NewLine(tea, 1)], by=sara, stage=stage)
        assert refused.value.field == "stage"


NO_LINES = {"lines-0-product": "", "lines-0-product_id": "", "lines-1-product": ""}
BAD = [
    ({"contact": "", "contact_code": ""}, "contact"),
    ({"contact": "هیچ‌کس", "contact_code": ""}, "contact"),
    (NO_LINES, "lines"),
    ({"lines-0-product": "چیزی که نیست", "lines-0-product_id": ""}, "lines"),
    ({"lines-0-quantity": "abc"}, "lines"),
    ({"lines-0-quantity": "۰"}, "lines"),
    ({"lines-0-quantity": "-۲"}, "lines"),
    ({"lines-0-discount": "ده"}, "lines"),
    ({"lines-0-discount": "۹۹٬۹۹۹٬۹۹۹"}, "lines"),
    ({"shipping": "زیاد"}, "shipping"),
    ({"promised_on": "۱۴۰۵/۱۳/۴۰"}, "promised_on"),
    ({"channel": "import"}, "channel"),
    ({"pipeline_id": "999"}, "pipeline_id"),
    ({"address": "x" * 700}, "address"),
    ({"company": "شرکت نبوده"}, "company"),
    ({"recipient": "x" * 200}, "recipient"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(world, sara, tea, as_user, change, field):
    browser = as_user(sara)
    form = (
        filled(world, tea, address="تهران، کوچهٔ بهار", **{"lines-1-product": tea.sku, "lines-1-quantity": "۷"}) | change
    )
    answer = browser.post("/orders", data=form)
    assert answer.status_code == 422
    assert 'class="errors-summary"' in answer.text
    for name, value in change.items():
        assert value in answer.text or name in {"channel", "pipeline_id"}
    if "lines-0-product" not in change:
        assert 'value="۷"' in answer.text
    refusal = browser.post("/orders", data=form, headers={"Accept": "application/json"})
    assert refusal.json["fields"][field]
    assert orders() == []


def test_lines_without_a_script(world, sara, tea, tray, as_user):
    """A product is meant by its exact code or name; empty rows are no lines; a gap in the numbers does not matter."""
    form = filled(world, tea, **{
        "lines-0-product_id": "", "lines-0-product": "gs-pot".upper(), "lines-1-product": "", "lines-1-quantity": "۱",
        "lines-7-product": "سيني برنجی", "lines-7-quantity": "3",
    })  # fmt: skip
    assert as_user(sara).post("/orders", data=form).status_code == 303
    (order,) = orders()
    assert [(line.product_id, line.quantity) for line in order.lines] == [(tea.id, 2), (tray.id, 3)]


def test_the_form_begins_with_what_is_known(world, sara, as_user):
    add_point(world.nika, "address", "تهران، خیابان شریعتی", by=sara)
    db.session.commit()
    page = as_user(sara).get(f"/orders/new?contact={world.nika.code}").text
    for words in ("نیکا صفوی", world.nika.code, "تهران، خیابان شریعتی", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "پخش نوین‌آوا"):
        assert words in page


@pytest.mark.parametrize("unit", ["toman", "rial"])
def test_amounts_are_typed_in_the_unit_of_the_business(world, sara, admin, tea, as_user, unit):
    settings.put("business.unit", unit, by=admin)
    db.session.commit()
    as_user(sara).post("/orders", data=filled(world, tea, shipping="۸۵۰۰۰"))
    assert orders()[0].shipping_rials == (850_000 if unit == "toman" else 85_000)


def test_who_works_on_no_order_board_opens_none(world, reza, tea, as_user):
    browser = as_user(reza)
    assert browser.get("/orders/new").status_code == 403
    assert browser.post("/orders", data=filled(world, tea)).status_code == 403
    assert browser.get("/orders").status_code == 200
    assert orders() == []


def test_nobody_opens_none(world, client, tea):
    assert client.post("/orders", data=filled(world, tea)).location == "/sign-in"
    assert orders() == []


# Delivery.


def test_another_promise_is_told_with_its_reason(world, sara, order, as_user):
    form = {"recipient": "خانم صفوی", "recipient_phone": "021 8877 6655", "address": "یزد", "promised_on": "1405/09/20",
            "reason": "جادهٔ بسته"}  # fmt: skip
    browser = as_user(sara)
    for _time in range(2):
        assert browser.post(f"/orders/{order.number}/delivery", data=form).status_code == 303
    assert (order.recipient, order.recipient_phone, order.address) == ("خانم صفوی", "+982188776655", "یزد")
    assert event_names()[-2:] == ["order.changed", "order.promised"]
    assert event_names().count("order.promised") == 1
    promised = db.session.scalars(sa.select(Event).where(Event.name == "order.promised")).one()
    assert promised.visibility == "portal"
    assert (promised.data["to"], promised.data["reason"]) == ("2026-12-11", "جادهٔ بسته")


def test_a_wrong_day_changes_nothing(world, sara, order, as_user):
    answer = as_user(sara).post(
        f"/orders/{order.number}/delivery", data={"promised_on": "فردا", "recipient": "کس دیگر"}
    )
    assert answer.status_code == 422
    assert 'value="کس دیگر"' in answer.text
    assert order.recipient == "نیکا صفوی"


def test_equal_deliveries_record_nothing(world, sara, order):
    before = event_names()
    change_delivery(order, Delivery(recipient=order.recipient, address=order.address), by=sara)
    assert event_names() == before


def test_lines_go_with_their_order(order):
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) == 2
    assert [line.position for line in order.lines] == [0, 1]
    assert not order.is_shipped
