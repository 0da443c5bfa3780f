"""The board's page and pieces: B2, B3, C4; DESIGN's budgets of statements and bytes."""

import gzip
import json
import re

import pytest
import sqlalchemy as sa

from app.db import table_of
from app.events import Event
from app.extensions import db
from cards import ranks
from cards.board import queries, routes
from cards.models import Card
from cards.placement import move
from cards.services import add_note, assign, set_tags


def fill(world, per_stage: int) -> None:
    """Many open cards on every stage of the support board, written straight into the table."""
    table = table_of(Card)
    now = world.card().opened_at
    rows = [
        {"code": f"X{stage.id:02}{number:06}", "pipeline_id": world.support.id, "stage_id": stage.id,
         "rank": ranks.START + number * ranks.STEP,
         "version": 1, "stage_version": 1, "title": "قوری سرویس چای شکسته رسید؛ برای مهمانی لازمش دارم", "priority": 2,
         "contact_id": world.nika.id, "assignee_id": world.sara.id, "channel": "portal", "is_internal": False,
         "opened_at": now, "stage_entered_at": now, "portal_changed_at": now, "attachment_count": 1,
         "portal_step_id": stage.portal_step_id, "reopening_count": 0}
        for stage in world.support.stages
        for number in range(1, per_stage + 1)
    ]  # fmt: skip
    db.session.execute(table.insert(), rows)
    db.session.commit()


