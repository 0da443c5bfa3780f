"""A card that a colleague opens: A5."""

import io
from typing import Any

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.errors import DomainError
from app.extensions import db
from app.outbox import Outbox
from cards.models import Attachment, Card, Entry
from cards.services import open_card
from contacts.models import Contact, ContactPoint
from tests.conftest import event_names
from tests.world import World, person


def filled(world: World, **more: object) -> dict[str, Any]:
    return {"contact": "نیکا صفوی", "contact_code": world.nika.code, "title": "تماس گرفت؛ قوری شکسته", "kind": "note",
            "body": "پشت خط عصبانی بود", "channel": "phone", "priority": "3", "department_id": str(world.department.id),
            "assignee_id": "0", "op_id": "new-1", **more}  # fmt: skip


def cards() -> list[Card]:
    return list(db.session.scalars(sa.select(Card).order_by(Card.id)))


def test_the_form_begins_with_the_given_customer(world, sara, as_user):
    page = as_user(sara).get(f"/cards/new?contact={world.nika.code}").text
    assert 'value="نیکا صفوی"' in page
    assert f'value="{world.nika.code}"' in page
    assert f'<option selected value="{sara.id}">' in page


def test_a_card_with_a_note(world, sara, as_user):
    answer = as_user(sara).post("/cards/new?pipeline=support", data=filled(world, assignee_id=str(sara.id)))
    (card,) = cards()
    assert answer.location == f"/cards/{card.code}"
    assert (card.contact_id, card.channel, card.priority, card.assignee_id) == (world.nika.id, "phone", 3, sara.id)
    assert card.stage_id == world.stage("New").id
    assert card.waiting_since is None
    (entry,) = db.session.scalars(sa.select(Entry)).all()
    assert (entry.kind, entry.visibility, entry.author_id) == ("note", "internal", sara.id)
    assert event_names()[:2] == ["card.opened", "request.received"]


def test_the_customer_learns_of_it_once(world, sara, as_user):
    """A5, A10: the acknowledgement carries the code; a first message from us is read in the portal with it."""
    as_user(sara).post("/cards/new?pipeline=support", data=filled(world, kind="reply", body="درخواستتان را ثبت کردم"))
    (entry,) = db.session.scalars(sa.select(Entry)).all()
    assert (entry.kind, entry.visibility) == ("reply", "portal")
    assert db.session.scalars(sa.select(Outbox.kind)).all() == ["message.acknowledgement"]


def test_sent_twice_it_is_opened_once(world, sara, as_user):
    browser = as_user(sara)
    first = browser.post("/cards/new?pipeline=support", data=filled(world))
    again = browser.post("/cards/new?pipeline=support", data=filled(world))
    assert len(cards()) == 1
    assert first.location == again.location


def test_somebody_new_is_entered_on_the_way(world, sara, as_user):
    form = filled(world, contact="", contact_code="", new_name="لیلا مرادی", new_mobile="۰۹۱۳ ۵۵۵ ۴۴ ۳۳")
    as_user(sara).post("/cards/new?pipeline=support", data=form)
    leila = db.session.scalars(sa.select(Contact).where(Contact.name == "لیلا مرادی")).one()
    assert leila.mobile == "+989135554433"
    assert cards()[0].contact_id == leila.id


def test_a_number_that_is_known_is_not_entered_twice(world, sara, as_user):
    browser = as_user(sara)
    form = filled(world, contact="", contact_code="", new_name="خانم صفوی", new_mobile="09121234567")
    answer = browser.post("/cards/new?pipeline=support", data=form)
    assert answer.status_code == 422
    assert "نیکا صفوی" in answer.text
    assert "خانم صفوی" in answer.text
    assert cards() == []
    assert browser.post("/cards/new?pipeline=support", data={**form, "is_other": "1"}).status_code == 303
    shared = db.session.scalars(sa.select(ContactPoint).where(ContactPoint.normalised == "+989121234567")).all()
    assert len(shared) == 2


NOBODY = {"contact": "", "contact_code": ""}


