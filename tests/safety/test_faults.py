"""Redis and PostgreSQL go away and come back: people go on working, or are told to come again; nothing is doubled."""

import random
import signal
import time
import uuid
from collections.abc import Iterator

import pytest
import redis

from tests.safety.crowd import Movers, Pages, check_invariants
from tests.safety.house import Answer, House, opened, until

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Web processes with the patience of production, worker and clock."""
    with opened(tmp_path_factory.mktemp("house")) as ready:
        ready.serve(STATEMENT_SECONDS="4.5", RATE_LIMIT_ANONYMOUS="40/minute")
        ready.work()
        yield ready


@pytest.fixture(autouse=True)
def _well_again(house: House) -> Iterator[None]:
    """I1, I2, I5: after every case all is in order, and nobody gets an error any more."""
    yield
    for service in (house.redis, house.database):
        if service.process is None:
            service.start()
    until(house.is_ready, 60, "it did not become ready again")
    assert house.ask(f"/boards/{house.seed['slug']}").status == 200
    assert house.move(random.Random(1)).status in {200, 409}
    check_invariants(house)


def board(house: House) -> Answer:
    return house.ask(f"/boards/{house.seed['slug']}")


def test_without_redis_boards_are_read_and_cards_moved(house: House) -> None:
    """F09: pages are told that live updates pause, limits go on in memory, and what was missed is asked for later."""
    with Pages(house, 12) as pages:
        until(lambda: pages.joined == 12)
        house.redis.stop()
        until(lambda: pages.said.get("live.paused", 0) >= 12, 30, "nobody was told that live updates pause")
        assert pages.joined == 12
        with Movers(house, people=2) as movers:
            until(lambda: len(movers.answers) >= 30)
        assert movers.failures == []
        assert sorted(answer.seconds for answer in movers.answers)[15] < 5
        assert board(house).status == 200
        assert house.ask("/readyz").status == 503
        asked = [house.ask("/sign-in", cookie="nobody=1").status for _ in range(100)]
        assert set(asked) == {200, 429}, "two processes that count by themselves let twice as much pass, not all"
        house.redis.start()
        until(lambda: pages.said.get("live.resumed", 0) >= 12, 60, "nobody was told that live updates are back")
        house.move(random.Random(3))
        (last,) = house.query("SELECT max(seq) FROM events WHERE name = 'card.moved'")
        until(lambda: all(last[0] in heard for heard in pages.heard), 30, "news does not reach every page again")


def test_an_emptied_redis_loses_nothing_of_record(house: House) -> None:
    """F10: sessions are rows, and the clock finds what waits in the outbox."""
    house.query_write(
        "INSERT INTO outbox (kind, key, state, payload, created_at, due_at, attempts) "
        "VALUES ('nobody.knows', 'emptied', 'waiting', '{}', now(), now() + interval '3 seconds', 0)"
    )
    with redis.Redis.from_url(house.redis_url) as client:
        client.flushall()
    assert board(house).status == 200
    house.redis.stop()
    house.redis.start()
    assert board(house).status == 200
    until(lambda: house.query("SELECT attempts FROM outbox WHERE key = 'emptied'")[0][0] > 0, 90, "nobody took it")


def test_a_restarted_database_costs_a_moment_and_doubles_nothing(house: House) -> None:
    """F12: every answer is the page, a refusal of a rule, or 503 with when to come again; repeated acts are one."""
    chance, acts, answers = random.Random(8), [str(uuid.uuid4()) for _ in range(60)], []
    for number, act in enumerate(acts):
        if number == 20:
            house.database.stop()
        if number == 30:
            house.database.start()
        answers.append(house.move(chance, act))
    assert {answer.status for answer in answers} <= {200, 409, 503}
    refused = [answer for answer in answers if answer.status == 503]
    assert refused
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    for act, answer in zip(acts, answers, strict=True):
        if answer.status == 503:
            until(lambda act=act: house.move(chance, act).status in {200, 409})
    done = "SELECT count(*), count(DISTINCT op_id) FROM board_ops WHERE op_id = ANY(ARRAY[{}])"
    (counts,) = house.query(done.format(",".join(f"'{act}'" for act in acts)))
    assert counts[0] == counts[1]


def test_a_silent_database_is_given_up_in_seconds(house: House) -> None:
    """F13: no request waits for long, none piles up behind others, and the page says so in Persian."""
    assert board(house).status == 200
    house.database.stun(signal.SIGSTOP)
    try:
        began = time.monotonic()
        answers = [board(house) for _ in range(4)]
        with Movers(house, people=8, pause_seconds=0.2) as movers:
            until(lambda: time.monotonic() - began > 30)
        assert house.ask("/healthz").status == 200
    finally:
        house.database.stun(signal.SIGCONT)
    assert {answer.status for answer in answers} == {503}
    assert "لحظه" in answers[-1].text
    assert all(answer.headers["Retry-After"] for answer in answers)
    slowest = max(answer.seconds for answer in [*answers, *movers.answers])
    assert slowest < 5
    assert {answer.status for answer in movers.answers} == {503}