def faces(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-card="(\d+)"', html)]


def test_the_board_shows_stages_in_order_with_their_first_cards(world, sara, as_user):
    cards = [world.card(f"کارت {number}") for number in range(3)]
    page = as_user(sara).get("/boards/support")
    assert page.status_code == 200
    names = re.findall(r'data-stage="\d+"[^>]* aria-label="([^"]+)"', page.text)
    assert names == ["درخواست جدید", "در دست بررسی", "پرسش از همکار", "منتظر مشتری", "حل شد", "لغو شد"]
    assert faces(page.text) == [card.id for card in reversed(cards)]


@pytest.mark.parametrize("per_stage", [17, 1700])
def test_statements_do_not_grow_with_the_board(world, sara, as_user, statements, per_stage):
    """At most 10 statements at 100 and at 10,000 cards."""
    fill(world, per_stage)
    browser = as_user(sara)
    browser.get("/boards/support")
    statements.clear()
    assert browser.get("/boards/support").status_code == 200
    assert len(statements) <= 10, "\n".join(statements)


def test_a_move_takes_few_statements(world, sara, as_user, statements):
    """At most 13 statements, one card row written."""
    fill(world, 20)
    card = db.session.scalars(sa.select(Card).where(Card.title.like("قوری سرویس%"))).first()
    browser = as_user(sara)
    form = {"op_id": "1", "stage_id": world.stage("Waiting").id, "base_version": card.version}
    statements.clear()
    assert browser.post(f"/cards/{card.code}/placement", data=form).status_code == 200
    assert len(statements) <= 13, "\n".join(statements)
    assert sum("UPDATE cards" in statement for statement in statements) == 1


def test_the_page_is_small(world, sara, as_user):
    """5 x 30 faces: at most 150 KB, 16 KB compressed, 950 bytes a face."""
    world.stage("Cancelled").archived_at = world.card().opened_at
    fill(world, 40)
    for card in db.session.scalars(sa.select(Card).limit(40)):
        set_tags(card, ["شکستگی", "ارسال"], by=sara)
    db.session.commit()
    html = as_user(sara).get("/boards/support").text
    found = re.findall(r'<li class="card.*?</li>', html)
    assert len(found) == 150
    sizes = [len(face.encode()) for face in found]
    assert sum(sizes) / len(sizes) <= 950
    assert len(html.encode()) <= 150 * 1024
    assert len(gzip.compress(html.encode(), 6)) <= 16 * 1024


def test_more_cards_come_by_key(world, sara, as_user):
    fill(world, 70)
    stage = world.stage("Working")
    browser = as_user(sara)
    page = browser.get("/boards/support").text
    cursor = re.search(rf'data-stage="{stage.id}".*?data-next="([^"]+)"', page).group(1)
    seen = []
    while cursor:
        answer = browser.get(f"/boards/support/stages/{stage.id}/cards?after={cursor}").json
        seen += faces(answer["html"])
        cursor = answer["next"]
    assert len(seen) == 40
    assert len(set(seen)) == 40
    assert answer["total"] == 70


@pytest.mark.parametrize("cursor", ["", "x", "1", "1:x", "-1:2", "9" * 40 + ":1", "۱:۲"])
def test_a_broken_cursor_is_refused(world, sara, as_user, cursor):
    answer = as_user(sara).get(f"/boards/support/stages/{world.stage('New').id}/cards", query_string={"after": cursor})
    assert answer.status_code == 422


def test_a_board_out_of_reach_is_not_there(world, omid, as_user):
    """Z02"""
    browser = as_user(omid)
    stage = world.stage("New").id
    for path in ("", f"/stages/{stage}/cards?after=1:1", "/faces?ids=1", "/sync?epoch=1&seq=0"):
        assert browser.get(f"/boards/support{path}").status_code == 404


def test_what_people_write_on_a_face_is_no_markup(world, sara, as_user):
    """Title, customer, step, tag and colleague; on the page and in every piece of it."""
    hostile = "<b>\"x\" & 'y'"
    card = world.card(hostile)
    set_tags(card, [hostile], by=sara)
    assign(card, sara, by=sara)
    card.contact.name = sara.name = card.portal_step.label_fa = hostile
    db.session.commit()
    browser = as_user(sara)
    stage = card.stage_id
    answers = [
        browser.get("/boards/support").text,
        browser.get(f"/boards/support/stages/{stage}/cards?after=1:1").json["html"],
        *browser.get(f"/boards/support/faces?ids={card.id}").json["faces"].values(),
        *browser.get(f"/boards/support/sync?epoch=1&seq=0&stages={stage}:30")
        .json["stages"][str(stage)]["html"]
        .values(),
    ]
    for html in answers:
        (face,) = re.findall(r'<li class="card.*?</li>', html, re.DOTALL)
        assert "<b>" not in face
        assert "'y'" not in face
        assert face.count("&lt;b&gt;&#34;x&#34; &amp; &#39;y&#39;") == 5


def test_unread_is_for_the_reader(world, sara, reza, as_user):
    card = world.card()
    assign(card, sara, by=sara)
    add_note(card, "نگاه کن", by=reza)
    db.session.commit()
    assert 'class="card unread"' in as_user(sara).get("/boards/support").text


def test_sync_tells_what_was_missed_and_the_rows_of_the_same_instant(world, sara, reza, as_user):
    """BOARD 2: rows and sequence of one instant."""
    first, second = world.card("یک"), world.card("دو")
    db.session.refresh(world.support)
    seq = world.support.seq
    move(first, world.stage("Working").id, by=reza)
    db.session.commit()
    stage = world.stage("Working").id
    answer = as_user(sara).get(f"/boards/support/sync?epoch=1&seq={seq}&stages={stage}:30").json
    assert answer["seq"] == seq + 1
    assert [event["seq"] for event in answer["events"]] == [seq + 1]
    assert answer["stages"][str(stage)]["cards"] == [[first.id, first.rank]]
    assert f'data-card=\\"{second.id}\\"' not in json.dumps(answer["stages"])


@pytest.mark.parametrize(
    "query", ["seq=-1&epoch=1", "seq=99999999&epoch=1", "seq=x&epoch=1", "epoch=1", "seq=0", "seq=1e9&epoch=1"]
)
def test_an_unknown_place_in_the_order_is_refused(world, sara, as_user, query):
    """S07"""
    assert as_user(sara).get(f"/boards/support/sync?{query}").status_code == 422


def test_far_behind_means_reload(world, sara, as_user, monkeypatch):
    """S07: capped; as many as there may be are still told one by one."""
    monkeypatch.setattr(routes, "MOST_EVENTS", 8)
    card, browser = world.card(), as_user(sara)
    first = db.session.scalar(sa.select(sa.func.max(Event.seq)))
    sync = f"/boards/support/sync?epoch=1&seq={first}"
    for number in range(8):
        move(card, world.stage("Working" if number % 2 else "Waiting").id, by=sara)
    answer = browser.get(sync).json
    assert "reload" not in answer
    assert len(answer["events"]) == 8
    move(card, world.stage("New").id, by=sara)
    assert browser.get(sync).json["reload"] is True


def test_faces_answer_only_open_cards_of_the_board(world, sara, as_user):
    here = world.card()
    elsewhere = world.card(stage=world.stage("Placed", world.orders))
    answer = as_user(sara).get(f"/boards/support/faces?ids={here.id},{elsewhere.id},999,x").json
    assert list(answer["faces"]) == [str(here.id)]


def test_placement_answers_what_the_board_needs(world, sara, as_user):
    card, other = world.card("یک"), world.card("دو")
    browser = as_user(sara)
    working = world.stage("Working").id
    form = {"op_id": "a", "stage_id": working, "base_version": card.version}
    answer = browser.post(f"/cards/{card.code}/placement", json=form).json
    assert answer["ok"]
    assert answer["card"]["stage"] == working
    assert answer["counts"] == {str(world.stage("New").id): {"total": 1}, str(working): {"total": 1}}
    assert answer["undo"] == {"stage_id": world.stage("New").id, "after_id": other.id,
                              "base_version": answer["card"]["version"]}  # fmt: skip
    assert browser.post(f"/cards/{card.code}/placement", json=form).json["seq"] == answer["seq"]


def test_the_end_of_a_stage_is_below_cards_that_the_browser_has_not_loaded(world, sara, as_user):
    cards = [world.card(f"کارت {number}") for number in range(3)]
    form = {"op_id": "end", "stage_id": cards[2].stage_id, "at_end": True, "base_version": cards[2].version}
    browser = as_user(sara)
    assert browser.post(f"/cards/{cards[2].code}/placement", json=form).status_code == 200
    assert faces(browser.get("/boards/support").text) == [cards[1].id, cards[0].id, cards[2].id]


def test_a_stale_placement_conflicts_with_a_sentence(world, sara, reza, as_user):
    card = world.card()
    version = card.version
    move(card, world.stage("Waiting").id, by=reza)
    db.session.commit()
    form = {"op_id": "a", "stage_id": world.stage("Working").id, "base_version": version}
    answer = as_user(sara).post(f"/cards/{card.code}/placement", json=form)
    assert answer.status_code == 409
    assert answer.json["card"]["stage"] == world.stage("Waiting").id
    assert "رضا پاکزاد" in answer.json["detail"]
    assert "منتظر مشتری" in answer.json["detail"]


def test_a_closing_stage_asks_for_the_form(world, sara, as_user):
    """B5"""
    card = world.card()
    form = {"op_id": "a", "stage_id": world.stage("Resolved").id, "base_version": card.version}
    answer = as_user(sara).post(f"/cards/{card.code}/placement", json=form)
    assert answer.status_code == 422
    assert answer.json["code"] == "closing_form"
    assert answer.json["form_url"].startswith(f"/cards/{card.code}/closure")
    db.session.refresh(card)
    assert card.stage.name_en == "New"


@pytest.mark.parametrize(
    "form",
    [{}, {"op_id": "a"}, {"op_id": "a", "stage_id": "x"}, {"op_id": "a" * 40, "stage_id": "1"},
     {"op_id": "a", "stage_id": "9" * 30}, {"op_id": "a", "stage_id": "1", "after_id": "x"}],
)  # fmt: skip
def test_bad_placements_are_refused_with_a_sentence(world, sara, as_user, form):
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/placement", json=form)
    assert answer.status_code == 422
    assert answer.json["detail"]
    db.session.refresh(card)
    assert card.version == 1


def test_a_viewer_sees_and_does_not_move(world, omid, as_user):
    from pipelines.models import PipelineMembership

    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=omid.id, level="viewer"))
    card = world.card()
    browser = as_user(omid)
    assert "data-readonly" in browser.get("/boards/support").text
    form = {"op_id": "a", "stage_id": world.stage("Working").id, "base_version": 1}
    assert browser.post(f"/cards/{card.code}/placement", json=form).status_code == 403


def test_windows_of_all_stages_are_one_query(world, sara, statements):
    fill(world, 5)
    statements.clear()
    queries.windows({stage.id: 3 for stage in world.support.stages}, sara)
    assert len(statements) == 1
