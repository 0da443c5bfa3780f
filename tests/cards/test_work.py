"""My work: what nobody has, what is mine, what waits on others."""

from datetime import timedelta

from app.clock import freeze, utcnow
from app.extensions import db
from cards.models import Card
from cards.placement import move
from cards.services import add_reply, assign, receive_message, resolve, set_priority
from pipelines.models import PipelineMembership


def part(page: str, key: str) -> str:
    mark = f'id="{key}"'
    return page.partition(mark)[2].partition("</section>")[0]


def test_unassigned_cards_of_my_boards_head_the_page(world, sara, omid, as_user):
    free, taken = world.card("بی‌صاحب"), world.card("برداشته")
    deal = world.card("معامله", stage=world.stage("Lead", world.sales))
    assign(taken, sara, by=sara)
    db.session.commit()
    page = as_user(sara).get("/work").text
    assert free.title in part(page, "free")
    assert taken.title in part(page, "mine")
    assert deal.title not in page
    assert page.index('id="free"') < page.index('id="mine"')
    assert deal.title in part(as_user(omid).get("/work").text, "free")


def test_taking_is_one_press_and_leads_back(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    assert 'data-key="a"' in part(browser.get("/work").text, "free")
    form = {"assignee_id": sara.id, "if_free": "1", "back": "/work"}
    assert browser.post(f"/cards/{card.code}/assignment", data=form).location == "/work"
    assert db.session.get_one(Card, card.id).assignee_id == sara.id
    assert part(browser.get("/work").text, "free") == ""


def test_who_waits_longest_comes_first_then_what_is_urgent(world, sara, nika, as_user):
    with freeze(utcnow() - timedelta(hours=9)) as clock:
        calm, urgent, late, early = (world.card(title) for title in ("آرام", "فوری", "دیر", "زود"))
        for card in (calm, urgent, late, early):
            assign(card, sara, by=sara)
        for card in (calm, urgent, late):
            add_reply(card, "پاسخ", by=sara)
        set_priority(urgent, 4, by=sara)
        clock.advance(hours=2)
        receive_message(late, "خبری نشد", contact=nika)
        db.session.commit()
    page = part(as_user(sara).get("/work").text, "mine")
    places = [page.index(f">{title}</a>") for title in ("زود", "دیر", "فوری", "آرام")]
    assert places == sorted(places)


def test_what_waits_on_others_stands_apart_until_the_customer_writes(world, sara, nika, as_user):
    card, browser = world.card("منتظر پاسخ"), as_user(sara)
    assign(card, sara, by=sara)
    add_reply(card, "رنگش چیست؟", by=sara)
    move(card, world.stage("Waiting").id, by=sara)
    db.session.commit()
    assert card.title in part(browser.get("/work").text, "waiting")
    receive_message(db.session.get_one(Card, card.id), "سفید", contact=nika)
    db.session.commit()
    assert card.title in part(browser.get("/work").text, "mine")


def test_finished_work_is_gone(world, sara, as_user):
    card = world.card()
    assign(card, sara, by=sara)
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=sara)
    db.session.commit()
    page = as_user(sara).get("/work").text
    assert card.title not in page
    assert "کاری منتظر شما نیست" in page


def test_a_viewer_is_offered_nothing_to_take(world, omid, as_user):
    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=omid.id, level="viewer"))
    card = world.card()
    assert card.title not in as_user(omid).get("/work").text


def test_an_agents_day_begins_here(sara, as_user):
    assert as_user(sara).get("/").location == "/work"


def test_the_page_costs_the_same_for_one_and_for_many(world, sara, as_user, statements):
    world.card()
    browser, costs = as_user(sara), []
    for _more in range(2):
        statements.clear()
        browser.get("/work")
        costs.append(len(statements))
        for number in range(20):
            world.card(f"کارت {number}")
    assert costs[0] == costs[1]
