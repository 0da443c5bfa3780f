"""Filing a request: what it is about, whether the answer is known, the form, and the code at once."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.codes import show_code
from app.extensions import db
from app.outbox import Outbox
from cards.models import Card, Entry
from orders.models import CardLink
from pipelines.models import Department
from tests.conftest import event_names
from tests.portal.looking import snapshot
from tests.portal.shop import picture

TEXT = {"department": "support", "title": "قوری شكسته رسيد", "body": "سلام، دسته‌اش جدا شده است."}


def newest() -> Card:
    db.session.expire_all()
    return db.session.scalars(sa.select(Card).order_by(Card.id.desc())).first()  # type: ignore[return-value]


def test_a_customer_files_a_request(as_contact, world, nika):
    """A1, A9, A10, B3: title and text are enough; the code stands on the page that follows."""
    mine = as_contact(nika)
    answer = mine.post("/portal/requests", data={**TEXT, "op_id": str(uuid4())})
    assert answer.status_code == 303
    card = newest()
    assert answer.location == f"/portal/requests/{card.code}?sent=1"
    assert (card.title, card.contact_id, card.channel) == ("قوری شکسته رسید", nika.id, "portal")
    assert card.stage_id == world.stage("New").id
    assert card.department_id == world.department.id
    assert event_names() == ["card.opened", "request.received", "promise.made"]
    assert show_code(card.code) in mine.get(answer.location).text
    queued = db.session.scalar(sa.select(Outbox))
    assert (queued.kind, queued.card_id, queued.contact_id) == ("message.acknowledgement", card.id, nika.id)


def test_a_file_comes_along(as_contact, world, nika):
    """A1."""
    mine = as_contact(nika)
    mine.post(
        "/portal/requests", data={**TEXT, "files": [picture(), picture("دو.png")]}, content_type="multipart/form-data"
    )
    entry = db.session.scalar(sa.select(Entry).where(Entry.card_id == newest().id))
    assert {(file.name, file.visibility) for file in entry.attachments} == {
        ("قوری.png", "portal"),
        ("دو.png", "portal"),
    }
    assert "قوری.png" in mine.get(f"/portal/requests/{newest().code}").text


def test_departments_lead_to_the_form_step_by_step(as_contact, shop):
    """A2, A3: answers stand before the form, one tap goes on; without answers the form is there at once."""
    mine = as_contact(shop.nika)
    first = mine.get("/portal/requests/new").text
    assert "ارسال و تحویل" in first
    assert "<textarea" not in first
    with_answers = mine.get("/portal/requests/new?department=delivery").text
    assert "سفارشم کی می‌رسد؟" in with_answers
    assert "<textarea" not in with_answers
    assert "department=delivery&amp;write=1" in with_answers
    assert "<textarea" in mine.get("/portal/requests/new?department=delivery&write=1").text
    assert "<textarea" in mine.get("/portal/requests/new?department=support").text


def test_the_only_department_needs_no_choosing(as_contact, world, nika):
    assert "<textarea" in as_contact(nika).get("/portal/requests/new").text


def test_an_unknown_department_is_chosen_anew(as_contact, shop):
    page = as_contact(shop.nika).get("/portal/requests/new?department=nowhere")
    assert page.status_code == 200
    assert "<textarea" not in page.text


@pytest.mark.parametrize("hidden", [{"is_active": False}, {"is_public": False}])
def test_a_department_of_the_house_is_no_door(as_contact, shop, hidden):
    """P13, A14."""
    for name, value in hidden.items():
        setattr(shop.parts, name, value)
    db.session.commit()
    mine = as_contact(shop.nika)
    assert "سفارشم کی می‌رسد؟" not in mine.get("/portal/requests/new?department=delivery").text
    assert mine.post("/portal/requests", data={**TEXT, "department": "delivery"}).status_code == 422
    assert "سفارشم کی می‌رسد؟" not in mine.get("/portal/help").text
    assert "سفارشم کی می‌رسد؟" not in mine.get("/portal/help?q=سفارشم").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "ع" * 161), ("body", "  "), ("body", "م" * 20_001), ("department", ""),
     ("department", "x"), ("title", "قوری\x00"), ("line", "abc"), ("order", "o" * 61)],
)  # fmt: skip
def test_bad_input_is_said_and_what_was_typed_stays(as_contact, world, nika, field, value):
    answer = as_contact(nika).post("/portal/requests", data={**TEXT, field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    kept = TEXT["body"] if field != "body" else "قوری شکسته رسید"
    if field != "department":
        assert kept in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0


def test_nothing_but_the_listed_fields_is_taken(as_contact, world, nika, babak):
    """P08: mass assignment."""
    as_contact(nika).post("/portal/requests", data={
        **TEXT, "contact_id": babak.id, "company_id": 7, "board_id": world.sales.id, "pipeline_id": world.sales.id,
        "stage_id": world.stage("Resolved").id, "assignee_id": world.omid.id, "priority": 4, "vip": 1, "tier": "vip",
        "created_at": "2020-01-01", "opened_at": "2020-01-01", "internal": 1, "is_internal": 1, "channel": "agent",
        "code": "7KQD3XHT4", "author_id": world.sara.id, "visibility": "internal",
    })  # fmt: skip
    card = newest()
    assert (card.contact_id, card.pipeline_id, card.stage_id) == (nika.id, world.support.id, world.stage("New").id)
    assert (card.assignee_id, card.priority, card.is_internal, card.channel) == (None, 2, False, "portal")
    assert card.opened_at.year > 2020
    assert card.code != "7KQD3XHT4"
    entry = db.session.scalar(sa.select(Entry))
    assert (entry.author_id, entry.contact_id, entry.visibility) == (None, nika.id, "portal")


def test_a_form_that_arrives_twice_opens_one_request(as_contact, world, nika):
    mine, op_id = as_contact(nika), str(uuid4())
    answers = [mine.post("/portal/requests", data={**TEXT, "op_id": op_id}) for _time in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 1


def test_the_number_of_an_act_is_ones_own(as_contact, world, nika, babak):
    """Somebody else's number for an act leads nowhere."""
    op_id = str(uuid4())
    as_contact(nika).post("/portal/requests", data={**TEXT, "op_id": op_id})
    as_contact(babak).post("/portal/requests", data={**TEXT, "op_id": op_id})
    assert set(db.session.scalars(sa.select(Card.contact_id))) == {nika.id, babak.id}


