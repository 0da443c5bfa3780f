"""Promises: A12, E1, E3, E4; TICKETS 4 (11 to 13); SAFETY P11, F25."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.services import set_house_hours
from app.clock import freeze
from app.errors import DomainError
from app.events import Event
from app.extensions import db
from cards.models import Card, Promise
from cards.placement import move
from cards.promises import words
from cards.promises.clock import rescale
from cards.services import add_note, add_reply, open_card, receive_message, reopen, resolve, set_priority
from cards.services.promising import promise_by_hand

TEHRAN = ZoneInfo("Asia/Tehran")
WEEK = {day: [["09:00", "17:00"]] for day in ("sat", "sun", "mon", "tue", "wed")}


def tehran(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """21 November 2026 is a Saturday."""
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


@pytest.fixture
def clock():
    with freeze(tehran(21, 10)) as clock:
        yield clock


@pytest.fixture
def house(clock, world):
    """Saturday to Wednesday, nine to five."""
    set_house_hours(WEEK, by=world.admin)
    db.session.commit()


@pytest.fixture
def card(house, world):
    """Opened on Saturday at ten, of normal priority: eight hours."""
    return world.card()


def promise_of(card: Card) -> Promise:
    return db.session.scalars(sa.select(Promise).where(Promise.card_id == card.id).order_by(Promise.id.desc())).first()


def facts(card: Card) -> list[str]:
    query = sa.select(Event.name).where(Event.card_id == card.id, Event.name.like("promise.%"))
    return [name.removeprefix("promise.") for name in db.session.scalars(query.order_by(Event.id))]


def reason_of(card: Card, name: str) -> str:
    event = db.session.scalars(sa.select(Event).where(Event.card_id == card.id, Event.name == name)).all()[-1]
    return words.tell(event.name, event.data)


def test_a_new_request_is_promised_an_answer_in_working_hours(card):
    """E1: eight hours from Saturday ten are Sunday ten."""
    assert card.promised_at == tehran(22, 10)
    assert (promise_of(card).seconds, promise_of(card).reason) == (8 * 3600, "opened")
    assert facts(card) == ["made"]


def test_a_reply_keeps_the_promise_and_a_note_does_not(card, world, clock):
    clock.advance(hours=2)
    add_note(card, "یادداشت", by=world.sara)
    assert card.promised_at is not None
    add_reply(card, "پاسخ", by=world.sara)
    db.session.commit()
    assert (card.promised_at, card.promise_seconds) == (None, None)
    assert promise_of(card).is_kept
    assert facts(card) == ["made", "met"]


def test_an_answer_too_late_is_a_promise_not_kept(card, world, clock):
    clock.move_to(tehran(22, 11))
    add_reply(card, "پاسخ", by=world.sara)
    assert not promise_of(card).is_kept
    assert promise_of(card).missed_at == tehran(22, 10)


def test_what_kariz_writes_itself_is_no_answer(card):
    add_reply(card, "خودکار", by=None)
    assert card.promised_at is not None


def test_each_further_question_is_promised_an_answer(card, world, nika, clock):
    """The earliest unanswered question counts, not the newest."""
    clock.advance(hours=1)
    receive_message(card, "خبری نشد؟", contact=nika)
    assert card.promised_at == tehran(22, 10)
    add_reply(card, "پاسخ", by=world.sara)
    clock.move_to(tehran(23, 9))
    receive_message(card, "و حالا؟", contact=nika)
    assert card.promised_at == tehran(24, 9) - timedelta(hours=16)
    assert promise_of(card).reason == "wrote"


def test_it_waits_with_the_customer_and_goes_on_when_they_write(card, world, nika, clock):
    """TICKETS 4.12: the pause ends at the customer's time."""
    clock.advance(hours=3)
    move(card, world.stage("Waiting").id, by=world.sara)
    assert (card.promised_at, card.promise_left_seconds, card.promise_waits_for) == (None, 5 * 3600, "customer")
    clock.move_to(tehran(23, 9))
    receive_message(card, "این هم عکس", contact=nika)
    db.session.commit()
    assert card.promised_at == tehran(23, 14)
    assert card.promise_left_seconds is None
    move(card, world.stage("Working").id, by=world.sara)
    assert card.promised_at == tehran(23, 14)
    assert facts(card) == ["made", "paused", "resumed"]


def test_leaving_the_waiting_stage_lets_it_go_on(card, world, clock):
    clock.advance(hours=3)
    move(card, world.stage("Waiting").id, by=world.sara)
    clock.move_to(tehran(23, 9))
    move(card, world.stage("Working").id, by=world.sara)
    assert card.promised_at == tehran(23, 14)


def test_a_hidden_stage_neither_stops_nor_starts_it(card, world, clock):
    """P11: the time of a hidden stage cannot be read from the promise."""
    world.stage("Consulting").kind = "waiting_other"
    db.session.flush()
    move(card, world.stage("Working").id, by=world.sara)
    move(card, world.stage("Consulting").id, by=world.sara)
    clock.advance(hours=4)
    move(card, world.stage("Working").id, by=world.sara)
    assert card.promised_at == tehran(22, 10)
    move(card, world.stage("Waiting").id, by=world.sara)
    left = card.promise_left_seconds
    clock.advance(hours=4)
    move(card, world.stage("Consulting").id, by=world.sara)
    assert card.promise_left_seconds == left
    assert facts(card) == ["made", "paused"]


def test_a_board_without_a_portal_pauses_in_any_waiting_stage(house, world, clock):
    world.support.is_in_portal = False
    world.stage("Consulting").kind = "waiting_other"
    card = world.card()
    move(card, world.stage("Consulting").id, by=world.sara)
    assert card.promise_waits_for == "other"


