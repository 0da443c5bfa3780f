"""Writing on a card: notes that stay inside, replies that reach the customer, mentions, files, crossed replies."""

import io

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from app.notifications import Notification
from app.outbox import Outbox
from cards.models import Attachment, Card, Entry, Mention
from cards.services import add_note, add_reply, close, receive_message, resolve
from tests.conftest import event_names


def entries(kind: str) -> list[Entry]:
    return list(db.session.scalars(sa.select(Entry).where(Entry.kind == kind).order_by(Entry.id)))


def told(kind: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Outbox).where(Outbox.kind == kind)) or 0


def test_a_note_stays_inside(world, sara, as_user):
    """C1, C2: no message leaves, nothing is shown in the portal, nothing moves for the customer."""
    card = world.card()
    shown_at = card.portal_changed_at
    answer = as_user(sara).post(f"/cards/{card.code}/notes", data={"body": "بین خودمان بماند"})
    assert answer.status_code == 303
    assert answer.location == f"/cards/{card.code}"
    (note,) = entries("note")
    assert (note.visibility, note.author_id, note.body) == ("internal", sara.id, "بین خودمان بماند")
    assert told("message.reply") == 0
    assert db.session.get_one(Card, card.id).portal_changed_at == shown_at
    assert event_names()[-1] == "note.added"
    assert db.session.scalars(Entry.visible_in_portal(card.id)).all() == entries("customer_message")


def test_a_reply_reaches_the_customer_once(world, sara, as_user):
    """C1, C6: one entry, one message, whatever the network does."""
    card, browser = world.card(), as_user(sara)
    form = {"body": "فردا می‌رسد", "op_id": "op-1"}
    first = browser.post(f"/cards/{card.code}/replies", json=form)
    again = browser.post(f"/cards/{card.code}/replies", json=form)
    assert first.status_code == again.status_code == 200
    assert first.json["entry"] == again.json["entry"]
    (reply,) = entries("reply")
    assert reply.visibility == "portal"
    assert told("message.reply") == 1
    assert db.session.get_one(Card, card.id).waiting_since is None


def test_the_number_of_an_act_is_bound_to_card_and_author(world, sara, reza, as_user):
    first, second = world.card(), world.card("کارت دیگر")
    assert as_user(sara).post(f"/cards/{first.code}/notes", json={"body": "یک", "op_id": "same"}).status_code == 200
    for browser, card in ((as_user(sara), second), (as_user(reza), first)):
        answer = browser.post(f"/cards/{card.code}/notes", json={"body": "دو", "op_id": "same"})
        assert answer.status_code == 409
        assert answer.json["code"] == "op_taken"
    assert len(entries("note")) == 1


@pytest.mark.parametrize("path", ["notes", "replies"])
@pytest.mark.parametrize("body", ["", "   ", "\u200c\n\n", "\u200f"])
def test_an_empty_text_is_refused_with_a_sentence(world, sara, as_user, path, body):
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/{path}", json={"body": body})
    assert answer.status_code == 422
    assert answer.json["fields"]["body"]
    assert len(db.session.scalars(sa.select(Entry)).all()) == 1


@pytest.mark.parametrize("path", ["notes", "replies"])
def test_a_refused_text_is_kept(world, sara, as_user, path):
    card, long = world.card(), "متن مهم من " + "ب" * 20_001
    answer = as_user(sara).post(f"/cards/{card.code}/{path}", data={"body": long})
    assert answer.status_code == 422
    assert long in answer.text
    assert "بلند" in answer.text or "طولانی" in answer.text or "نویسه" in answer.text
    assert entries("note") == entries("reply") == []


@pytest.mark.parametrize("body", [["a", "b"], {"a": 1}, True])
def test_a_text_of_the_wrong_kind_is_refused(world, sara, as_user, body):
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/notes", json={"body": body})
    assert answer.status_code == 422
    assert entries("note") == []


def test_arabic_letters_and_controls_are_tidied(world, sara, as_user):
    card = world.card()
    as_user(sara).post(f"/cards/{card.code}/notes", data={"body": "كتاب علي\u202e\r\nخط دوم"})
    assert entries("note")[0].body == "کتاب علی\nخط دوم"


