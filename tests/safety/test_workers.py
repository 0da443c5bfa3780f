"""A worker, or its child that has the task, is killed in mid-task: each customer is told once (F03, F04, I3)."""

import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller

from tests.channels.test_delivery import Mailbox
from tests.safety.crowd import check_invariants
from tests.safety.house import ROOT, House, opened, until

pytestmark = pytest.mark.long

MAIL = """
import sys
from app import create_app, settings
from app.extensions import db

with create_app({"OUTBOX_WAKE": False}).app_context():
    for name, value in {"host": "127.0.0.1", "port": int(sys.argv[1]), "security": "none",
                        "sender": "shop@example.com"}.items():
        settings.put(f"mail.{name}", value, by=None)
    # Of the cards of the seed the customer has heard long ago.
    db.session.execute(db.text("UPDATE outbox SET state = 'done', done_at = now()"))
    db.session.commit()
"""


class SlowMailbox(Mailbox):
    """Takes a message, and lets its sender wait for the answer until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_slow, self.let_go = False, threading.Event()

    async def handle_DATA(self, server, session, envelope) -> str:  # named by aiosmtpd
        answer = await super().handle_DATA(server, session, envelope)
        if self.is_slow:
            await server.loop.run_in_executor(None, self.let_go.wait, 60)
        return answer


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[SlowMailbox, int]]:
    box = SlowMailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    box.let_go.set()
    controller.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: tuple[SlowMailbox, int]) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house")) as ready:
        command = [sys.executable, "-c", MAIL, str(mailbox[1])]
        subprocess.run(command, cwd=ROOT, env=ready.environment, check=True)
        ready.serve()
        ready.begin("celery", "-A", "wsgi.celery", "beat")
        yield ready


@pytest.fixture
def box(house: House, mailbox: tuple[SlowMailbox, int]) -> Iterator[SlowMailbox]:
    """Quick at first; afterwards I1, I2, I5 hold."""
    found = mailbox[0]
    found.messages.clear()
    found.is_slow = False
    found.let_go.clear()
    yield found
    found.let_go.set()
    until(house.is_ready, 60, "it did not become ready again")
    check_invariants(house)


@pytest.fixture
def work(house: House) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker with one child; it ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(house.begin("celery", "-A", "wsgi.celery", "worker", "-c", "1"))
        until(lambda: children(started[-1].pid), what="the worker has no child")
        return started[-1]

    yield start
    for worker in started:
        worker.terminate()
        worker.wait(60)


def children(pid: int) -> set[int]:
    task = Path(f"/proc/{pid}/task/{pid}/children")
    return set(map(int, task.read_text().split())) if task.exists() else set()


def kill(worker: subprocess.Popen[bytes], what: str) -> None:
    """SIGKILL to the child that has the task, as the kernel does when memory is short, or to all of the worker."""
    mine = children(worker.pid)
    assert mine
    for pid in [*mine, *([worker.pid] if what == "worker" else [])]:
        os.kill(pid, signal.SIGKILL)
    if what == "worker":
        worker.wait()


def reply(house: House, number: int, text: str) -> int:
    """Sara answers a customer; the id of the row of the message about it."""
    form = {"body": text, "op_id": str(uuid.uuid4()), "seen_entry": 10**6}
    answer = house.ask(f"/cards/{house.seed['cards'][number]}/replies", form)
    assert answer.status in {200, 201}, answer.text
    return int(house.query("SELECT max(id) FROM outbox WHERE kind = 'message.reply'")[0][0])


def state(house: House, row_id: int) -> str:
    return str(house.query(f"SELECT state FROM outbox WHERE id = {row_id}")[0][0])


def let_the_lease_pass(house: House, row_id: int) -> None:
    """A minute, which nobody has to wait for here."""
    taken = f"UPDATE outbox SET claimed_until = now() - interval '1 second' WHERE id = {row_id}"
    house.query_write(f"{taken} AND claimed_until IS NOT NULL")


def told(box: SlowMailbox, row_id: int) -> int:
    """How often the message of a row came."""
    return sum(str(message["Message-ID"]).startswith(f"<kariz-{row_id}@") for message in box.messages)


@pytest.mark.parametrize("what", ["child", "worker"])
def test_killed_in_the_call_it_is_unclear_and_not_told_again(house, box, work, what):
    """F03, F04: the message is out, its answer is lost: a person is asked, and the next message goes its way."""
    box.is_slow, worker = True, work()
    row_id = reply(house, 0, f"کشته در میان فرستادن {what}")
    until(lambda: box.messages, 60, "the message did not come")
    assert state(house, row_id) == "sending"
    kill(worker, what)
    box.is_slow = False
    box.let_go.set()
    if what == "worker":
        work()
    let_the_lease_pass(house, row_id)
    until(lambda: state(house, row_id) == "unknown", 60, "nobody is told that it is unclear")
    second = reply(house, 1, f"پیام بعدی {what}")
    until(lambda: state(house, second) == "done", 60, "the next message waits")
    assert (told(box, row_id), told(box, second), len(box.messages)) == (1, 1, 2)
    assert state(house, row_id) == "unknown"


@pytest.mark.parametrize("what", ["child", "worker"])
def test_killed_before_the_call_it_is_told_once_by_another(house, box, work, what):
    """F03, F04: nothing had left the house, so the next worker does it."""
    row_id = reply(house, 2, f"کشته پیش از فرستادن {what}")
    with psycopg.connect(house.database_url) as connection:
        # Where the message goes is read before the call.
        connection.execute("LOCK TABLE contact_points IN ACCESS EXCLUSIVE MODE")
        worker = work()
        taken = f"SELECT 1 FROM outbox WHERE id = {row_id} AND claimed_until IS NOT NULL"
        until(lambda: house.query(taken), 60, "nobody took it")
        kill(worker, what)
    assert box.messages == []
    if what == "worker":
        work()
    assert state(house, row_id) == "waiting"
    let_the_lease_pass(house, row_id)
    until(lambda: state(house, row_id) == "done", 60, "nobody took it over")
    assert (told(box, row_id), len(box.messages)) == (1, 1)
    assert house.query(f"SELECT attempts FROM outbox WHERE id = {row_id}") == [(2,)]
