"""Following a request and writing on it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.clock import freeze, utcnow
from app.events import record
from app.extensions import db
from cards.models import Entry
from cards.placement import move
from cards.services import add_note, add_reply, assign, resolve, set_priority, set_tags, withdraw_reply
from cards.surveys import ask
from tests.conftest import event_names
from tests.portal.looking import text_of

pytestmark = pytest.mark.servers


@pytest.fixture
def card(world, sara):
    return world.card(assignee=sara)


def page_of(client, card):
    return text_of(client, f"/portal/requests/{card.code}")


def everywhere(client, card):
    """All pages on which the request stands."""
    return [text_of(client, url) for url in ("/portal/", "/portal/requests", f"/portal/requests/{card.code}")]


def test_the_page_says_which_step_who_and_when(as_contact, world, nika, sara, card):
    """E3, G3: the customer's words for the stage, the first name of who works on it, times first reached."""
    with freeze(utcnow() + timedelta(hours=3)):
        move(card, world.stage("Working").id, by=sara)
        db.session.commit()
        page = page_of(as_contact(nika), card)
    assert '<p class="big">در دست بررسی</p>' in page
    assert "سارا پیگیر آن است." in page
    assert "امینی" not in page
    assert 'class="done"' in page
    assert 'aria-current="step"' in page


def test_titles_steps_and_reply_states_are_listed(as_contact, shop):
    """G2."""
    page = text_of(as_contact(shop.nika), "/portal/requests")
    for words in ("قوری سرویس چای شکسته رسید", "در دست بررسی", "پاسخ داده شد", "منتظر پاسخ شما", "حل شد"):
        assert words in page


def test_a_hidden_stage_leaves_no_trace(as_contact, world, nika, sara, card):
    """P11: entering, staying and leaving it changes not a letter on any page."""
    with freeze(utcnow()) as clock:
        move(card, world.stage("Working").id, by=sara)
        db.session.commit()
        clock.advance(minutes=90)
        mine = as_contact(nika)
        before = everywhere(mine, card)
        move(card, world.stage("Consulting").id, by=sara)
        db.session.commit()
        assert everywhere(mine, card) == before
        move(card, world.stage("Working").id, by=sara)
        db.session.commit()
        assert everywhere(mine, card) == before
    assert "همکار" not in "".join(before)


def test_a_request_that_begins_in_a_hidden_stage_is_received(as_contact, world, nika):
    """DESIGN 5: until a shown step is reached customers see the built-in step."""
    card = world.card(stage=world.stage("Consulting"))
    page = page_of(as_contact(nika), card)
    assert '<p class="big">دریافت شد</p>' in page


def test_internal_work_changes_nothing_a_customer_sees(as_contact, world, nika, sara, reza, card):
    """N05, N07: notes, mentions, tags, priority and reading leave lists, order, times and counts as they are."""
    other = world.card(title="درخواست دیگر")
    with freeze(utcnow()) as clock:
        mine = as_contact(nika)
        clock.advance(minutes=5)
        before = everywhere(mine, card)
        add_note(card, "از انبار پرسیدم @reza", by=sara, mentions=[reza.id])
        set_tags(card, ["شکستگی", "فوری"], by=sara)
        set_priority(card, 4, by=sara)
        record("card.changed", card, by=sara)
        db.session.commit()
        assert everywhere(mine, card) == before
        add_reply(other, "پاسخ", by=sara)
        db.session.commit()
        assert everywhere(mine, card) != before


def test_a_customer_writes(as_contact, world, nika, card):
    answer = as_contact(nika).post(
        f"/portal/requests/{card.code}/messages", data={"body": "خبری نشد؟", "op_id": str(uuid4())}
    )
    assert answer.status_code == 303
    assert answer.location == f"/portal/requests/{card.code}#newest"
    entry = db.session.scalars(sa.select(Entry).order_by(Entry.id.desc())).first()
    assert (entry.kind, entry.contact_id, entry.author_id, entry.visibility) == (
        "customer_message",
        nika.id,
        None,
        "portal",
    )
    assert event_names()[-1] == "message.received"


def test_a_message_that_arrives_twice_is_kept_once(as_contact, world, nika, card):
    mine, op_id = as_contact(nika), str(uuid4())
    for _time in range(2):
        assert (
            mine.post(f"/portal/requests/{card.code}/messages", data={"body": "سلام", "op_id": op_id}).status_code
            == 303
        )
    assert event_names().count("message.received") == 1


@pytest.mark.parametrize("body", ["", "   ", "م" * 20_001, "س\x00"])
def test_an_empty_or_endless_message_is_refused(as_contact, world, nika, card, body):
    answer = as_contact(nika).post(f"/portal/requests/{card.code}/messages", data={"body": body})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert event_names().count("message.received") == 0


