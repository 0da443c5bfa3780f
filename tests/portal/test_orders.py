"""Orders: the rail, what is promised, parcels, goods, bills."""

from datetime import timedelta

import pytest

from app.clock import freeze, utcnow
from app.extensions import db
from cards.placement import move
from cards.services import resolve
from orders.services.ordering import Delivery, change_delivery
from tests.portal.looking import text_of
from tests.portal.shop import make_order

pytestmark = pytest.mark.servers


def page_of(client, order):
    return text_of(client, f"/portal/orders/{order.number}")


def test_an_order_is_followed_step_by_step(as_contact, shop):
    """G4: state in the customer's words, promise, parcels, goods, amounts, invoice, recipient."""
    page = page_of(as_contact(shop.nika), shop.order)
    for words in (
        '<p class="big">تحویل به پست</p>', "214500113052771088240114", "مرکز تجزیهٔ تهران", "سرویس قابلمهٔ مسی، ۵ پارچه",
        "۱ از ۲ فرستاده شد", "۱۲٬۸۰۴٬۰۰۰ تومان", "F-TR-14098", "۶٬۴۰۲٬۰۰۰ تومان تا", "پلاک ۱۲", "سؤال دربارهٔ این سفارش",
    ):  # fmt: skip
        assert words in page, words
    assert page.count('class="done"') == 2
    assert page.count('aria-current="step"') == 1


def test_a_hidden_stage_of_an_order_leaves_no_trace(as_contact, world, nika, sara):
    """P11: neither name, nor time, nor arithmetic; the pages before, in and after it are the same to the letter."""
    with freeze(utcnow()) as clock:
        order = make_order(world, nika, "TR-1")
        move(order.card, world.stage("Packing", world.orders).id, by=sara)
        db.session.commit()
        clock.advance(hours=5)
        mine = as_contact(nika)
        urls = ("/portal/", "/portal/orders", f"/portal/orders/{order.number}")
        before = [text_of(mine, url) for url in urls]
        move(order.card, world.stage("Quality check", world.orders).id, by=sara)
        db.session.commit()
        assert [text_of(mine, url) for url in urls] == before
        clock.advance(seconds=1)
    assert "کنترل" not in "".join(before)


def test_steps_ahead_say_how_long_they_take(as_contact, world, nika, sara):
    with freeze(utcnow()):
        order = make_order(world, nika, "TR-1")
        order.promised_on = None
        packing, shipped = (world.stage(name, world.orders).portal_step for name in ("Packing", "Shipped"))
        packing.usual_hours, shipped.usual_hours = 24, 72
        move(order.card, world.stage("Packing", world.orders).id, by=sara)
        db.session.commit()
        page = page_of(as_contact(nika), order)
    assert "معمولاً ۱ روز" in page
    assert "معمولاً ۳ روز" in page
    assert "پیش‌بینی" in page


def test_a_side_track_stands_on_the_rail_of_those_on_it(as_contact, world, nika, sara):
    order = make_order(world, nika, "TR-1")
    db.session.commit()
    mine = as_contact(nika)
    assert "مرجوع شد" not in page_of(mine, order)
    resolve(order.card, world.stage("Returned", world.orders), cause="", solution="", by=sara)
    db.session.commit()
    page = page_of(mine, order)
    assert '<p class="big">مرجوع شد</p>' in page
    assert "به دستتان رسید" not in page


def test_a_delivered_order_is_done(as_contact, world, nika, sara):
    order = make_order(world, nika, "TR-1")
    move(order.card, world.stage("Shipped", world.orders).id, by=sara)
    resolve(order.card, world.stage("Delivered", world.orders), cause="", solution="", by=sara)
    db.session.commit()
    page = page_of(as_contact(nika), order)
    assert '<p class="big">به دستتان رسید</p>' in page
    assert page.count('class="done"') == 3
    assert 'aria-current="step"' not in page


def test_another_promise_says_what_it_was_and_why(as_contact, shop, sara):
    """CUSTOMERS 4."""
    mine = as_contact(shop.nika)
    assert 'class="changed"' not in page_of(mine, shop.order)
    later = Delivery(shop.order.recipient, shop.order.recipient_phone, shop.order.address,
                     shop.order.promised_on + timedelta(days=1))  # fmt: skip
    change_delivery(shop.order, later, by=sara, reason="انبار به‌خاطر آلودگی هوا تعطیل بود")
    db.session.commit()
    page = page_of(mine, shop.order)
    assert 'class="changed"' in page
    assert "آلودگی هوا" in page


@pytest.mark.parametrize(("state", "words"), [("paid", "پرداخت‌شده"), ("void", "لغو شد")])
def test_invoices_say_how_they_stand(as_contact, shop, state, words):
    from orders.models import Payment

    invoice = shop.order.invoices[0]
    invoice.state = state
    if state == "paid":
        invoice.payments.append(Payment(amount_rials=64_020_000))
    db.session.commit()
    assert words in page_of(as_contact(shop.nika), shop.order).split('id="h-invoices"')[1]


def test_an_invoice_past_its_day_says_so_kindly(as_contact, shop):
    with freeze(utcnow() + timedelta(days=40)):
        page = page_of(as_contact(shop.nika), shop.order)
    assert "موعد پرداخت" in page


def test_orders_go_on_by_the_last_number_seen(as_contact, world, nika):
    for number in range(23):
        make_order(world, nika, f"A-{number:03d}", days_ago=number + 1)
    db.session.commit()
    mine = as_contact(nika)
    first = text_of(mine, "/portal/orders")
    assert first.count("<h3>") == 20
    second = text_of(mine, first.split('rel="next" href="')[1].split('"')[0])
    assert [f"A-{number:03d}" in second for number in range(23)] == [False] * 20 + [True] * 3


def test_a_customer_without_orders_reads_what_will_be_here(as_contact, world, babak):
    assert "هنوز سفارشی ندارید" in text_of(as_contact(babak), "/portal/orders")
    assert "هنوز درخواستی ندارید" in text_of(as_contact(babak), "/portal/")