def test_a_request_about_an_order_is_linked_to_it_and_its_line(as_contact, shop):
    mine = as_contact(shop.nika)
    form = mine.get(f"/portal/requests/new?department=support&order={shop.order.number}&line=2").text
    assert f'value="{shop.order.number}" selected' in form
    assert shop.order.lines[1].name in form
    mine.post("/portal/requests", data={**TEXT, "order": shop.order.number, "line": "۲"})
    link = db.session.scalar(sa.select(CardLink))
    assert (link.card_id, link.order_id, link.line_id) == (newest().id, shop.order.id, shop.order.lines[1].id)
    assert newest().company_id == shop.world.company.id
    assert shop.order.number in mine.get(f"/portal/requests/{newest().code}").text


@pytest.mark.parametrize("number", ["theirs", "TR-99999"])
def test_anothers_order_cannot_be_named(as_contact, shop, number):
    """P09: the same refusal for another's order and for none, with no detail of it; not a row is written."""
    mine = as_contact(shop.nika)
    before = snapshot()
    named = shop.other_order.number if number == "theirs" else number
    answer = mine.post("/portal/requests", data={**TEXT, "order": named})
    assert answer.status_code == 422
    assert "لطفاً یکی از سفارش‌های خودتان را انتخاب کنید." in answer.text
    assert named not in answer.text
    assert snapshot() == before


def test_an_order_of_a_colleague_is_not_ones_own(as_contact, shop, kaveh):
    kaveh.memberships[0].can_see_company_orders = True
    db.session.commit()
    answer = as_contact(kaveh).post("/portal/requests", data={**TEXT, "order": shop.order.number})
    assert answer.status_code == 422


def test_ten_requests_an_hour_are_enough(as_contact, world, nika):
    mine = as_contact(nika)
    answers = [mine.post("/portal/requests", data={**TEXT, "title": f"شمارهٔ {number}"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert "تلفن" in answers[-1].text
    assert "شمارهٔ ۱۰" in answers[-1].text or "شمارهٔ 10" in answers[-1].text


def test_a_sales_department_takes_a_request_too(as_contact, world, nika):
    """A2: the department decides the board; the customer follows it like any other."""
    db.session.add(Department(slug="buy", name_fa="خرید سازمانی", name_en="Companies", pipeline=world.sales))
    db.session.commit()
    mine = as_contact(nika)
    answer = mine.post("/portal/requests", data={**TEXT, "department": "buy"})
    assert newest().pipeline_id == world.sales.id
    assert mine.get(answer.location).status_code == 200
    assert "دریافت شد" in mine.get(answer.location).text


def test_broken_uploads_change_nothing(as_contact, world, nika):
    from io import BytesIO

    mine = as_contact(nika)
    answer = mine.post("/portal/requests", data={**TEXT, "files": [(BytesIO(b""), "خالی.png")]},
                       content_type="multipart/form-data")  # fmt: skip
    assert answer.status_code == 422
    assert TEXT["body"] in answer.text
    many = [(BytesIO(b"x"), f"{number}.txt") for number in range(11)]
    assert mine.post("/portal/requests", data={**TEXT, "files": many}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0