def test_what_has_passed_does_not_pause(card, world, clock):
    clock.move_to(tehran(22, 12))
    move(card, world.stage("Waiting").id, by=world.sara)
    assert card.promised_at == tehran(22, 10)
    assert facts(card) == ["made"]


def test_the_end_of_the_work_keeps_it_and_a_return_begins_another(card, world, clock):
    resolve(card, world.stage("Resolved"), cause="", solution="درست شد", by=world.sara)
    db.session.commit()
    assert promise_of(card).is_kept
    clock.advance(hours=1)
    reopen(card, by=world.sara)
    db.session.commit()
    assert card.promised_at == tehran(22, 11)
    assert promise_of(card).reason == "reopened"
    assert facts(card) == ["made", "met", "made"]


def test_another_priority_keeps_the_share_of_the_time(card, world, clock):
    """TICKETS 4.13, N05: never in the past; going back restores it, and the customer hears nothing."""
    clock.advance(hours=4)
    set_priority(card, 4, by=world.sara)
    assert card.promised_at == tehran(21, 15)
    assert words.standing(card) == ("running", words.promised(tehran(22, 10)))
    set_priority(card, 2, by=world.sara)
    db.session.commit()
    assert card.promised_at == tehran(22, 10)
    assert facts(card) == ["made", "changed", "changed"]
    seen = sa.select(Event.visibility).where(Event.name == "promise.changed")
    assert set(db.session.scalars(seen)) == {"internal"}


def test_a_lower_priority_breaks_no_promise(card, world):
    set_priority(card, 1, by=world.sara)
    assert card.promised_at == tehran(22, 10)


def test_a_colleague_promises_another_time_with_a_reason(card, world, clock):
    promise_by_hand(card, tehran(24, 12), reason="منتظر قطعه‌ایم", by=world.sara)
    db.session.commit()
    assert card.promised_at == tehran(24, 12)
    assert "منتظر قطعه‌ایم" in reason_of(card, "promise.changed")
    set_priority(card, 4, by=world.sara)
    assert card.promised_at == tehran(24, 12)


@pytest.mark.parametrize(
    ("at", "reason", "field"),
    [
        (tehran(24, 12), " ", "reason"),
        (tehran(21, 9), "چون", "time"),
        (tehran(21, 9) + timedelta(days=400), "چون", "day"),
    ],
)
def test_a_promise_by_hand_needs_a_reason_and_a_time_to_come(card, world, at, reason, field):
    with pytest.raises(DomainError) as refused:
        promise_by_hand(card, at, reason=reason, by=world.sara)
    assert refused.value.field == field


def test_a_new_time_does_not_undo_that_the_first_was_missed(card, world, clock):
    clock.move_to(tehran(22, 11))
    promise_by_hand(card, tehran(23, 12), reason="ببخشید", by=world.sara)
    add_reply(card, "پاسخ", by=world.sara)
    assert promise_of(card).missed_at == tehran(22, 10)
    assert not promise_of(card).is_kept


def test_requests_of_colleagues_and_orders_are_promised_nothing(house, world):
    deal = open_card(world.nika, world.sales.first_stage, title="معامله", by=world.omid, channel="agent")
    order = open_card(world.nika, world.orders.first_stage, title="سفارش", by=world.omid)
    assert not deal.has_promise
    assert not order.has_promise


def test_a_card_of_the_past_counts_from_its_own_time(house, world):
    card = open_card(world.nika, world.stage("New"), title="قدیمی", by=world.nika, body="x", at=tehran(16, 16))
    assert card.promised_at == tehran(17, 16)


def test_the_clock_stepping_back_changes_no_promise(card, world, clock):
    """F25: one clock, no negative time."""
    clock.advance(hours=-2)
    move(card, world.stage("Waiting").id, by=world.sara)
    assert 0 <= card.promise_left_seconds <= 10 * 3600
    clock.advance(hours=-1)
    move(card, world.stage("Working").id, by=world.sara)
    assert card.promised_at is not None


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 7 * 60))
def test_a_priority_never_moves_a_promise_into_the_past(app, before, after, minutes):
    from cards.promises.rules import rules

    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    seconds = rules().minutes(None, before) * 60
    row = Card(
        department_id=None,
        pipeline_id=1,
        promised_at=now + timedelta(minutes=minutes),
        promise_seconds=seconds,
        promise_told_at=now + timedelta(minutes=minutes),
    )
    step = rescale(row, now, after)
    assert step is None or step.card["promised_at"] >= now


# Budgets.


def test_a_promise_costs_a_new_card_three_statements(house, world, statements):
    world.card()
    world.stage("New")
    statements.clear()
    open_card(world.nika, world.stage("New"), title="تازه", by=world.nika, body="سلام")
    db.session.flush()
    assert sum("promises" in statement for statement in statements) == 1
    assert len(statements) <= 15, "\n".join(statements)


def test_a_move_that_pauses_keeps_to_the_budget(card, world, sara, as_user, statements):
    """DESIGN 6: one card row is written, and the pause costs no more than its fact and the version of the hours."""
    plain = db.session.scalars(sa.select(Card).where(Card.id == world.card().id)).one()
    add_reply(plain, "پاسخ", by=sara)
    db.session.commit()
    browser, counts = as_user(sara), []
    for number, each in enumerate((plain, card)):
        form = {"op_id": str(number), "stage_id": world.stage("Waiting").id, "base_version": each.version}
        statements.clear()
        assert browser.post(f"/cards/{each.code}/placement", data=form).status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 2, "\n".join(statements)
    assert sum("UPDATE cards" in statement for statement in statements) == 1
