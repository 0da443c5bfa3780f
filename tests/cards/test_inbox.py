"""The bell and the inbox: who is told of what, and what is said with whose rights."""

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.notifications import Notification
from app.users.models import User
from cards.services import add_note, add_reply, assign, receive_message, reopen, resolve
from pipelines.models import PipelineMembership


def told() -> dict[str, list[str]]:
    """{kind: the first names of who was told}"""
    query = sa.select(Notification.kind, User.name).join(User, User.id == Notification.user_id).order_by(User.name)
    found: dict[str, list[str]] = {}
    for kind, name in db.session.execute(query):
        found.setdefault(kind, []).append(name.split()[0])
    return {kind: sorted(names) for kind, names in found.items()}


@pytest.fixture
def quiet(world):
    """A card of which everybody was told already."""
    card = world.card()
    db.session.execute(sa.delete(Notification))
    db.session.commit()
    return card


def test_an_unassigned_new_card_tells_all_who_work_on_the_board(world):
    """C5: omid is on no such board, the admin is no member."""
    world.card()
    assert told() == {"opened": ["رضا", "سارا", "مریم"]}


def test_a_card_that_begins_with_somebody_tells_that_one(world, sara):
    world.card(assignee=sara)
    assert told() == {"opened": ["سارا"]}


def test_nobody_is_told_of_what_they_did(world, sara, reza):
    card = world.card(by=sara)
    assert told() == {"opened": ["رضا", "مریم"]}
    assign(card, sara, by=sara)
    assign(card, reza, by=sara)
    add_note(card, "@سارا", by=sara, mentions=[sara.id])
    assert told() == {"opened": ["رضا", "مریم"], "assigned": ["رضا"]}


def test_a_message_tells_the_responsible_or_everybody(quiet, sara, nika):
    """C4"""
    receive_message(quiet, "کسی هست؟", contact=nika)
    assert told() == {"message": ["رضا", "سارا", "مریم"]}
    assign(quiet, sara, by=sara)
    receive_message(quiet, "؟", contact=nika)
    assert told() == {"message": ["رضا", "سارا", "سارا", "مریم"]}


def test_a_finished_card_that_comes_back_tells_who_had_it(world, quiet, sara, nika):
    assign(quiet, sara, by=sara)
    resolve(quiet, world.stage("Resolved"), cause="", solution="شد", by=sara)
    reopen(quiet, by=nika)
    assert told() == {"reopened": ["سارا"]}


def test_replies_and_changes_ring_no_bell(quiet, sara):
    add_reply(quiet, "سلام", by=sara)
    add_note(quiet, "بدون نام", by=sara)
    assert told() == {}


def test_telling_a_whole_board_is_one_statement(world, statements):
    statements.clear()
    world.card()
    assert sum("INSERT INTO notifications" in statement for statement in statements) == 1


def test_the_inbox_says_what_happened_by_card(quiet, sara, reza, nika, as_user):
    add_note(quiet, "@رضا پاکزاد می‌شود ببینی؟", by=sara, mentions=[reza.id])
    assign(quiet, reza, by=sara)
    receive_message(quiet, "خبری نشد؟", contact=nika)
    db.session.commit()
    page = as_user(reza).get("/inbox").text
    assert page.count('class="told unread"') == 1
    for words in ("سارا امینی در یادداشتی داخلی از شما نام برد", "می‌شود ببینی؟", "سارا امینی این کارت را به شما سپرد",
                  "نیکا صفوی پیام فرستاد", quiet.title):  # fmt: skip
        assert words in page, words
    assert 'data-unread="3"' in page


def test_a_card_out_of_reach_leaves_nothing_in_the_inbox(world, quiet, sara, reza, as_user):
    """Z11"""
    add_note(quiet, "@رضا پاکزاد رمز انبار ۱۲۳۴", by=sara, mentions=[reza.id])
    db.session.commit()
    browser = as_user(reza)
    assert "رمز انبار" in browser.get("/inbox").text
    db.session.execute(sa.delete(PipelineMembership).where(PipelineMembership.pipeline_id == world.support.id))
    db.session.commit()
    page = browser.get("/inbox").text
    assert "رمز انبار" not in page
    assert quiet.title not in page
    assert quiet.code not in page
    assert 'data-unread="0"' in page


def test_withdrawn_words_are_not_repeated(quiet, reza, nika, as_user):
    entry = receive_message(quiet, "شمارهٔ کارت من ۶۰۳۷", contact=nika)
    entry.withdrawn_at = utcnow()
    db.session.commit()
    assert "۶۰۳۷" not in as_user(reza).get("/inbox").text


def test_unread_comes_first_and_one_card_or_all_are_marked_read(world, sara, as_user):
    world.card("کارت کهنه")
    new = world.card("کارت نو")
    browser = as_user(sara)
    assert browser.post("/inbox/reads", data={"card_id": new.id}).status_code == 303
    page = browser.get("/inbox").text
    assert page.index("کارت کهنه") < page.index("کارت نو")
    assert 'data-unread="1"' in page
    assert browser.post("/inbox/reads", json={}).json == {"ok": True}
    assert "همه را خواندم" not in browser.get("/inbox").text


def test_others_notifications_are_not_mine_to_read(quiet, sara, reza, nika, as_user):
    receive_message(quiet, "سلام", contact=nika)
    db.session.commit()
    as_user(sara).post("/inbox/reads", data={"card_id": quiet.id})
    unread = db.session.scalars(sa.select(Notification.user_id).where(Notification.read_at.is_(None))).all()
    assert reza.id in unread
    assert sara.id not in unread


@pytest.mark.parametrize("card_id", ["x", "0", "-1", "99999999999999999999"])
def test_a_nonsense_card_marks_nothing(quiet, sara, nika, as_user, card_id):
    receive_message(quiet, "سلام", contact=nika)
    db.session.commit()
    as_user(sara).post("/inbox/reads", data={"card_id": card_id})
    assert not db.session.scalars(sa.select(Notification).where(Notification.read_at.is_not(None))).all()


def test_a_long_inbox_has_pages(world, sara, as_user):
    for number in range(62):
        world.card(f"کارت {number:02d}")
    browser = as_user(sara)
    page = browser.get("/inbox").text
    assert "کارت 61" in page
    assert "کارت 01" not in page
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert "کارت 01" in browser.get(older).text


def test_an_empty_inbox_says_what_will_be_there(sara, as_user):
    assert "چیز تازه‌ای نیست" in as_user(sara).get("/inbox").text
