"""Live news: who hears that something changed, and that nothing more is said."""

import contextvars

import pytest

from app.extensions import db, socketio
from cards.placement import move
from cards.services import add_note, add_reply, assign, receive_message, resolve, set_priority, set_tags, withdraw_reply
from orders.services.ordering import Delivery, change_delivery
from tests.portal.shop import picture


def connect(app, browser):
    """The socket of a browser. Its handlers run apart from the test's own database session."""
    db.session.commit()
    opened = contextvars.Context().run(socketio.test_client, app, namespace="/portal", flask_test_client=browser)
    db.session.expire_all()
    return opened


@pytest.fixture
def listen(app, as_contact):
    """Opens a customer's socket; calling the answer gives what it heard since."""

    def start(contact):
        client = connect(app, as_contact(contact))
        assert client.is_connected("/portal")
        client.get_received("/portal")
        return lambda: [(frame["name"], frame["args"][0]) for frame in client.get_received("/portal")]

    return start


@pytest.fixture
def hears(world, nika, listen):
    return listen(nika)


def test_an_answer_is_heard_at_once_and_says_nothing(world, sara, hears):
    """N03, S10: the frame names the request only."""
    card = world.card()
    assert hears() == [("changed", {"request": card.code})]
    add_reply(card, "پاسخ محرمانه نیست ولی در قاب هم نیست", by=sara)
    db.session.commit()
    assert hears() == [("changed", {"request": card.code})]


@pytest.mark.parametrize("act", ["step", "resolve", "withdraw", "message"])
def test_what_a_customer_can_read_is_news(world, nika, sara, hears, act):
    card = world.card()
    reply = add_reply(card, "سلام", by=sara)
    db.session.commit()
    hears()
    if act == "step":
        move(card, world.stage("Working").id, by=sara)
    elif act == "resolve":
        resolve(card, world.stage("Resolved"), cause="", solution="شد", by=sara)
    elif act == "withdraw":
        withdraw_reply(card, reply, by=sara)
    else:
        receive_message(card, "ممنون", contact=nika)
    db.session.commit()
    heard = hears()
    assert heard
    assert all(frame == ("changed", {"request": card.code}) for frame in heard)


def test_internal_work_is_silent(world, sara, reza, hears):
    """N03, S04: no frame at all, not even by its timing."""
    card = world.card()
    move(card, world.stage("Working").id, by=sara)
    db.session.commit()
    hears()
    add_note(card, "یادداشت", by=sara, mentions=[reza.id], files=[picture()])
    set_tags(card, ["فوری"], by=sara)
    set_priority(card, 4, by=sara)
    move(card, world.stage("Consulting").id, by=sara)
    move(card, world.stage("Working").id, by=sara)
    assign(card, reza, by=sara)
    db.session.commit()
    assert hears() == []


def test_what_is_rolled_back_is_not_news(world, sara, hears):
    card = world.card()
    hears()
    add_reply(card, "نه", by=sara)
    db.session.rollback()
    assert hears() == []


def test_strangers_hear_nothing(world, babak, sara, listen):
    card = world.card()
    stranger = listen(babak)
    add_reply(card, "سلام", by=sara)
    db.session.commit()
    assert stranger() == []


def test_a_request_that_moved_on_is_heard_by_its_new_owner_only(world, nika, babak, sara, listen):
    """P07: live."""
    card = world.card()
    before, after = listen(nika), listen(babak)
    card.contact_id = babak.id
    db.session.commit()
    add_reply(card, "سلام", by=sara)
    db.session.commit()
    assert before() == []
    assert after() == [("changed", {"request": card.code})]


def test_a_colleague_hears_by_right(shop, kaveh, sara, listen):
    shop.request.company_id = shop.world.company.id
    db.session.commit()
    colleague = listen(kaveh)
    add_reply(shop.request, "یک", by=sara)
    db.session.commit()
    assert colleague() == []
    kaveh.memberships[0].can_see_company_tickets = True
    db.session.commit()
    add_reply(shop.request, "دو", by=sara)
    db.session.commit()
    assert colleague() == [("changed", {"request": shop.request.code})]


def test_an_order_on_its_way_is_news_of_the_order(shop, sara, listen):
    hears = listen(shop.nika)
    resolve(shop.order.card, shop.world.stage("Delivered", shop.world.orders), cause="", solution="", by=sara)
    db.session.commit()
    heard = hears()
    assert heard
    assert all(frame == ("changed", {"order": shop.order.number}) for frame in heard)


def test_another_promise_is_news(shop, sara, listen):
    hears = listen(shop.nika)
    change_delivery(shop.order, Delivery(promised_on=shop.order.ordered_at.date()), by=sara)
    db.session.commit()
    heard = hears()
    assert heard
    assert all(frame == ("changed", {"order": shop.order.number}) for frame in heard)


def test_a_deal_that_sales_thought_of_is_silent(world, nika, sara, hears):
    from cards.services import open_card

    open_card(nika, world.stage("Lead", world.sales), title="فرصت", by=world.omid, channel="agent")
    db.session.commit()
    assert hears() == []


def test_a_browser_that_is_not_signed_in_has_no_socket(app, client, world):
    assert not connect(app, client).is_connected("/portal")


def test_signing_out_closes_the_socket(app, as_contact, world, nika):
    browser = as_contact(nika)
    socket = connect(app, browser)
    browser.post("/portal/sign-out")
    assert not socket.is_connected("/portal")
