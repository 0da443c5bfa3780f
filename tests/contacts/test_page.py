"""The 360 page: F1, F2, F3, F10, B1, B10; what colleagues of other boards read there: Z03."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.clock import freeze, utcnow
from app.dates import format_date
from app.events import Event
from app.extensions import db
from app.i18n import as_viewer
from app.users.models import User
from cards.models import Card, Survey
from cards.placement import move
from cards.services import add_note, add_reply, assign, open_card, receive_message, reopen, resolve, set_priority
from cards.surveys import answer
from contacts import timeline
from contacts.models import Contact
from contacts.services import add_membership, update_contact
from orders.services import NewLine, create_order, create_product, issue_invoice

SECRET = "قناری در معدن"


@pytest.fixture
def story(world, sara, reza, nika):
    """A request of nika's with everything that can happen to it."""
    card = world.card()
    add_note(card, f"یادداشت: {SECRET}", by=sara)
    add_reply(card, "سلام، پیگیری می‌کنیم", by=sara)
    assign(card, reza, by=sara)
    set_priority(card, 4, by=sara)
    move(card, world.stage("Working").id, by=sara)
    receive_message(card, "منتظرم", contact=nika)
    resolve(card, world.stage("Resolved"), cause="", solution="عوض شد", by=reza)
    answer(db.session.scalars(sa.select(Survey)).one(), card, by=nika, speed=5, usefulness=4, behaviour=5)
    reopen(card, by=nika, reason="دوباره شکست")
    db.session.commit()
    return card


def page(browser: FlaskClient, contact: Contact, **args: str) -> str:
    response = browser.get(f"/contacts/{contact.code}", query_string=args)
    assert response.status_code == 200
    return response.text


def older(browser: FlaskClient, contact: Contact, after: str) -> str:
    """The next lines, as the page's script asks for them."""
    return browser.get(f"/contacts/{contact.code}", query_string={"after": after}, headers={"HX-Request": "true"}).text


def mark(html: str) -> str:
    """Where the older lines begin; empty at the end."""
    more = re.search(r'rel="next" href="[^"]*after=([^"&]+)"', html)
    return more[1] if more else ""


def told(html: str) -> str:
    """The timeline alone."""
    return html.partition('<ol class="timeline">')[2].partition("</ol>")[0]


def test_everything_that_happened_is_told_newest_first(story, world, sara, as_user):
    html = told(page(as_user(sara), world.nika))
    for words in (
        "درخواست تازه از پورتال",
        SECRET,
        "پیگیری می‌کنیم",
        "رضا پاکزاد",
        "بحرانی",
        "منتظرم",
        "۴٫۷",
        "دوباره شکست",
    ):
        assert words in html
    assert html.index("دوباره شکست") < html.index("منتظرم") < html.index("درخواست تازه از پورتال")
    assert html.count(f"/cards/{story.code}") >= 8


def test_internal_notes_are_marked(story, world, sara, as_user):
    inside = re.findall(r'<li class="inside">.*?</li>', told(page(as_user(sara), world.nika)), re.DOTALL)
    assert len(inside) == 1
    assert SECRET in inside[0]


def test_a_colleague_of_another_board_reads_that_a_card_is_there_and_no_more(story, world, omid, as_user):
    """Z02, Z03: neither title nor words nor link, in the timeline and in the list of requests."""
    browser = as_user(omid)
    for html in (
        page(browser, world.nika),
        page(browser, world.nika, show="notes"),
        page(browser, world.nika, tab="requests"),
    ):
        body = html.partition('class="two"')[2]
        for words in (SECRET, story.title, story.code, "پیگیری می‌کنیم", "منتظرم", "دوباره شکست", "رضا پاکزاد"):
            assert words not in body
    assert "پشتیبانی" in told(page(browser, world.nika))
    assert "پشتیبانی" in page(browser, world.nika, tab="requests").partition('class="two"')[2]


def test_an_admin_reads_all(story, world, admin, as_user):
    assert SECRET in page(as_user(admin), world.nika)


@pytest.mark.parametrize(
    ("show", "words", "others"),
    [("notes", SECRET, "منتظرم"), ("messages", "منتظرم", SECRET), ("requests", "درخواست تازه", "منتظرم"),
     ("changes", "بحرانی", SECRET), ("orders", "سفارش", "منتظرم")],
)  # fmt: skip
def test_filters(story, world, sara, as_user, show, words, others):
    product = create_product(by=sara, sku="T", name="قوری", price_rials=10)
    create_order(world.nika, [NewLine(product, 1)], by=sara)
    db.session.commit()
    html = told(page(as_user(sara), world.nika, show=show))
    assert words in html
    assert others not in html


def test_unknown_tabs_and_filters_show_the_beginning(story, world, sara, as_user):
    browser = as_user(sara)
    assert SECRET in page(browser, world.nika, tab="nothing", show="nothing", after="x.y")


def test_nothing_yet_says_so(world, sara, as_user):
    assert 'class="empty' in page(as_user(sara), world.babak)
    assert 'class="empty' in page(as_user(sara), world.babak, tab="requests")
    assert 'class="empty' in page(as_user(sara), world.babak, show="notes")


def test_what_people_wrote_is_text(world, sara, as_user):
    card = world.card("<script>alert(1)</script>", body="<img src=x onerror=alert(2)>")
    update_contact(world.nika, by=sara, honorific="<b>خانم</b>")
    db.session.commit()
    html = page(as_user(sara), world.nika)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>خانم" not in html
    assert card.title.replace("<", "&lt;").replace(">", "&gt;") in html


