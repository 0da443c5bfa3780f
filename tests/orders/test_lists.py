"""Lists of orders, and the page of one."""

import re
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from cards.services import resolve
from orders import queries
from orders.services import NewLine, create_order, issue_invoice


def numbers(browser, **args) -> list[str]:
    page = browser.get("/orders", query_string=args).text
    return re.findall(r'class="row-link" href="/orders/([^"]+)"', page)


@pytest.mark.parametrize("text", ["10001", "۱۰۰۰۱", "0001", "#10001", "نيكا", "safavi", "4567", "nika@example.com"])
def test_an_order_is_found(world, sara, order, tea, as_user, text):
    create_order(world.babak, [NewLine(tea, 1)], by=sara, number="B-7")
    db.session.commit()
    assert numbers(as_user(sara), q=text) in ([order.number], ["B-7", order.number])
    assert order.number in numbers(as_user(sara), q=text)


def test_an_order_is_found_by_its_company(world, sara, tea, as_user):
    create_order(world.babak, [NewLine(tea, 1)], by=sara, company=world.company, number="C-1")
    db.session.commit()
    assert numbers(as_user(sara), q="نوین") == ["C-1"]


@pytest.mark.parametrize("text", ["هیچ", "%", "_", "'", "x" * 2000])
def test_no_order_is_found(world, sara, order, as_user, text):
    assert numbers(as_user(sara), q=text) == []


def test_orders_go_on_page_by_page(world, sara, tea, as_user, monkeypatch):
    """The newest first; several of one instant are neither doubled nor left out."""
    monkeypatch.setattr(queries, "PAGE", 3)
    at = utcnow()
    made = [
        create_order(world.nika, [NewLine(tea, 1)], by=sara, ordered_at=at - timedelta(days=number // 4)).number
        for number in range(10)
    ]
    db.session.commit()
    seen, after = [], None
    browser = as_user(sara)
    while True:
        page = browser.get("/orders", query_string={"after": after} if after else {}).text
        seen += re.findall(r'class="row-link" href="/orders/([^"]+)"', page)
        more = re.search(r'rel="next" href="[^"]*after=([^"&]+)"', page)
        if more is None:
            break
        after = more[1]
    assert sorted(seen) == sorted(made)
    assert seen[:4] == sorted(made[:4], reverse=True)


def test_a_list_costs_the_same_at_any_length(world, sara, order, tea, as_user, statements):
    browser, counts = as_user(sara), []
    for _round in range(2):
        for path in ("/orders", "/orders?q=نیکا", "/products"):
            statements.clear()
            browser.get(path)
            counts.append(len(statements))
        for _number in range(12):
            create_order(world.nika, [NewLine(tea, 1)], by=sara, company=world.company)
        db.session.commit()
    assert counts[:3] == counts[3:]
    assert max(counts) <= 8


def test_the_page_of_an_order(world, sara, order, as_user):
    page = as_user(sara).get(f"/orders/{order.number}").text
    sums = ("۶٬۰۰۰٬۰۰۰ تومان", "۶۰۰٬۰۰۰ تومان", "۶٬۶۸۵٬۰۰۰ تومان")
    places = (f"/cards/{order.card.code}", "/boards/orders")
    for words in ("نیکا صفوی", "قوری چینی گل‌سرخ", "۷ عدد در شورآباد", "تهران، کوچهٔ بهار", *sums, *places):
        assert words in page


def test_who_does_not_reach_the_board_reads_the_order_and_changes_nothing(world, maryam, order, as_user):
    page = as_user(maryam).get(f"/orders/{order.number}").text
    assert "قوری چینی گل‌سرخ" in page
    assert f"/cards/{order.card.code}" not in page
    assert "<form" not in page.partition('class="page-head"')[2].partition("</main>")[0]


def test_the_rail_ends_where_the_order_went(world, sara, order, as_user):
    """A side track is on the rail only for those on it; stages that were passed over say so."""
    browser = as_user(sara)
    assert "مرجوع شد" not in browser.get(f"/orders/{order.number}").text
    resolve(order.card, world.stage("Returned", world.orders), cause="", solution="", by=sara)
    db.session.commit()
    rail = browser.get(f"/orders/{order.number}").text.partition('<ol class="rail')[2].partition("</ol>")[0]
    assert "مرجوع شد" in rail
    assert "رد شده" in rail


@pytest.mark.parametrize("number", ["99", "10001x", "%", "x" * 500])
def test_an_order_that_is_not_there(sara, order, as_user, number):
    assert as_user(sara).get(f"/orders/{number}").status_code == 404


def test_invoices_of_a_contact_go_on_page_by_page(world, sara, tea, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [issue_invoice(create_order(world.nika, [NewLine(tea, 1)], by=sara), by=sara).number for _number in range(5)]
    db.session.commit()
    seen, page = [], queries.page_of_invoices(world.nika)
    while True:
        seen += [invoice.number for invoice in page.rows]
        if page.after is None:
            break
        page = queries.page_of_invoices(world.nika, page.after)
    assert seen == made[::-1]
    for forged in ("x", "2026-13-40.1", "9999-99-99.9"):
        assert queries.page_of_invoices(world.nika, forged).rows


def test_in_english(world, sara, order, as_user):
    sara.locale, sara.digits, sara.calendar = "en", "latin", "gregorian"
    db.session.commit()
    page = as_user(sara).get(f"/orders/{order.number}").text
    assert "6,685,000 toman" in page
    assert "Packing" in page
