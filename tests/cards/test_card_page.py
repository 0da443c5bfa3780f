"""The page of a card: what stands on it, in how many statements, and what it keeps from whom."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import freeze, utcnow
from app.extensions import db
from cards.models import Survey
from cards.pages.timeline import PAGE
from cards.placement import move
from cards.services import (
    add_note,
    add_reply,
    assign,
    close,
    receive_message,
    rename,
    reopen,
    resolve,
    set_priority,
    set_tags,
)
from cards.services.reading import mark_read


@pytest.mark.parametrize("spelling", ["{}", "{}-", "#{}", "lower", "persian", "hyphens"])
def test_a_code_typed_in_any_form_leads_to_the_card(world, sara, as_user, spelling):
    card = world.card()
    typed = {
        "lower": card.code.lower(), "hyphens": f"{card.code[:4]}-{card.code[4:8]}-{card.code[8:]}",
        "persian": card.code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) + " ",
    }.get(spelling, spelling.format(card.code))  # fmt: skip
    answer = as_user(sara).get("/cards/" + typed.replace("#", "%23"))
    if typed != card.code:
        assert answer.status_code == 302
        assert answer.location == f"/cards/{card.code}"
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize("typed", ["AAAAAAAAA", "7KQD3XHT5", "1", "%00", "x" * 200, "new-thing"])
def test_what_is_no_code_is_not_there(world, sara, as_user, typed):
    assert as_user(sara).get(f"/cards/{typed}").status_code == 404


def test_customer_and_conversation_stand_beside_each_other(world, sara, reza, as_user):
    """B8, F1: who it is, how to reach them, what was said, what happened, by whom."""
    card = world.card()
    assign(card, sara, by=reza)
    move(card, world.stage("Working").id, by=sara)
    add_note(card, "انبار را می‌بینم", by=sara)
    add_reply(card, "تا ظهر خبر می‌دهم", by=sara)
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    for words in ("نیکا صفوی", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "nika@example.com", "پخش نوین‌آوا", "قوری از کنار دسته شکسته است",
                  "انبار را می‌بینم", "تا ظهر خبر می‌دهم", "رضا پاکزاد کارت را به سارا امینی سپرد",
                  "سارا امینی کارت را از «درخواست جدید» به «در دست بررسی» برد",
                  "مشتری از این پس «در دست بررسی» را می‌بیند"):  # fmt: skip
        assert words in page, words


def test_every_change_is_one_line_with_its_actor(world, sara, reza, nika, as_user):
    """B4 and the history: every change says who did it and what it was before."""
    card = world.card()
    set_priority(card, 4, by=sara)
    rename(card, "قوری و فنجان شکسته", by=sara)
    set_tags(card, ["شکستگی", "فوری"], by=sara)
    set_tags(card, ["شکستگی"], by=reza)
    assign(card, reza, by=sara)
    assign(card, None, by=reza)
    resolve(card, world.stage("Resolved"), cause="ضربه", solution="تازه فرستادیم", by=sara)
    reopen(card, by=nika)
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    for words in ("سارا امینی اولویت را از «متوسط» به «بحرانی» برد", "پیش از این «قوری شکسته رسید» بود",
                  "سارا امینی برچسب «شکستگی، فوری» را زد", "رضا پاکزاد برچسب «فوری» را برداشت",
                  "سارا امینی کارت را به رضا پاکزاد سپرد", "رضا پاکزاد کارت را از رضا پاکزاد گرفت",
                  "به «حل شد» برد", "نیکا صفوی کارت را دوباره باز کرد"):  # fmt: skip
        assert words in page, words


def test_moving_within_a_stage_is_no_news(world, sara, as_user):
    card = world.card()
    world.card("دومی")
    move(card, card.stage_id, by=sara)
    db.session.commit()
    assert "کارت را از «درخواست جدید» به «درخواست جدید»" not in as_user(sara).get(f"/cards/{card.code}").text


def test_a_long_conversation_costs_as_much_as_a_short_one(world, sara, as_user, statements):
    """Query budget: at most 12 statements, equal for 2 and for 400 entries; older entries come on demand."""
    short, long = world.card(), world.card("گفت‌وگوی بلند")
    for number in range(200):
        add_note(long, f"یادداشت {number}", by=sara, silent=True)
        add_reply(long, f"پاسخ {number}", by=sara, silent=True)
    db.session.commit()
    addresses = [f"/cards/{card.code}" for card in (short, long)]
    browser, costs = as_user(sara), []
    for address in addresses:
        statements.clear()
        assert browser.get(address).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


def test_older_entries_come_by_the_key_of_the_oldest(world, sara, as_user):
    card = world.card()
    notes = [add_note(card, f"یادداشت شماره {number}!", by=sara, silent=True) for number in range(PAGE + 7)]
    db.session.commit()
    browser = as_user(sara)
    page = browser.get(f"/cards/{card.code}").text
    assert "یادداشت شماره 7!" in page
    assert "یادداشت شماره 6!" not in page
    older = browser.get(f"/cards/{card.code}/entries?before={notes[7].id}").json
    assert older["older"] is None
    assert "یادداشت شماره 6!" in older["html"]
    assert "یادداشت شماره 7!" not in older["html"]
    assert "ثبت کرد" in older["html"]
    assert "یادداشت شماره 0!" in browser.get(f"/cards/{card.code}?before={notes[7].id}").text


def test_an_open_page_fetches_only_what_is_new(world, sara, reza, as_user):
    card = world.card()
    browser = as_user(sara)
    first = browser.get(f"/cards/{card.code}/entries?after=0").json
    add_note(card, "تازه نوشته شد", by=reza)
    set_priority(card, 3, by=reza)
    db.session.commit()
    address = f"/cards/{card.code}/entries?after={first['last_entry']}&events_after={first['last_event']}"
    second = browser.get(address).json
    assert "تازه نوشته شد" in second["html"]
    assert "قوری از کنار دسته" not in second["html"]
    assert "رضا پاکزاد اولویت را" in second["html"]
    assert "بالا" in second["parts"]
    assert second["version"] == first["version"] + 2
    rest = {"after": second["last_entry"], "events_after": second["last_event"]}
    third = browser.get(f"/cards/{card.code}/entries", query_string=rest).json
    assert third["html"].strip() == ""
    assert third["last_entry"] == second["last_entry"]


@pytest.mark.parametrize("query", ["after=x", "after=-1", "before=", f"before={10**21}", "only=abc", "after=۵"])
def test_nonsense_in_the_query_breaks_nothing(world, sara, as_user, query):
    assert as_user(sara).get(f"/cards/{world.card().code}/entries?{query}").status_code == 200


def test_what_is_new_to_the_reader_begins_with_a_line(world, sara, reza, as_user):
    card = world.card()
    mark_read(card, by=sara, up_to=card.last_entry_id)
    add_note(card, "پس از رفتن سارا", by=reza)
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert page.index("day fresh") < page.index("پس از رفتن سارا")
    assert "day fresh" not in as_user(reza).get(f"/cards/{card.code}").text


def test_earlier_requests_out_of_reach_say_board_and_state_only(world, sara, as_user):
    """Z03: no title, no code, no link of a card on a board that sara does not reach."""
    deal = world.card("پیشنهاد محرمانهٔ عمده", stage=world.stage("Lead", world.sales))
    seen = world.card("بشقاب ترک خورده")
    card = world.card()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert "بشقاب ترک خورده" in page
    assert f"/cards/{seen.code}" in page
    assert "پیشنهاد محرمانهٔ عمده" not in page
    assert deal.code not in page
    assert "فروش" in page


def test_phases_carry_their_times(world, sara, as_user):
    """B4"""
    with freeze(utcnow() - timedelta(hours=5)) as clock:
        card = world.card()
        clock.advance(hours=1)
        mark_read(card, by=sara)
        clock.advance(hours=1)
        move(card, world.stage("Working").id, by=sara)
        clock.advance(hours=1)
        resolve(card, world.stage("Resolved"), cause="", solution="انجام شد", by=sara)
        db.session.commit()
        clock.advance(days=4)
        close(card, by=None)
        db.session.commit()
    moments = [card.opened_at, card.seen_at, card.started_at, card.resolved_at, card.closed_at]
    assert moments == sorted(moments)
    assert None not in moments
    page = as_user(sara).get(f"/cards/{card.code}").text
    for label in ("ایجاد", "مشاهده", "انجام", "حل مسئله", "اتمام"):
        assert f"<b>{label}</b> <span>" in page


def test_the_opinion_of_the_customer_stands_on_the_card(world, sara, nika, as_user):
    """H3"""
    card = world.card()
    assign(card, sara, by=sara)
    resolve(card, world.stage("Resolved"), cause="ضربه", solution="قوری تازه فرستادیم", by=sara)
    survey = db.session.scalars(sa.select(Survey).where(Survey.card_id == card.id)).one()
    db.session.commit()
    browser = as_user(sara)
    assert "هنوز پاسخی نداده است" in browser.get(f"/cards/{card.code}").text
    survey.speed, survey.usefulness, survey.behaviour, survey.comment = 5, 4, 5, "خیلی زود رسید"
    survey.answered_at = utcnow()
    db.session.commit()
    page = browser.get(f"/cards/{card.code}").text
    assert "خیلی زود رسید" in page
    assert "۴ از ۵" in page
    assert "قوری تازه فرستادیم" in page


def test_the_customers_view_holds_what_the_customer_reads(world, sara, reza, as_user):
    card = world.card()
    add_note(card, "کلمهٔ قرمز فقط برای همکار", by=sara, mentions=[reza.id])
    add_reply(card, "پاسخ برای مشتری", by=sara)
    receive_message(card, "ممنون", contact=world.nika)
    db.session.commit()
    view = as_user(sara).get(f"/cards/{card.code}/customer-view").text
    assert "پاسخ برای مشتری" in view
    assert "سارا" in view
    assert "سارا امینی" not in view
    assert "کلمهٔ قرمز" not in view


def test_the_page_speaks_english_to_who_reads_english(world, sara, as_user):
    card = world.card()
    move(card, world.stage("Working").id, by=sara)
    sara.locale, sara.digits, sara.calendar = "en", "latin", "gregorian"
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert "Sara Amini moved the card from “New” to “Working”" in page
    assert "The customer sees “In progress”" in page
    assert '<html lang="en" dir="ltr"' in page


def test_text_of_people_is_never_markup(world, sara, as_user):
    card = world.card("<script>alert(1)</script>", body="<img src=x onerror=alert(1)> **مهم**")
    set_tags(card, ['"><b>برچسب'], by=sara)
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<strong>مهم</strong>" in page
    assert '"><b>برچسب' not in page