def many_notes(card: Card, by: User, count: int) -> None:
    """Facts of the past without the work around them."""
    start = utcnow() - timedelta(days=400)
    rows = [
        Event(name="card.prioritised", at=start + timedelta(hours=number // 2), actor_kind="user", actor_id=by.id,
              subject_kind="card", subject_id=card.id, card_id=card.id, contact_id=card.contact_id,
              data={"from": 2, "to": 3, "place": number})
        for number in range(count)
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.commit()


def test_the_timeline_goes_on_without_a_hole(story, world, sara, as_user):
    """Also where many things happened at the same instant; a piece for a script holds lines only."""
    many_notes(story, sara, 95)
    browser, moments = as_user(sara), []
    html, lines = page(browser, world.nika), told(page(browser, world.nika))
    while True:
        moments += re.findall(r'<time datetime="([^"]+)"', lines)
        more = mark(html)
        if not more:
            break
        html = lines = older(browser, world.nika, more)
        assert "<html" not in html
    assert moments == sorted(moments, reverse=True)
    # What has no words of its own is not told: requests received, surveys asked, steps shown.
    is_told = sa.and_(Event.contact_id == world.nika.id, Event.name.in_(timeline._words))
    assert len(moments) == db.session.scalar(sa.select(sa.func.count()).where(is_told))


def test_months_stand_once_across_pages(story, world, sara, as_user):
    many_notes(story, sara, 95)
    browser = as_user(sara)
    first = page(browser, world.nika)
    second = older(browser, world.nika, mark(first))
    months = re.findall(r'<li class="month">([^<]+)</li>', told(first) + second)
    assert len(months) == len(set(months))
    with as_viewer("fa"):
        assert months[0] == format_date(utcnow(), "month")


def test_the_page_costs_the_same_with_ten_and_with_two_thousand_events(story, world, sara, as_user, statements):
    browser, counts, path = as_user(sara), [], f"/contacts/{world.nika.code}"
    for _round in range(2):
        for tab in ("timeline", "requests", "orders", "invoices", "data"):
            statements.clear()
            assert browser.get(path, query_string={"tab": tab}).status_code == 200
            counts.append(len(statements))
        many_notes(story, sara, 2000)
    assert counts[:5] == counts[5:]
    assert max(counts) <= 18


def test_figures_say_what_somebody_is_worth(story, world, sara, as_user):
    """F2, F3: purchases without cancelled ones, open requests, satisfaction with the number of opinions."""
    product = create_product(by=sara, sku="T", name="قوری", price_rials=1_000_000, vat_rate=0)
    with freeze(datetime(2026, 11, 1, 9, tzinfo=UTC)):
        create_order(world.nika, [NewLine(product, 2)], by=sara)
        returned = create_order(world.nika, [NewLine(product, 9)], by=sara)
    resolve(returned.card, world.stage("Returned", world.orders), cause="", solution="", by=sara)
    db.session.commit()
    figures = page(as_user(sara), world.nika).partition('<dl class="figures">')[2].partition("</dl>")[0]
    for words in ("۲۰۰٬۰۰۰ تومان", "در ۱ سفارش", "۱۰ آبان", "۴٫۷ از ۵", "۱ نظر", "از ۱ درخواست"):
        assert words in figures
    new = page(as_user(sara), world.babak).partition('<dl class="figures">')[2].partition("</dl>")[0]
    assert "مشتری تازه" in new


def test_sales_and_support_see_the_same_purchases(world, sara, omid, as_user):
    """F10: one record for both teams."""
    product = create_product(by=sara, sku="T", name="قوری", price_rials=1_000_000)
    order = create_order(world.nika, [NewLine(product, 2)], by=sara)
    invoice = issue_invoice(order, by=sara)
    db.session.commit()
    for user in (sara, omid, world.maryam):
        browser = as_user(user)
        assert order.number in page(browser, world.nika, tab="orders")
        assert invoice.number in page(browser, world.nika, tab="invoices")
        assert order.number in told(page(browser, world.nika))


def test_deals_have_a_tab_where_there_are_any(world, omid, as_user):
    browser = as_user(omid)
    assert "tab=deals" not in page(browser, world.nika)
    open_card(world.nika, world.stage("Lead", world.sales), title="هدیهٔ پایان سال", by=omid, amount_rials=5_000_000)
    db.session.commit()
    html = page(browser, world.nika, tab="deals")
    assert "هدیهٔ پایان سال" in html
    assert "۵۰۰٬۰۰۰ تومان" in html


def test_cards_of_a_company(world, sara, as_user):
    add_membership(world.babak, world.company, by=sara)
    open_card(world.babak, world.stage("New"), title="قبض اشتباه", by=world.babak, company=world.company)
    db.session.commit()
    html = as_user(sara).get(f"/companies/{world.company.code}?tab=requests").text
    assert "قبض اشتباه" in html
    assert "بابک دهقان" in html
    stranger = as_user(world.omid).get(f"/companies/{world.company.code}?tab=requests").text
    assert "قبض اشتباه" not in stranger
    assert "پشتیبانی" in stranger


def test_in_english(story, world, sara, as_user):
    sara.locale, sara.digits, sara.calendar = "en", "latin", "gregorian"
    db.session.commit()
    html = page(as_user(sara), world.nika)
    assert 'lang="en" dir="ltr"' in html
    assert "Nika Safavi" in html
    assert "New request from the portal" in html
    assert "4.7 of 5" in html
