"""Several web processes with gevent: news reaches every page, and a deploy is not noticed (F21, F33)."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.crowd import Movers, Pages, check_invariants
from tests.safety.house import House, opened, until

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house")) as ready:
        yield ready


def children(pid: int) -> set[int]:
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except FileNotFoundError:
        return set()


def workers(pid: int) -> set[int]:
    """The web processes: below the front stands a master for each generation, and below that its processes."""
    return {worker for master in children(pid) for worker in children(master)}


def test_a_move_in_one_process_reaches_200_pages_of_two(house: House) -> None:
    web = house.serve()
    assert len(workers(web.pid)) == 2
    with Pages(house, 200) as pages:
        until(lambda: pages.joined == 200, what="not every page joined")
        figures = house.ask("/metrics").text
        assert "kariz_sockets 200.0" in figures
        with Movers(house, people=2) as movers:
            until(lambda: len(movers.answers) >= 40)
        assert movers.failures == []
        (told,) = house.query("SELECT count(*), max(seq) FROM events WHERE name = 'card.moved'")
        until(lambda: all(told[1] in heard for heard in pages.heard), 10, "a page did not hear of the last move")
        assert {len(heard) for heard in pages.heard} == {told[0]}
    house.end()


def test_three_deploys_under_load_fail_no_move(house: House) -> None:
    """F33: new processes serve before the old leave; pages are told and come back; requests under way finish."""
    web = house.serve()
    with Pages(house, 40) as pages, Movers(house) as movers:
        until(lambda: pages.joined == 40)
        for _deploy in range(3):
            old = workers(web.pid)
            web.send_signal(signal.SIGHUP)
            until(lambda old=old: not old & workers(web.pid) and len(workers(web.pid)) == 2)
            until(lambda: pages.joined == 40, 30, "not every page came back")
        count = len(movers.answers)
        until(lambda: len(movers.answers) > count + 20)
    assert movers.failures == []
    assert pages.said["server.leaving"] >= 3 * 40 - 40
    assert max(answer.seconds for answer in movers.answers) < 10
    check_invariants(house)
    web.send_signal(signal.SIGTERM)
    assert web.wait(60) == 0


def test_a_stop_tells_load_balancers_first_and_lets_requests_finish(house: House) -> None:
    web = house.serve(WEB_DRAIN_SECONDS="3")
    web.send_signal(signal.SIGTERM)
    refusal = until(lambda: (answer := house.ask("/readyz")).status == 503 and answer, 5)
    assert '"is_leaving":true' in refusal.text.replace(" ", "")
    assert house.ask("/healthz").status == 200
    assert web.wait(60) == 0


def test_a_new_version_that_does_not_start_leaves_the_old_one_serving(house: House) -> None:
    web = house.serve()
    old = workers(web.pid)
    broken = house.folder / "metrics"
    kept = broken.rename(house.folder / "kept")
    # New processes cannot count where a file stands in the way of the folder, and end.
    broken.write_text("in the way")
    try:
        web.send_signal(signal.SIGHUP)
        log = house.folder / f"log-{len(house.started) - 1}"
        until(lambda: "The old ones go on" in log.read_text(), 60)
        assert old == workers(web.pid)
        assert house.ask("/healthz").status == 200
    finally:
        broken.unlink()
        kept.rename(broken)
    house.end()


def test_300_pages_come_back_within_half_a_minute(house: House) -> None:
    """F21: the web processes are killed and started anew; meanwhile people go on working."""
    web = house.serve()
    with Pages(house, 300) as pages:
        until(lambda: pages.joined == 300)
        for pid in [web.pid, *children(web.pid), *workers(web.pid)]:
            os.kill(pid, signal.SIGKILL)
        web.wait()
        until(lambda: pages.joined == 0)
        house.serve()
        began = time.monotonic()
        with Movers(house, people=2) as movers:
            until(lambda: pages.joined == 300, 30, "not every page came back in time")
            assert time.monotonic() - began < 30
        assert movers.failures == []
        times = sorted(answer.seconds for answer in movers.answers)
        assert times[int(len(times) * 0.95)] < 1
    check_invariants(house)
    house.end()