def test_a_mention_tells_the_colleague_and_nobody_else(world, sara, reza, as_user):
    """C2"""
    card = world.card()
    db.session.execute(sa.delete(Notification))
    as_user(sara).post(f"/cards/{card.code}/notes", data={"body": "@رضا پاکزاد ببین", "mentions": [reza.id]})
    (row,) = db.session.scalars(sa.select(Notification)).all()
    assert (row.user_id, row.kind, row.card_id) == (reza.id, "mention", card.id)
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert '<span class="mention">@رضا پاکزاد</span>' in page
    internal = db.session.scalars(sa.select(Event).where(Event.name.in_(["note.added", "user.mentioned"]))).all()
    assert {event.visibility for event in internal} == {"internal"}


@pytest.mark.parametrize("ids", [["omid"], ["reza", "omid"], ["999999"], ["abc"], ["-1"]])
def test_who_does_not_reach_the_board_is_not_mentioned(world, sara, as_user, ids):
    """Z07: nothing is written, and a stranger and an unknown id sound alike."""
    card = world.card()
    known = {"omid": world.omid.id, "reza": world.reza.id}
    mentions = [known.get(name, name) for name in ids]
    answer = as_user(sara).post(f"/cards/{card.code}/notes", json={"body": "ببین", "mentions": mentions})
    assert answer.status_code == 422
    assert answer.json["fields"]["mentions"]
    assert entries("note") == []
    assert db.session.scalars(sa.select(Mention)).all() == []


def test_a_mentioned_name_is_marked_in_text_only(world, sara, reza, as_user):
    card = world.card()
    reza.name = "reza"
    add_note(card, "@reza https://example.com/@reza <b>@reza</b>", by=sara, mentions=[reza.id])
    db.session.commit()
    page = as_user(sara).get(f"/cards/{card.code}").text
    assert 'href="https://example.com/@reza"' in page
    assert "<b>" not in page.split('data-entry="2"')[1].split("</article>")[0]


