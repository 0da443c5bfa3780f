"""Closing and reopening a card through its pages."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox import Outbox
from cards.models import Card, Closure, Entry, Survey
from cards.placement import move
from cards.services import assign, close, resolve
from contacts.models import Contact
from pipelines.models import PipelineMembership
from tests.conftest import event_names
from tests.world import World

PARTIAL = {"HX-Request": "true", "Accept": "text/html, application/json;q=0.9"}


def form_for(world: World, **more: object) -> dict[str, Any]:
    words = {"cause": "کارتن ضربه دیده بود", "solution": "قوری تازه فرستادیم"}
    return {"stage_id": world.stage("Resolved").id, **words, **more}


def test_the_form_shows_what_is_known_of_the_customer(world, sara, as_user):
    """B6"""
    page = as_user(sara).get(f"/cards/{world.card().code}/closure").text
    assert "نیکا صفوی" in page
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page
    assert "nika@example.com" in page


def test_a_dialog_gets_the_form_alone(world, sara, as_user):
    card = world.card()
    stage = world.stage("Cancelled")
    part = as_user(sara).get(f"/cards/{card.code}/closure?stage={stage.id}", headers=PARTIAL).text
    assert "<html" not in part
    assert f'<option selected value="{stage.id}">' in part


@pytest.mark.parametrize("stage", ["999999", "x", "", "-1"])
def test_an_unknown_stage_in_the_address_offers_the_usual_one(world, sara, as_user, stage):
    card = world.card()
    page = as_user(sara).get(f"/cards/{card.code}/closure?stage={stage}").text
    assert f'<option selected value="{world.stage("Resolved").id}">' in page


def test_closing_tells_the_customer_and_asks_for_an_opinion(world, sara, as_user):
    """B5, B9, H1"""
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/closure", data=form_for(world))
    assert answer.status_code == 303
    card = db.session.get_one(Card, card.id)
    assert card.is_resolved
    assert card.stage_id == world.stage("Resolved").id
    closure = db.session.get_one(Closure, card.id)
    assert (closure.by_id, closure.cause, closure.solution) == (sara.id, "کارتن ضربه دیده بود", "قوری تازه فرستادیم")
    reply = db.session.scalars(sa.select(Entry).where(Entry.kind == "reply")).one()
    assert reply.visibility == "portal"
    assert db.session.scalar(sa.select(Survey.card_id)) == card.id
    assert db.session.scalars(sa.select(Outbox.kind)).all().count("message.closing") == 1


def test_a_script_gets_the_answer_of_a_move_and_closes_once(world, sara, as_user):
    card, browser = world.card(), as_user(sara)
    form = form_for(world, op_id="close-1", base_version=card.version)
    first = browser.post(f"/cards/{card.code}/closure", data=form, headers=PARTIAL)
    again = browser.post(f"/cards/{card.code}/closure", data=form, headers=PARTIAL)
    assert first.status_code == again.status_code == 200
    assert first.json["ok"]
    assert first.json["card"]["stage"] == world.stage("Resolved").id
    assert first.json["seq"] == again.json["seq"]
    assert event_names().count("card.resolved") == 1


def test_a_ticket_is_not_resolved_without_a_word_for_the_customer(world, sara, as_user):
    """B5: what was typed stays."""
    card, browser = world.card(), as_user(sara)
    answer = browser.post(f"/cards/{card.code}/closure", data=form_for(world, solution=" "), headers=PARTIAL)
    assert answer.status_code == 422
    assert "کارتن ضربه دیده بود" in answer.text
    assert "بنویسید" in answer.text
    assert not db.session.get_one(Card, card.id).is_resolved
    assert "<html" in browser.post(f"/cards/{card.code}/closure", data=form_for(world, solution="")).text


@pytest.mark.parametrize("changes", [{"stage_id": "999999"}, {"stage_id": "x"}, {"stage_id": ""}, {"mobile": "12"},
                                     {"email": "nika@"}, {"name": "ن" * 200}, {"cause": "ب" * 20_001}])  # fmt: skip
def test_bad_input_changes_nothing(world, sara, as_user, changes):
    card = world.card()
    answer = as_user(sara).post(f"/cards/{card.code}/closure", data=form_for(world) | changes)
    assert answer.status_code == 422
    assert "قوری تازه فرستادیم" in answer.text
    assert not db.session.get_one(Card, card.id).is_resolved
    assert "contact.updated" not in event_names()


def test_a_stage_that_does_not_end_the_work_is_no_choice(world, sara, as_user):
    """Z06: a stage of another board and a working stage sound like an unknown one."""
    card, browser = world.card(), as_user(sara)
    answers = [
        browser.post(f"/cards/{card.code}/closure", json=form_for(world, stage_id=stage)).json
        for stage in (world.stage("Working").id, world.stage("Won", world.sales).id, 999_999)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert not db.session.get_one(Card, card.id).is_resolved


def test_somebody_who_moved_it_meanwhile_is_not_overruled(world, sara, reza, as_user):
    card = world.card()
    seen = card.version
    move(card, world.stage("Waiting").id, by=reza)
    db.session.commit()
    answer = as_user(sara).post(
        f"/cards/{card.code}/closure", data=form_for(world, base_version=seen, op_id="late"), headers=PARTIAL
    )
    assert answer.status_code == 409
    assert answer.json["code"] == "conflict"
    assert not db.session.get_one(Card, card.id).is_resolved


def test_the_customers_data_is_brought_up_to_date(world, sara, as_user):
    """B6: a corrected number becomes the first one, the old one is kept; what was left empty stays."""
    card = world.card()
    changes = {"name": "نیکا صفوی‌نژاد", "mobile": "۰۹۱۲ ۹۹۹ ۸۸ ۷۷", "email": ""}
    assert as_user(sara).post(f"/cards/{card.code}/closure", data=form_for(world) | changes).status_code == 303
    nika = db.session.get_one(Contact, world.nika.id)
    assert nika.name == "نیکا صفوی‌نژاد"
    assert nika.mobile == "+989129998877"
    assert nika.email == "nika@example.com"
    assert {point.normalised for point in nika.points if point.kind == "mobile"} == {"+989121234567", "+989129998877"}


def test_unchanged_data_changes_nothing(world, sara, as_user):
    card = world.card()
    same = {"name": "نیکا صفوی", "mobile": "0912 123 4567", "email": "NIKA@example.com"}
    as_user(sara).post(f"/cards/{card.code}/closure", data=form_for(world) | same)
    assert not [name for name in event_names() if name.startswith("contact.")]


def test_a_closed_card_is_not_closed_again(world, sara, as_user):
    card = world.card()
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=sara)
    close(card, by=sara)
    db.session.commit()
    browser = as_user(sara)
    assert browser.get(f"/cards/{card.code}/closure").status_code == 409
    assert browser.post(f"/cards/{card.code}/closure", data=form_for(world)).status_code == 409
    assert event_names().count("card.resolved") == 1


def test_a_deal_closes_at_once_and_writes_to_nobody(world, omid, as_user):
    deal = world.card("عمده", stage=world.stage("Quoted", world.sales), by=omid, body="")
    won = world.stage("Won", world.sales)
    answer = as_user(omid).post(f"/cards/{deal.code}/closure", data={"stage_id": won.id, "cause": "", "solution": ""})
    assert answer.status_code == 303
    assert db.session.get_one(Card, deal.id).is_closed
    assert db.session.scalars(sa.select(Outbox).where(Outbox.kind == "message.closing")).all() == []


def test_reopening_returns_to_the_last_agent(world, sara, reza, as_user):
    """B7"""
    card = world.card()
    assign(card, reza, by=reza)
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=reza)
    close(card, by=None)
    db.session.commit()
    browser = as_user(sara)
    assert "باز کردن دوباره" in browser.get(f"/cards/{card.code}").text
    answer = browser.post(f"/cards/{card.code}/reopening", data={"reason": "مشتری زنگ زد"})
    assert answer.status_code == 303
    card = db.session.get_one(Card, card.id)
    assert not card.is_closed
    assert card.assignee_id == reza.id
    assert card.stage.name_en == "Working"
    assert browser.post(f"/cards/{card.code}/reopening", json={}).status_code == 422


def test_reopening_says_that_the_agent_is_absent(world, sara, omid, as_user):
    """B7: falls back to nobody, and says so."""
    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=omid.id, level="member"))
    db.session.commit()
    card = world.card()
    assign(card, omid, by=sara)
    resolve(card, world.stage("Resolved"), cause="", solution="شد", by=omid)
    db.session.execute(sa.delete(PipelineMembership).where(PipelineMembership.user_id == omid.id))
    db.session.commit()
    browser = as_user(sara)
    browser.post(f"/cards/{card.code}/reopening")
    assert db.session.get_one(Card, card.id).assignee_id is None
    assert "مسئول قبلی دیگر اینجا نیست" in browser.get(f"/cards/{card.code}").text
