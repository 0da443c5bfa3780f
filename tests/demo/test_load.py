"""The demo is loaded once, as if everything had happened at its time. One load for all of these tests."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

import demo
from app import settings
from app.clock import utcnow
from app.events import Event
from app.extensions import db
from app.files import IMAGES, StoredFile
from app.hooks import KEY
from app.notifications import Notification
from app.outbox import Outbox
from app.text import clean
from app.users.models import Team, User
from cards.models import Attachment, Card, CardRead, Closure, Entry, Mention, StageTransition, Survey
from contacts.models import Company, Contact, ContactPoint, Membership
from demo.content import BUSINESS, DEALS, DEPARTMENTS, ORDERS, PEOPLE, PIPELINES, PRODUCTS, TICKETS
from demo.content.shapes import stage_of
from knowledge.models import FaqEntry
from orders.models import CardLink, Invoice, Order, Payment, Product, Shipment, StockLevel
from pipelines.models import Department, Pipeline, Stage
from tests.conftest import empty_database

pytestmark = pytest.mark.servers
ENDED_KINDS = ("resolved", "won", "lost", "delivered", "returned", "cancelled")


@pytest.fixture(scope="module", autouse=True)
def _clean() -> None:
    """Between these tests the rows stay."""


@pytest.fixture(scope="module")
def printed(app: Flask) -> Iterator[str]:
    """What the first start prints."""
    text = demo.load()
    db.session.commit()
    yield text
    empty_database()


@pytest.fixture(autouse=True)
def _loaded(printed: str) -> Iterator[None]:
    yield
    db.session.rollback()


def count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def contact(name_en: str) -> Contact:
    return db.session.scalars(sa.select(Contact).where(Contact.name_en == name_en)).one()


def test_there_is_as_much_as_promised():
    kinds = dict(
        db.session.execute(sa.select(Pipeline.kind, sa.func.count(Card.id)).join(Card).group_by(Pipeline.kind)).all()
    )
    assert kinds == {"ticket": len(TICKETS), "deal": len(DEALS), "order": len(ORDERS)}
    assert count(User) == 8
    assert count(Contact) + count(Company) == 40
    assert count(Membership) == sum(len(person.memberships) for person in PEOPLE)
    assert (count(Order), count(Product), count(Team)) == (len(ORDERS), len(PRODUCTS), 4)
    assert count(Invoice) == sum(1 for order in ORDERS if order.invoice)
    assert count(Payment) == sum(len(order.payments) for order in ORDERS)
    assert count(Shipment) == sum(len(order.shipments) for order in ORDERS)
    assert (count(Department), count(FaqEntry)) == (len(DEPARTMENTS), sum(len(d.questions) for d in DEPARTMENTS))
    assert count(Survey, Survey.answered_at.is_not(None)) == sum(1 for card in TICKETS if card.survey)
    assert count(CardLink) >= sum(1 for card in (*TICKETS, *DEALS) if card.order)
    assert settings.get("business.name_fa") == BUSINESS.name_fa
    assert settings.get("setup.finished") is True


def test_every_stage_has_cards():
    for board in PIPELINES:
        pipeline = db.session.scalars(sa.select(Pipeline).where(Pipeline.slug == board.slug)).one()
        assert all(count(Card, Card.stage_id == stage.id) for stage in pipeline.stages)


def test_every_card_stands_where_its_story_ends():
    for drawn in (*TICKETS, *DEALS):
        card = db.session.scalars(sa.select(Card).where(Card.title == clean(drawn.title))).one()
        board = next(pipeline for pipeline in PIPELINES if pipeline.slug == drawn.pipeline)
        assert card.stage.name_fa == stage_of(drawn, board).name_fa
        assert (card.resolved_at is not None) == (card.stage.kind in ENDED_KINDS)
        assert (card.closure is not None) == (card.resolved_at is not None)


def test_phases_follow_each_other():
    for card in db.session.scalars(sa.select(Card)):
        phases = [card.opened_at, card.seen_at, card.started_at, card.resolved_at, card.closed_at]
        known = [moment for moment in phases if moment is not None]
        assert known == sorted(known), card.title
        assert card.stage_entered_at >= card.opened_at


def test_each_card_is_in_one_stage_and_its_stays_touch():
    """BOARD I1: exactly one open stay, of the stage the card is in, and no gap before it."""
    stays: dict[int, list[StageTransition]] = {}
    for stay in db.session.scalars(sa.select(StageTransition).order_by(StageTransition.id)):
        stays.setdefault(stay.card_id, []).append(stay)
    for card in db.session.scalars(sa.select(Card)):
        way = stays[card.id]
        assert [stay.left_at is None for stay in way] == [False] * (len(way) - 1) + [True]
        assert way[0].entered_at == card.opened_at
        assert (way[-1].stage_id, way[-1].entered_at) == (card.stage_id, card.stage_entered_at)
        assert all(before.left_at == after.entered_at for before, after in pairwise(way))


def test_the_order_of_events_has_no_hole():
    """BOARD I2."""
    for pipeline in db.session.scalars(sa.select(Pipeline)):
        numbers = db.session.scalars(
            sa.select(Event.seq).where(Event.pipeline_id == pipeline.id, Event.seq.is_not(None))
        )
        assert sorted(numbers) == list(range(1, pipeline.seq + 1))


def test_ranks_in_a_stage_are_all_different():
    rows = db.session.execute(sa.select(Card.stage_id, Card.rank).where(Card.closed_at.is_(None))).all()
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    "column",
    [
        Event.at, Entry.created_at, Card.opened_at, Card.closed_at, Card.waiting_since, StageTransition.entered_at,
        Order.ordered_at, Order.created_at, Invoice.created_at, Payment.paid_at, Shipment.shipped_at, Closure.at,
        Survey.answered_at, Outbox.created_at, Outbox.done_at, Notification.created_at, Notification.read_at,
        CardRead.at, Contact.created_at, User.created_at, ContactPoint.created_at, Attachment.created_at,
    ],
    ids=str,
)  # fmt: skip
def test_nothing_lies_in_the_future(column):
    assert db.session.scalar(sa.select(sa.func.max(column))) <= utcnow()


def test_the_history_is_told_in_the_order_of_time():
    moments = db.session.scalars(sa.select(Event.at).order_by(Event.id)).all()
    assert moments == sorted(moments)
    assert moments[0] < utcnow() - timedelta(days=1000)
    assert len({moment.minute for moment in moments[-600:]}) > 40


def test_no_message_leaves_and_none_waits():
    """N: demo customers are nobody whom a provider could reach, and the worker has nothing to do at the first start."""
    assert count(Outbox) > 100
    states = set(db.session.execute(sa.select(Outbox.state, Outbox.provider)).all())
    assert {tuple(row) for row in states} == {("done", "log")}
    assert db.session.info.get(KEY, []) == []
    assert count(Contact, Contact.is_demo.is_(False)) == 0
    for row in db.session.scalars(sa.select(Outbox)):
        assert row.body
        assert row.address
        assert row.done_at - row.created_at < timedelta(seconds=10)


def test_files_are_what_they_seem():
    rows = db.session.scalars(sa.select(Attachment)).all()
    assert len(rows) >= 15
    for stored in db.session.scalars(sa.select(StoredFile)):
        assert stored.path.stat().st_size == stored.size_bytes < 250_000
    pictures = [row for row in rows if re.search(r"\.(jpg|png|gif)$", row.name)]
    assert {row.file.content_type for row in pictures} <= set(IMAGES.values())


def test_mentions_name_colleagues_in_full():
    """C2: what a note shows as @name is who was told."""
    for mention in db.session.scalars(sa.select(Mention)):
        body = db.session.get_one(Entry, mention.entry_id).body
        assert f"@{mention.user.name}" in body or f"@{mention.user.name_en}" in body
    leftover = [body for body in db.session.scalars(sa.select(Entry.body)) if re.search(r"@[a-z]+\b", body)]
    assert [body for body in leftover if "@example" not in body] == []


def test_the_printed_colleagues_find_something_new(as_user):
    for email in ("sara@demo.kariz.test", "omid@demo.kariz.test"):
        user = db.session.scalars(sa.select(User).where(User.email == email)).one()
        mine = (Notification.user_id == user.id, Notification.read_at.is_(None))
        assert 3 <= count(Notification, *mine) <= 12
        assert count(Notification, *mine, Notification.kind == "mention") >= 1
        assert as_user(user).get("/inbox").status_code == 200


def test_money_and_stock_agree():
    """F5: what is billed equals what was ordered, and nothing is paid twice."""
    for invoice in db.session.scalars(sa.select(Invoice)):
        assert invoice.total_rials == invoice.order.total_rials
        assert invoice.paid_rials <= invoice.total_rials
        assert (invoice.state == "paid") == (invoice.due_rials == 0 and invoice.state != "void")
    stock = dict(db.session.execute(
        sa.select(Product.sku, sa.func.sum(StockLevel.on_hand)).join(StockLevel).group_by(Product.sku)
    ).all())  # fmt: skip
    assert stock == {product.sku: sum(product.stock.values()) for product in PRODUCTS}


def test_the_printed_sign_ins_work(app, printed):
    """The first start prints four colleagues with one password, and two customers."""
    password = re.search(r"with the password  (\S+)", printed)[1]
    emails = re.findall(r"\S+@demo\.kariz\.test", printed)
    assert emails == [f"{name}@demo.kariz.test" for name in ("admin", "manager", "sara", "omid")]
    for email in emails:
        client = app.test_client()
        assert client.post("/sign-in", data={"email": email, "password": password}).status_code in {302, 303}
        for url in ("/work", "/boards/sales" if email.startswith("omid") else "/boards/support", "/orders/GJ-20364"):
            assert client.get(url, follow_redirects=True).status_code == 200, (email, url)


def test_every_board_and_card_opens(as_user):
    admin = db.session.scalars(sa.select(User).where(User.role == "admin")).one()
    client = as_user(admin)
    for board in PIPELINES:
        page = client.get(f"/boards/{board.slug}").get_data(as_text=True)
        assert page.count("data-card=") == count(
            Card,
            Card.closed_at.is_(None),
            Card.pipeline_id.in_(sa.select(Pipeline.id).where(Pipeline.slug == board.slug)),
        )
    for stage in db.session.scalars(sa.select(Stage)):
        code = db.session.scalar(sa.select(Card.code).where(Card.stage_id == stage.id).limit(1))
        assert client.get(f"/cards/{code}").status_code == 200


def test_both_printed_customers_see_their_requests_and_orders(printed, as_contact):
    """G1, G4: and nothing of what colleagues say among themselves."""
    for name in ("Niloofar Afshar", "Hamed Bahrami"):
        assert name in printed
        customer = contact(name)
        client = as_contact(customer)
        home = client.get("/portal/").get_data(as_text=True)
        requests = db.session.scalars(Card.visible_in_portal_to(customer)).all()
        assert len(requests) >= 3
        for card in requests:
            page = client.get(f"/portal/requests/{card.code}")
            assert page.status_code == 200
            assert card.title in page.get_data(as_text=True)
            notes = db.session.scalars(sa.select(Entry.body).where(Entry.card_id == card.id, Entry.kind == "note"))
            assert [note for note in notes if note[:30] in page.get_data(as_text=True)] == []
        orders = db.session.scalars(Order.visible_in_portal_to(customer)).all()
        assert len(orders) >= 3
        assert all(client.get(f"/portal/orders/{order.number}").status_code == 200 for order in orders)
        assert any(order.number in home for order in orders)


def test_a_second_load_is_refused_and_changes_nothing():
    before = count(Event)
    assert "nothing was changed" in demo.load()
    assert count(Event) == before


def test_new_numbers_follow_those_of_the_story():
    assert settings.get("orders.number_prefix") + str(settings.get("orders.first_number")) == "GJ-20396"
    assert max(order.number for order in ORDERS) < "GJ-20396"


def test_requests_get_their_first_assignee_from_now_on():
    """A2."""
    found = {row.slug: row.default_assignee.email for row in db.session.scalars(sa.select(Department))}
    assert found == {d.slug: f"{d.default_assignee}@demo.kariz.test" for d in DEPARTMENTS}