@pytest.mark.parametrize("changes", [
    {"title": ""}, {"title": "ب" * 161}, NOBODY, {"contact": "هیچ‌کس", "contact_code": "x"}, {"priority": "9"},
    {"priority": "x"}, {"department_id": "999999"}, {"assignee_id": "999999"}, {"channel": "import"},
    {"kind": "system"}, {"body": "ب" * 20_001}, {**NOBODY, "new_name": "ن", "new_mobile": "12"},
])  # fmt: skip
def test_bad_input_opens_nothing_and_keeps_what_was_typed(world, sara, as_user, changes):
    form = filled(world) | changes
    answer = as_user(sara).post("/cards/new?pipeline=support", data=form)
    assert answer.status_code == 422
    assert cards() == []
    assert event_names() == []
    assert form["title"] in answer.text


def test_who_does_not_work_on_the_board_is_no_choice(world, sara, as_user):
    """Z07"""
    answer = as_user(sara).post("/cards/new?pipeline=support", data=filled(world, assignee_id=str(world.omid.id)))
    assert answer.status_code == 422
    assert cards() == []


def test_boards_of_others_are_not_there_and_orders_come_with_orders(world, sara, as_user):
    """Z06"""
    browser = as_user(sara)
    assert browser.get("/cards/new?pipeline=sales").status_code == 404
    assert browser.get("/cards/new?pipeline=nothing").status_code == 404
    assert browser.get("/cards/new?pipeline=orders").status_code == 403
    assert browser.post("/cards/new?pipeline=sales", data=filled(world)).status_code == 404
    assert cards() == []


def test_a_deal_has_an_amount_in_the_unit_of_the_reader(world, omid, as_user):
    form = filled(world, title="خرید عمده", department_id="0", amount="۱٬۲۵۰٬۰۰۰", kind="note")
    assert "تومان" in as_user(omid).get("/cards/new?pipeline=sales").text
    as_user(omid).post("/cards/new?pipeline=sales", data=form)
    (deal,) = cards()
    assert deal.amount_rials == 12_500_000
    assert deal.company_id == world.company.id
    assert db.session.scalars(sa.select(Outbox)).all() == []


def test_files_belong_to_the_first_words(world, sara, as_user):
    form = filled(world, body="", files=[(io.BytesIO(b"%PDF-1.7"), "فاکتور.pdf")])
    as_user(sara).post("/cards/new?pipeline=support", data=form)
    (file,) = db.session.scalars(sa.select(Attachment)).all()
    assert (file.name, file.visibility, file.file.content_type) == ("فاکتور.pdf", "internal", "application/pdf")


def test_who_works_on_no_board_is_told_so(world, as_user):
    nobody = person("nobody", "بی‌بورد", "No Board", "agent")
    db.session.commit()
    answer = as_user(nobody).get("/cards/new")
    assert answer.status_code == 403
    assert "عضو هیچ بوردی نیستید" in answer.text
    assert 'href="/cards/new"' not in as_user(nobody).get("/work").text


def test_the_board_is_held_for_the_place_alone(world, statements):
    """Whoever opens a card at the same time waits for nothing but the place at the top and its number."""
    world.card()
    statements.clear()
    card = open_card(world.nika, world.stage("New"), title="تازه", by=world.nika, body="سلام")
    taken = next(number for number, statement in enumerate(statements) if statement.startswith("UPDATE pipelines"))
    assert len(statements[taken:]) <= 4, "\n".join(statements[taken:])
    newest = db.session.execute(db.text("SELECT name, seq FROM events WHERE seq IS NOT NULL ORDER BY id DESC")).first()
    assert newest == ("card.opened", 2)
    ranks = db.session.scalars(sa.select(Card.rank).where(Card.stage_id == card.stage_id, Card.id != card.id))
    assert card.rank < min(ranks)


def test_no_card_enters_an_archived_stage(world):
    stage = world.stage("New")
    stage.archived_at = utcnow()
    with pytest.raises(DomainError) as refused:
        open_card(world.nika, stage, title="تازه", by=world.nika)
    assert refused.value.code == "unknown_stage"
