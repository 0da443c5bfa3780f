"""Orders from the time before Kariz: they stand where they stood, and nobody hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from app.notifications import Notification
from app.outbox import Outbox
from cards.models import Card, StageTransition
from orders.models import Order, StockLevel
from orders.services import NewLine, add_warehouse, create_product, issue_invoice, set_stock
from orders.services.ordering import Delivery
from orders.services.past import Parcel, continue_past_order, open_past_order
from tests.world import World

PLACED = datetime(2020, 5, 1, 8, tzinfo=UTC)
ARRIVED = PLACED + timedelta(days=4)


@pytest.fixture
def tea(world: World):
    return create_product(by=None, sku="T-1", name="چای سیاه", price_rials=1_200_000, vat_rate=0)


@pytest.fixture
def make(world: World, tea):
    def make(number: str = "9001", parcel: Parcel | None = None, lines: list[NewLine] | None = None, **more) -> Order:
        lines = [NewLine(tea, 3, discount_rials=600_000)] if lines is None else lines
        order = open_past_order(world.nika, lines, by=None, number=number, ordered_at=PLACED, parcel=parcel, **more)
        db.session.commit()
        return order

    return make


def arrived(**more) -> Parcel:
    return Parcel(shipped_at=ARRIVED, delivered_at=ARRIVED, carrier_name="باربری", **more)


def test_a_delivered_order_is_closed_since_then(make, world: World) -> None:
    order = make(parcel=arrived())
    card = order.card
    assert (card.stage.name_en, card.opened_at, card.resolved_at, card.closed_at) == (
        "Delivered", PLACED, ARRIVED, ARRIVED
    )  # fmt: skip
    assert card.closure.at == ARRIVED
    assert card.portal_step.label_en == "Delivered"
    assert order.is_shipped
    stays = db.session.scalars(sa.select(StageTransition).order_by(StageTransition.id)).all()
    assert [(stay.entered_at, stay.left_at) for stay in stays] == [(PLACED, ARRIVED), (ARRIVED, None)]
    assert (order.goods_rials, order.discount_rials, order.total_rials) == (3_600_000, 600_000, 3_000_000)


def test_events_have_their_times_and_nobody_is_told(make, world: World, monkeypatch) -> None:
    frames: list[object] = []
    monkeypatch.setattr("app.realtime.emit", lambda *frame: frames.append(frame))
    monkeypatch.setattr("app.notifications.emit", lambda *frame: frames.append(frame))
    make(parcel=arrived())
    make("9002")
    db.session.refresh(world.orders)
    found = db.session.execute(sa.select(Event.name, Event.at, Event.seq).order_by(Event.id)).all()
    assert [tuple(row) for row in found if row.name != "product.created"] == [
        ("card.opened", PLACED, None), ("card.moved", ARRIVED, None), ("card.closed", ARRIVED, None),
        ("order.created", PLACED, None), ("order.shipped", ARRIVED, None),
        # An open board asks for what it missed by this number.
        ("card.opened", PLACED, world.orders.seq), ("order.created", PLACED, None),
    ]  # fmt: skip
    assert frames == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0


def test_an_order_on_the_way_stands_in_the_last_open_stage(make) -> None:
    order = make(parcel=Parcel(shipped_at=ARRIVED))
    assert (order.card.stage.name_en, order.card.closed_at) == ("Shipped", None)
    assert order.card.started_at == ARRIVED


def test_an_order_may_come_without_lines(make) -> None:
    order = make(lines=[], delivery=Delivery(shipping_rials=50_000))
    assert (order.total_rials, "9001" in order.card.title) == (50_000, True)


def test_stock_stays_as_it_is(make, tea) -> None:
    place = add_warehouse("انبار", by=None)
    set_stock(tea, place, 7, reason="شمارش", by=None)
    make(parcel=arrived())
    assert db.session.get_one(StockLevel, (tea.id, place.id), populate_existing=True).on_hand == 7


def test_shipped_before_it_was_placed_is_refused(make) -> None:
    with pytest.raises(DomainError):
        make(parcel=Parcel(shipped_at=PLACED - timedelta(days=1), delivered_at=PLACED - timedelta(days=1)))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0


def test_the_same_again_is_no_news(make, tea) -> None:
    order = make(parcel=arrived())
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    lines = [NewLine(tea, 3, discount_rials=600_000)]
    assert not continue_past_order(
        order, by=None, lines=lines, changes={"recipient": order.recipient}, parcel=arrived()
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events


def test_a_later_file_says_that_it_arrived(make, world: World) -> None:
    order = make()
    assert continue_past_order(order, by=None, parcel=arrived())
    db.session.commit()
    assert (order.card.stage.name_en, order.card.closed_at, order.is_shipped) == ("Delivered", ARRIVED, True)
    assert order.shipments[0].carrier_label == "باربری"
    db.session.refresh(world.orders)
    closed = db.session.scalars(sa.select(Event).where(Event.name == "card.closed")).one()
    assert (closed.at, closed.seq) == (ARRIVED, world.orders.seq)


def test_other_lines_replace_the_lines_and_the_sums(make, tea) -> None:
    order = make(parcel=arrived())
    assert continue_past_order(order, by=None, lines=[NewLine(tea, 5)], changes={"shipping_rials": 10_000})
    db.session.commit()
    assert ([line.quantity for line in order.lines], order.total_rials) == ([5], 6_010_000)
    assert (order.card.amount_rials, order.is_shipped) == (6_010_000, True)


def test_a_billed_order_keeps_its_lines(make, tea) -> None:
    order = make()
    issue_invoice(order, by=None)
    with pytest.raises(DomainError):
        continue_past_order(order, by=None, lines=[NewLine(tea, 5)])
