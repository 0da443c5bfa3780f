"""Purchases beside a request: F5, F6; which order it is about."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.errors import DomainError
from app.extensions import db
from cards.models import Card
from orders.models import CardLink
from orders.services import (
    NewLine,
    add_payment,
    create_order,
    issue_invoice,
    link_card_to_order,
    unlink_card_from_order,
)
from tests.conftest import event_names


def links() -> list[CardLink]:
    return list(db.session.scalars(sa.select(CardLink)))


def post(browser: FlaskClient, card: Card, number: str, path: str = "") -> TestResponse:
    return browser.post(f"/cards/{card.code}/order-links{path}", data={"order": number})


def test_an_agent_links_an_order_and_takes_it_off(world, sara, order, as_user):
    card, browser = world.card(), as_user(sara)
    for _time in range(2):
        assert post(browser, card, f" #{order.number} ").status_code == 303
    (link,) = links()
    assert (link.card_id, link.order_id, link.by_id) == (card.id, order.id, sara.id)
    assert event_names().count("card.linked") == 1
    for _time in range(2):
        assert post(browser, card, order.number, "/removal").status_code == 303
    assert links() == []
    assert event_names().count("card.unlinked") == 1


@pytest.mark.parametrize("number", ["", "99999", "x" * 60, "'", "۱۰۰۰۹"])
def test_an_order_that_is_not_there(world, sara, order, as_user, number):
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/order-links", json={"order": number})
    assert answer.status_code == 422
    assert answer.json["fields"]["order"]
    assert links() == []


def test_persian_digits_mean_the_same_number(world, sara, order, as_user):
    assert post(as_user(sara), world.card(), "۱۰۰۰۱").status_code == 303


def test_an_order_of_somebody_else_stays_theirs(world, sara, tea):
    """What is linked shows to the customer, so another customer's order is refused."""
    theirs, card = create_order(world.babak, [NewLine(tea, 1)], by=sara), world.card()
    with pytest.raises(DomainError) as refused:
        link_card_to_order(card, theirs, by=sara)
    assert refused.value.code == "other_customer"


def test_an_order_of_the_same_company_may_be_meant(world, sara, tea):
    theirs = create_order(world.babak, [NewLine(tea, 1)], by=sara, company=world.company)
    card = world.card()
    card.company_id = world.company.id
    db.session.flush()
    link_card_to_order(card, theirs, by=sara)
    assert len(links()) == 1


def test_a_line_of_it(world, sara, order, tea):
    card = world.card()
    link_card_to_order(card, order, by=sara, line=order.lines[0])
    link_card_to_order(card, order, by=sara, line=order.lines[0])
    link_card_to_order(card, order, by=sara)
    assert len(links()) == 2
    unlink_card_from_order(card, order, by=sara)
    assert links() == []
    other = create_order(world.nika, [NewLine(tea, 1)], by=sara)
    for wrong in ({"order": order, "line": other.lines[0]}, {"order": order, "card": order.card}):
        with pytest.raises(DomainError):
            link_card_to_order(wrong.get("card", card), wrong["order"], by=sara, line=wrong.get("line"))


def test_strangers_link_nothing(world, omid, order, as_user, client):
    card = world.card()
    assert post(as_user(omid), card, order.number).status_code == 404
    assert post(client, card, order.number).location == "/sign-in"
    assert links() == []


# What the card's page shows.


def test_purchases_stand_beside_the_request_with_their_stock(world, sara, order, as_user):
    """F5, F6: the linked order first, lines with what is available now, invoices with their state."""
    newer = [create_order(world.nika, [NewLine(order.lines[0].product, 1)], by=sara) for _number in range(4)]
    invoice = issue_invoice(order, by=sara)
    add_payment(invoice, 1_000_000, by=sara)
    card = world.card()
    link_card_to_order(card, order, by=sara)
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert page.index(f"/orders/{order.number}") < page.index(newer[-1].number)
    for words in (
        "قوری چینی گل‌سرخ",
        "۷ عدد در شورآباد",
        "موجود نیست",
        invoice.number,
        "در انتظار پرداخت",
        "ثبت سفارش",
    ):
        assert words in page
    assert f"/orders/{newer[0].number}" not in page


def test_the_page_of_an_order_s_own_card_shows_the_order(world, sara, order, as_user):
    page = as_user(sara).get(f"/cards/{order.card.code}").text
    assert f"/orders/{order.number}" in page
    assert "order-links" not in page


def test_somebody_who_bought_nothing(world, sara, as_user):
    card = world.card(contact=world.babak)
    assert "هنوز خریدی نکرده است" in as_user(sara).get(f"/cards/{card.code}").text


def test_panels_ask_the_database_once_whatever_was_bought(world, sara, order, tea, as_user, statements):
    card, browser, counts = world.card(), as_user(sara), []
    path = f"/cards/{card.code}"
    for _round in range(2):
        statements.clear()
        assert browser.get(path).status_code == 200
        counts.append(len(statements))
        for _number in range(6):
            issue_invoice(create_order(world.nika, [NewLine(tea, 1), NewLine(tea, 2)], by=sara), by=sara)
        link_card_to_order(card, order, by=sara)
        db.session.commit()
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_requests_about_an_order_stand_on_its_page(world, sara, omid, order, as_user):
    """Z03: a request on a board out of reach shows its board and state only."""
    card = world.card("لب‌پریده است")
    link_card_to_order(card, order, by=sara)
    db.session.commit()
    assert card.title in as_user(sara).get(f"/orders/{order.number}").text
    others = as_user(omid).get(f"/orders/{order.number}").text
    assert card.title not in others
    assert card.code not in others
    assert "پشتیبانی" in others