def test_only_colleagues_of_the_board_are_offered(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    offered = {person["name"] for person in browser.get(f"/cards/{card.code}/colleagues?q=").json["colleagues"]}
    assert offered == {"رضا پاکزاد", "مریم رستگار", "آرش کیانی"}
    for typed in ("رضا", "reza", "پاكزاد", "REZA pak"):
        found = browser.get(f"/cards/{card.code}/colleagues", query_string={"q": typed}).json["colleagues"]
        assert [person["id"] for person in found] == [world.reza.id]
    assert browser.get(f"/cards/{card.code}/colleagues?q=امید").json["colleagues"] == []


def test_a_reply_that_crossed_another_is_held(world, sara, reza, nika, as_user):
    """TICKETS 1.1: what was missed comes with the refusal; sent again on purpose, it goes."""
    card, browser = world.card(), as_user(sara)
    seen = card.last_entry_id
    note = add_note(card, "من همین الان جواب دادم", by=reza)
    db.session.commit()
    form = {"body": "سلام، فردا می‌رسد", "last_seen_entry_id": seen, "op_id": "op-7"}
    held = browser.post(f"/cards/{card.code}/replies", json=form)
    assert held.status_code == 409
    assert held.json["code"] == "stale"
    assert "من همین الان جواب دادم" in held.json["missed"]
    assert held.json["last_entry_id"] == note.id
    assert entries("reply") == []
    assert told("message.reply") == 0
    sent = browser.post(f"/cards/{card.code}/replies", json={**form, "send_anyway": True})
    assert sent.status_code == 200
    assert len(entries("reply")) == 1


def test_a_held_reply_keeps_its_text_without_a_script(world, sara, nika, as_user):
    card = world.card()
    seen = card.last_entry_id
    receive_message(card, "پس چه شد؟", contact=nika)
    db.session.commit()
    answer = as_user(sara).post(f"/cards/{card.code}/replies", data={"body": "متن من", "last_seen_entry_id": seen})
    assert answer.status_code == 409
    assert "متن من" in answer.text
    assert "پس چه شد؟" in answer.text
    assert 'name="send_anyway"' in answer.text


def test_a_reply_whose_answer_was_lost_is_not_held_by_what_came_after(world, sara, nika, as_user):
    card, browser = world.card(), as_user(sara)
    form = {"body": "فردا", "last_seen_entry_id": card.last_entry_id, "op_id": "lost"}
    first = browser.post(f"/cards/{card.code}/replies", json=form)
    receive_message(db.session.get_one(Card, card.id), "ممنون", contact=nika)
    db.session.commit()
    again = browser.post(f"/cards/{card.code}/replies", json=form)
    assert again.status_code == 200
    assert again.json["entry"] == first.json["entry"]


def test_own_words_hold_nothing_back(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    seen = card.last_entry_id
    browser.post(f"/cards/{card.code}/notes", json={"body": "یادداشت خودم"})
    answer = browser.post(f"/cards/{card.code}/replies", json={"body": "پاسخ", "last_seen_entry_id": seen})
    assert answer.status_code == 200


def test_files_come_along_and_keep_the_visibility_of_their_entry(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    files = [(io.BytesIO(b"\x89PNG\r\n\x1a\n0000"), "قوری.png"), (io.BytesIO(b"hello"), "متن.txt")]
    answer = browser.post(f"/cards/{card.code}/notes", data={"body": "", "files": files})
    assert answer.status_code == 303
    rows = db.session.scalars(sa.select(Attachment).order_by(Attachment.id)).all()
    assert [(row.name, row.visibility) for row in rows] == [("قوری.png", "internal"), ("متن.txt", "internal")]
    page = browser.get(f"/cards/{card.code}").text
    assert f'<img src="/cards/{card.code}/attachments/{rows[0].code}"' in page
    assert "متن.txt" in page


@pytest.mark.parametrize("files", [[b""], [b"x"] * 11], ids=["empty", "too many"])
def test_broken_uploads_change_nothing(world, sara, as_user, files):
    card = world.card()
    sent = [(io.BytesIO(content), f"{number}.txt") for number, content in enumerate(files)]
    answer = as_user(sara).post(f"/cards/{card.code}/notes", data={"body": "متن می‌ماند", "files": sent})
    assert answer.status_code == 422
    assert "متن می‌ماند" in answer.text
    assert entries("note") == []
    assert db.session.scalars(sa.select(Attachment)).all() == []


def test_a_text_where_a_file_belongs_is_no_file(world, sara, as_user):
    card = world.card()
    assert as_user(sara).post(f"/cards/{card.code}/notes", data={"body": "سلام", "files": "x"}).status_code == 303
    assert db.session.scalars(sa.select(Attachment)).all() == []


def test_a_withdrawn_reply_is_gone_for_the_customer_and_stays_for_colleagues(world, sara, as_user):
    """N08, Z09"""
    card = world.card()
    reply = add_reply(card, "شمارهٔ اشتباه", by=sara)
    db.session.commit()
    browser = as_user(sara)
    for _twice in range(2):
        assert browser.post(f"/cards/{card.code}/entries/{reply.id}/withdrawal").status_code == 303
    assert event_names().count("reply.withdrawn") == 1
    page = browser.get(f"/cards/{card.code}").text
    assert "پس گرفته شد" in page
    assert "شمارهٔ اشتباه" in page
    assert "شمارهٔ اشتباه" not in browser.get(f"/cards/{card.code}/customer-view").text
    assert told("message.reply") == 1


def test_a_colleagues_reply_is_withdrawn_by_a_manager_only(world, sara, reza, maryam, as_user):
    """Z09"""
    card = world.card()
    reply = add_reply(card, "پاسخ سارا", by=sara)
    db.session.commit()
    address = f"/cards/{card.code}/entries/{reply.id}/withdrawal"
    assert as_user(reza).post(address).status_code == 403
    assert "/withdrawal" not in as_user(reza).get(f"/cards/{card.code}").text
    assert as_user(maryam).post(address).status_code == 303


def test_notes_and_messages_are_not_withdrawn(world, sara, as_user):
    card = world.card()
    note = add_note(card, "یادداشت", by=sara)
    db.session.commit()
    answer = as_user(sara).post(f"/cards/{card.code}/entries/{note.id}/withdrawal", json={})
    assert answer.status_code == 422
    assert db.session.get_one(Entry, note.id).withdrawn_at is None


def test_a_closed_card_takes_notes_and_no_replies(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=sara)
    close(card, by=sara)
    db.session.commit()
    refused = browser.post(f"/cards/{card.code}/replies", json={"body": "دیر شد"})
    assert refused.status_code == 409
    assert refused.json["code"] == "closed"
    assert browser.post(f"/cards/{card.code}/notes", json={"body": "برای بعد"}).status_code == 200
    assert 'data-mode="reply"' not in browser.get(f"/cards/{card.code}").text


def test_a_request_of_colleagues_has_no_customer_to_answer(world, sara, as_user):
    """A14"""
    card, browser = world.card(), as_user(sara)
    card.is_internal = True
    db.session.commit()
    assert browser.post(f"/cards/{card.code}/replies", json={"body": "سلام"}).status_code == 403
    page = browser.get(f"/cards/{card.code}").text
    assert 'data-mode="reply"' not in page
    assert "آنچه مشتری می‌بیند" not in page