def test_nobody_floods_a_request(as_contact, world, nika, card):
    mine = as_contact(nika)
    codes = [
        mine.post(f"/portal/requests/{card.code}/messages", data={"body": str(number)}).status_code
        for number in range(22)
    ]
    assert codes.count(429) > 0
    assert codes[:15] == [303] * 15


def test_writing_on_a_finished_request_takes_it_up_again(as_contact, world, nika, sara, card):
    """B7."""
    resolve(card, world.stage("Resolved"), cause="شکسته بود", solution="قوری تازه فرستادیم", by=sara)
    db.session.commit()
    mine = as_contact(nika)
    page = page_of(mine, card)
    assert "مشکل چه بود" in page
    assert page.count("قوری تازه فرستادیم") == 1
    mine.post(f"/portal/requests/{card.code}/messages", data={"body": "باز شکست"})
    db.session.expire_all()
    assert not card.is_resolved
    assert card.assignee_id == sara.id
    page = page_of(mine, card)
    assert '<p class="big">در دست بررسی</p>' in page
    assert "مشکل چه بود" not in page
    assert "قوری تازه فرستادیم" in page


def test_a_withdrawn_reply_says_only_that(as_contact, world, nika, sara, card):
    """N08 on the page."""
    reply = add_reply(card, "قیمت شما ده تومان است", by=sara)
    db.session.commit()
    withdraw_reply(card, reply, by=sara)
    db.session.commit()
    pages = everywhere(as_contact(nika), card)
    assert all("ده تومان" not in page for page in pages)
    assert "این پیام پس گرفته شد." in pages[-1]


def test_a_display_name_is_the_name_outside(as_contact, world, nika, sara, card):
    sara.display_name = "گروه پشتیبانی"
    db.session.commit()
    page = page_of(as_contact(nika), card)
    assert "گروه پشتیبانی پیگیر آن است." in page
    assert "سارا" not in page


def test_nobody_is_named_while_nobody_works_on_it(as_contact, world, nika, sara, card):
    assign(card, None, by=sara)
    db.session.commit()
    assert "پیگیر" not in page_of(as_contact(nika), card)


def test_a_long_conversation_begins_with_its_end(as_contact, world, nika, card):
    for number in range(60):
        db.session.add(
            Entry(
                card_id=card.id,
                kind="customer_message",
                visibility="portal",
                body=f"پیام {number}.",
                contact_id=nika.id,
            )
        )
    db.session.commit()
    mine = as_contact(nika)
    short = page_of(mine, card)
    assert "پیام 59." in short
    assert "پیام 0." not in short
    assert "all=1" in short
    assert "پیام 0." in text_of(mine, f"/portal/requests/{card.code}?all=1")


def test_lists_go_on_by_the_last_code_seen(as_contact, world, nika):
    now = utcnow()
    for number in range(45):
        world.card(title=f"درخواست {number:02d}", at=now - timedelta(minutes=number))
    mine, seen, url = as_contact(nika), [], "/portal/requests"
    for _page in range(3):
        page = text_of(mine, url)
        seen += [number for number in range(45) if f"درخواست {number:02d}" in page]
        url = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert seen == list(range(45))
    assert url == ""


def test_the_survey_is_offered_on_the_page(as_contact, world, nika, babak, sara, card):
    resolve(card, world.stage("Resolved"), cause="", solution="انجام شد", by=sara)
    ask(card)
    db.session.commit()
    assert "/portal/surveys/" in page_of(as_contact(nika), card)


def test_a_script_gets_the_live_part_alone(as_contact, world, nika, card):
    part = text_of(as_contact(nika), f"/portal/requests/{card.code}", **{"HX-Request": "true"})
    assert part.lstrip().startswith("<section")
    assert "<textarea" not in part
    assert "<html" not in part


@pytest.mark.parametrize(("language", "words"), [("fa", "گفت‌وگو"), ("en", "Conversation")])
def test_the_customers_language_is_spoken(as_contact, world, nika, card, language, words):
    nika.language = language
    db.session.commit()
    assert words in page_of(as_contact(nika), card)


def test_the_language_can_be_chosen(as_contact, client, world, nika):
    mine = as_contact(nika)
    answer = mine.post("/portal/language", data={"language": "en", "back": "/portal/orders"})
    assert answer.location == "/portal/orders"
    assert 'lang="en"' in mine.get("/portal/").text
    assert client.post("/portal/language", data={"language": "xx", "back": "//evil.test"}).location == "/portal/"
