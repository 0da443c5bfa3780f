"""Whose turn it is with a row: workers that sleep, die, or come back late with an old answer (F03, F04, F08, F22)."""

from datetime import timedelta

import pytest

from app import jobs, outbox
from app.clock import freeze, utcnow
from app.extensions import db
from app.jobs import Job
from app.outbox import Delivery, Outbox

KIND = "test.kind"
LATER = outbox.LEASE + timedelta(seconds=1)


class Gateway:
    """Takes messages; `meanwhile` happens while a worker has the row, before or inside its call."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.before = self.within = lambda: None
        self.answers: list[Delivery] = []

    def __call__(self, row: Outbox) -> Delivery:
        db.session.commit()
        before, self.before = self.before, lambda: None
        before()
        row.begin_sending()
        self.taken.append(row.id)
        within, self.within = self.within, lambda: None
        within()
        return self.answers.pop(0) if self.answers else Delivery("done", ref=f"receipt-{len(self.taken)}")


@pytest.fixture
def gateway(app, monkeypatch) -> Gateway:
    found = Gateway()
    monkeypatch.setitem(outbox._handlers, KIND, found)
    return found


@pytest.fixture
def row_id(gateway) -> int:
    found = outbox.enqueue(KIND, key="one")
    db.session.commit()
    assert found
    return found


def row(row_id: int) -> Outbox:
    db.session.rollback()
    return db.session.get_one(Outbox, row_id, populate_existing=True)


def in_another_worker(app, work):
    """What somebody else does after the lease of the worker that sleeps meanwhile."""

    def run() -> None:
        with freeze(utcnow() + LATER), app.app_context():
            work()
            db.session.remove()

    return run


@pytest.mark.servers
def test_a_worker_that_slept_past_its_lease_does_not_send(app, gateway, row_id):
    """F03: the machine stood still between the claim and the call, and another worker made the call."""
    gateway.before = in_another_worker(app, outbox.deliver_due)
    outbox.run(row_id)
    assert gateway.taken == [row_id]
    assert (row(row_id).state, row(row_id).provider_ref) == ("done", "receipt-1")


@pytest.mark.servers
def test_a_late_receipt_settles_what_was_unclear(app, gateway, row_id):
    """F22: the call took longer than the lease, and then it is known that the message arrived."""
    seen = []
    gateway.within = in_another_worker(app, lambda: (outbox.sweep(), seen.append(db.session.get(Outbox, row_id).state)))
    outbox.run(row_id)
    assert seen == ["unknown"]
    assert (row(row_id).state, row(row_id).provider_ref) == ("done", "receipt-1")


def decided(row_id: int, state: str) -> None:
    """A person decides, as the page of sent messages does."""
    outbox.sweep()
    found = db.session.get_one(Outbox, row_id)
    found.state, found.due_at, found.attempts, found.claimed_until = state, utcnow(), 0, None
    db.session.commit()


@pytest.mark.servers
@pytest.mark.parametrize("late", ["retry", "failed", "unknown", "dropped"])
@pytest.mark.parametrize("newer", ["done", "waiting", "unknown"])
def test_an_old_answer_does_not_change_what_was_decided_since(app, gateway, row_id, late, newer):
    """F22: the older news never overwrites the newer."""
    gateway.within = in_another_worker(app, lambda: decided(row_id, newer))
    gateway.answers = [Delivery(late, error="old")]
    outbox.run(row_id)
    assert (row(row_id).state, row(row_id).error) == (newer, "answer lost")


@pytest.mark.servers
@pytest.mark.parametrize("late", ["retry", "failed", "unknown", "done"])
def test_receipts_out_of_order_leave_the_newer_one(app, gateway, row_id, late):
    """F22: the first call's answer comes after that of the second, which a person asked for."""

    def again() -> None:
        decided(row_id, "waiting")
        outbox.run(row_id)

    gateway.within = in_another_worker(app, again)
    gateway.answers = [Delivery("done", ref="second"), Delivery(late, ref="first", error="old")]
    outbox.run(row_id)
    assert gateway.taken == [row_id, row_id]
    assert (row(row_id).state, row(row_id).provider_ref, row(row_id).error) == ("done", "second", None)


@pytest.mark.servers
def test_a_late_receipt_spares_the_customer_the_second_message(app, gateway, row_id):
    """F22, I3: a person asked for another try that had not begun when the receipt came."""
    gateway.within = in_another_worker(app, lambda: decided(row_id, "waiting"))
    outbox.run(row_id)
    with freeze(utcnow() + 2 * LATER):
        outbox.deliver_due()
    assert gateway.taken == [row_id]
    assert row(row_id).state == "done"


def test_a_receipt_that_comes_twice_is_one(gateway, row_id):
    """F22: the broker gives the task out again, in any number."""
    for _time in range(5):
        outbox.run(row_id)
    assert gateway.taken == [row_id]
    assert row(row_id).attempts == 1


def die(row_id: int, times: int) -> None:
    """So many workers take the row and are never heard of again."""
    now = utcnow()
    for number in range(times):
        with freeze(now + number * LATER):
            assert outbox.sweep() == [row_id]
            assert outbox.claim(row_id)


def test_a_row_that_kills_its_workers_is_set_aside(gateway, row_id):
    """F04, F08: five workers died of it; the sixth does not try, and whoever looks sees it."""
    die(row_id, outbox.TRIES)
    with freeze(utcnow() + outbox.TRIES * LATER):
        outbox.deliver_due()
        assert outbox.sweep() == []
    assert gateway.taken == []
    assert (row(row_id).state, row(row_id).error) == ("failed", outbox.WORKER_LOST)


def test_a_worker_that_died_four_times_is_followed_by_one_that_sends(gateway, row_id):
    """F03, F04"""
    die(row_id, outbox.TRIES - 1)
    with freeze(utcnow() + outbox.TRIES * LATER):
        outbox.deliver_due()
    assert gateway.taken == [row_id]
    assert row(row_id).state == "done"


@pytest.fixture
def job(app, world, monkeypatch) -> Job:
    monkeypatch.setitem(jobs._works, "test.job", lambda _job: None)
    found = jobs.start("test.job", {}, by=world.sara)
    db.session.commit()
    return found


def rows_of(job: Job) -> int:
    return db.session.query(Outbox.id).filter_by(key=f"job:{job.id}").scalar()


def test_a_job_that_kills_its_workers_fails_for_all_to_see(job):
    """F04: nobody waits for it for ever."""
    die(rows_of(job), outbox.TRIES)
    with freeze(utcnow() + outbox.TRIES * LATER):
        outbox.deliver_due()
    assert (job.state, job.error) == ("failed", outbox.WORKER_LOST)
    assert job.finished_at


def test_a_job_that_gets_on_is_never_given_up(job):
    """F04: each of its workers was killed after a step."""
    now, row_id = utcnow(), rows_of(job)
    for number in range(2 * outbox.TRIES):
        with freeze(now + number * LATER):
            assert outbox.claim(row_id)
            jobs.advance(job.id, done=number, total=20, result={})
            db.session.commit()
    with freeze(now + 2 * outbox.TRIES * LATER):
        outbox.deliver_due()
    assert job.state == "done"
