"""Work that leaves the process: claimed by one, found again when its wake-up is lost, never done twice."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import outbox
from app.clock import freeze, utcnow
from app.extensions import db
from app.outbox import Delivery, Outbox

KIND = "test.kind"


@pytest.fixture
def handled(app, monkeypatch):
    """Ids of rows that the handler was given; what it answers is set as `handled.answer`."""

    class Handled(list[int]):
        def answer(self, _row: Outbox) -> Delivery:
            return Delivery("done", ref="gateway-1")

        def __call__(self, row: Outbox) -> Delivery:
            self.append(row.id)
            return self.answer(row)

    found = Handled()
    monkeypatch.setitem(outbox._handlers, KIND, found)
    return found


def enqueued(key: str = "one", **more) -> int:
    row_id = outbox.enqueue(KIND, key=key, **more)
    assert row_id is not None
    db.session.commit()
    return row_id


def state(row_id: int) -> Outbox:
    db.session.rollback()
    return db.session.get_one(Outbox, row_id, populate_existing=True)


def test_a_row_is_carried_out_once(handled):
    row_id = enqueued()
    for _again in range(3):
        outbox.run(row_id)
        outbox.deliver_due()
    row = state(row_id)
    assert handled == [row_id]
    assert (row.state, row.attempts, row.provider_ref) == ("done", 1, "gateway-1")
    assert row.done_at is not None


def test_the_database_keeps_keys_apart(handled):
    """Two who pass the first question at once are told apart by the unique key."""
    enqueued()
    db.session.add(Outbox(kind=KIND, key="one"))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.servers
def test_one_of_many_claims_a_row(app, handled):
    """F03: whoever wakes, one UPDATE decides."""
    rows = [enqueued(f"row {number}") for number in range(10)]
    won: list[int] = []
    start = threading.Barrier(8)

    def claim_all() -> None:
        with app.app_context():
            start.wait()
            won.extend(row_id for row_id in rows if outbox.claim(row_id))
            db.session.remove()

    threads = [threading.Thread(target=claim_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == rows


def test_a_lost_wake_up_is_found_by_the_sweep(app, handled, monkeypatch):
    """F02: the broker was away when the row was written."""
    monkeypatch.setitem(app.config, "OUTBOX_WAKE", True)

    def fail(*_args: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(outbox.run_task, "delay", fail)
    row_id = enqueued()
    assert state(row_id).state == "waiting"
    assert outbox.sweep() == [row_id]


def test_what_is_not_due_waits(handled):
    now = utcnow()
    row_id = enqueued(due_at=now + timedelta(minutes=5))
    assert outbox.deliver_due() == 0
    with freeze(now + timedelta(minutes=6)):
        assert outbox.sweep() == [row_id]


def test_a_worker_that_died_before_the_call_is_replaced_after_its_lease(handled):
    row_id, now = enqueued(), utcnow()
    assert outbox.claim(row_id)
    assert outbox.sweep() == []
    assert not outbox.claim(row_id)
    with freeze(now + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.sweep() == [row_id]
        outbox.run(row_id)
    assert handled == [row_id]


def test_a_worker_that_died_in_the_call_leaves_the_decision_to_a_person(handled):
    """F05: whether it arrived is unknown, so it is never sent again by itself."""
    row_id, now = enqueued(), utcnow()
    outbox.claim(row_id)
    state(row_id).begin_sending()
    with freeze(now + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.sweep() == []
        outbox.run(row_id)
    assert state(row_id).state == "unknown"
    assert handled == []


def test_a_handler_that_raises_is_tried_five_times_then_set_aside(handled, monkeypatch):
    """F08: later each time, and the rest goes on."""
    monkeypatch.setattr(handled, "answer", lambda _row: 1 / 0)
    row_id, now, waits = enqueued(), utcnow(), []
    for _try in range(outbox.TRIES + 2):
        with freeze(now):
            outbox.deliver_due()
        row = state(row_id)
        waits.append((row.due_at - now).total_seconds())
        now = max(now, row.due_at) + timedelta(seconds=1)
    assert (row.state, row.attempts, row.error) == ("failed", outbox.TRIES, "ZeroDivisionError")
    assert len(handled) == outbox.TRIES
    assert waits[: outbox.TRIES] == sorted(waits[: outbox.TRIES])
    other = enqueued("two")
    monkeypatch.setattr(handled, "answer", lambda _row: Delivery("done"))
    outbox.deliver_due()
    assert state(other).state == "done"


def test_a_handler_that_raises_in_the_call_is_not_repeated(handled, monkeypatch):
    def fail(row: Outbox) -> Delivery:
        row.begin_sending()
        raise ConnectionError

    monkeypatch.setattr(handled, "answer", fail)
    row_id = enqueued()
    outbox.deliver_due()
    outbox.deliver_due()
    assert state(row_id).state == "unknown"
    assert handled == [row_id]


def test_what_a_failing_handler_wrote_is_undone(handled, monkeypatch):
    def fail(_row: Outbox) -> Delivery:
        db.session.add(Outbox(kind=KIND, key="half done"))
        db.session.flush()
        raise ValueError

    monkeypatch.setattr(handled, "answer", fail)
    enqueued()
    outbox.deliver_due()
    assert db.session.scalars(sa.select(Outbox.key)).all() == ["one"]


def test_a_row_of_an_unknown_kind_is_set_aside_and_stops_nobody(handled):
    """A plugin that is gone, or an older version of Kariz."""
    db.session.add(Outbox(kind="nobody.knows", key="lost"))
    row_id = enqueued()
    outbox.deliver_due()
    assert state(row_id).state == "done"


def test_an_unknown_state_is_refused_by_the_database(handled):
    row = db.session.get_one(Outbox, enqueued())
    row.state = "perhaps"
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
