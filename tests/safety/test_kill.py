"""kill -9 in the middle of work: nothing acknowledged is missing, nothing is done or told twice (F01, F02, I1-I4)."""

import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.channels.test_delivery import Mailbox

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
WRITERS = 4

# In a process of its own: a second app would take the sockets and tasks of the one that other tests use.
SEED = """
import json, sys
from flask import session
from app import create_app, schema, settings
from app.auth import sessions
from app.extensions import db
from cards.models import Card
from cards.services import open_card
from tests.world import build

app = create_app({"OUTBOX_WAKE": False})
with app.test_request_context():
    schema.upgrade()
    world = build()
    settings.put("setup.finished", True, by=None)
    for name, value in {"host": "127.0.0.1", "port": int(sys.argv[1]), "security": "none",
                        "sender": "shop@example.com"}.items():
        settings.put(f"mail.{name}", value, by=None)
    stages = [world.stage(name) for name in ("New", "Working", "Consulting", "Waiting")]
    cards = [open_card(world.nika, stages[0], title=str(number), by=world.sara, body="") for number in range(8)]
    sessions.open_session("staff", user_id=world.sara.id)
    db.session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    print(json.dumps({"cookie": signed, "cards": [[card.code, card.id] for card in cards],
                      "stages": [stage.id for stage in stages]}))
"""


@dataclass
class Write:
    """One act of a person: where it goes, what it says, and whether the server has said that it is done."""

    path: str
    form: dict[str, Any]
    is_acknowledged: bool = False


@dataclass
class Shop:
    """The running application, started again after each kill, and what its people did."""

    instance: Path
    seed: dict[str, Any]
    writes: list[Write] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    address: str = ""
    token: str = ""
    cookie: str = ""

    def start(self) -> None:
        quiet = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        env = {**quiet, "INSTANCE_DIR": str(self.instance), "PORT": "0", "KARIZ_DEMO": "0", "WEB_THREADS": "20"}
        self.process = subprocess.Popen([sys.executable, "-m", "app.server"], cwd=ROOT, env=env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                break
        assert self.address, "it did not start"
        # The token of forms is of the session: it outlives the server.
        page = urllib.request.Request(f"{self.address}/work", headers={"Cookie": f"kariz={self.seed['cookie']}"})
        with urllib.request.urlopen(page, timeout=PATIENCE_SECONDS) as answer:
            self.token = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())[1]
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def kill(self) -> None:
        """kill -9 of the server and of the workers it forked, all of our own."""
        assert self.process
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in [self.process.pid, *map(int, task.read_text().split() if task.exists() else ())]:
            os.kill(pid, signal.SIGKILL)
        self.process.communicate()

    def send(self, write: Write) -> None:
        """Send once. An answer that is lost leaves the write unacknowledged."""
        request = urllib.request.Request(
            self.address + write.path,
            data=json.dumps(write.form).encode(),
            headers={"Cookie": self.cookie, "X-CSRFToken": self.token, "Content-Type": "application/json",
                     "Accept": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            answer.read()
            write.is_acknowledged = True

    def work(self, writes: list[Write]) -> threading.Event:
        """People at work in threads; the event is set when a quarter of it is acknowledged."""
        waiting, quarter = list(writes), threading.Event()

        def person() -> None:
            while waiting:
                try:
                    write = waiting.pop()
                except IndexError:
                    return
                try:
                    self.send(write)
                except (OSError, http.client.HTTPException, ValueError):  # the answer broke off: not acknowledged
                    continue
                if sum(one.is_acknowledged for one in writes) * 4 >= len(writes):
                    quarter.set()

        self.people = [threading.Thread(target=person) for _ in range(WRITERS)]
        for one in self.people:
            one.start()
        return quarter

    def rest(self) -> None:
        for one in self.people:
            one.join(PATIENCE_SECONDS)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.instance / "kariz.db", timeout=30)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


def written(seed: dict[str, Any], count: int) -> list[Write]:
    """Moves, notes and replies on the seed's cards, each with the number of its act."""
    chance, writes = random.Random(5), []
    for number in range(count):
        code, _id = chance.choice(seed["cards"])
        act = {"op_id": str(uuid.UUID(int=number + 1))}
        kind = ("placement", "notes", "replies")[number % 3]
        form = {"stage_id": chance.choice(seed["stages"])} if kind == "placement" else {"body": f"{kind} {number}"}
        writes.append(Write(f"/cards/{code}/{kind}", {**act, **form, "base_version": 10**6, "seen_entry": 10**6}))
    return writes


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def shop(tmp_path: Path, mailbox: tuple[Mailbox, int]) -> Iterator[Shop]:
    quiet = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    env = {**quiet, "INSTANCE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", SEED, str(mailbox[1])], cwd=ROOT, env=env, stdout=subprocess.PIPE,
                          check=True)  # fmt: skip
    opened = Shop(tmp_path, json.loads(done.stdout.splitlines()[-1]))
    opened.start()
    yield opened
    opened.kill()


def survive(shop: Shop, box: Mailbox, count: int) -> None:
    writes = written(shop.seed, count)
    for _kill in range(2):
        waiting = [write for write in writes if not write.is_acknowledged]
        assert shop.work(waiting).wait(PATIENCE_SECONDS)
        shop.kill()
        shop.rest()
        shop.start()
    acknowledged = [write for write in writes if write.is_acknowledged]
    assert len(acknowledged) < count, "it was killed after the work, not in the middle of it"
    check_nothing_is_missing(shop, acknowledged)
    # Everybody sends again what they have no answer to, and some things that they have.
    for write in [write for write in writes if not write.is_acknowledged] + acknowledged[:20]:
        shop.send(write)
    check_nothing_is_missing(shop, writes)
    check_nothing_is_twice(shop, writes)
    check_nothing_is_told_twice(shop, box)


def check_nothing_is_missing(shop: Shop, writes: list[Write]) -> None:
    bodies = {body for (body,) in shop.query("SELECT body FROM entries")}
    operations = {op_id for (op_id,) in shop.query("SELECT op_id FROM board_ops")}
    missing = [
        write
        for write in writes
        if not (write.form["body"] in bodies if "body" in write.form else write.form["op_id"] in operations)
    ]
    assert missing == []


def check_nothing_is_twice(shop: Shop, writes: list[Write]) -> None:
    """I1, I2"""
    bodies = Counter(body for (body,) in shop.query("SELECT body FROM entries WHERE kind IN ('note', 'reply')"))
    assert set(bodies.values()) == {1}
    assert len(bodies) == sum("body" in write.form for write in writes)
    (stays,) = shop.query("SELECT count(*), count(DISTINCT card_id) FROM stage_transitions WHERE left_at IS NULL")
    assert stays[0] == stays[1] == len(shop.seed["cards"])
    (order,) = shop.query("SELECT count(*), count(DISTINCT seq), max(seq) - min(seq) + 1 FROM events "
                          "WHERE seq IS NOT NULL AND pipeline_id = 1")  # fmt: skip
    assert order[0] == order[1] == order[2]
    wrong = "SELECT c.id FROM cards c JOIN stage_transitions t ON t.card_id = c.id AND t.left_at IS NULL"
    assert shop.query(f"{wrong} WHERE t.stage_id <> c.stage_id") == []


def check_nothing_is_told_twice(shop: Shop, box: Mailbox) -> None:
    """I3: one message for each row of the outbox that is done, and no row without an end but those of a killed call."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    unfinished = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND kind LIKE 'message.%'"
    while shop.query(unfinished)[0][0] and time.monotonic() < deadline:
        threading.Event().wait(0.2)
    states = dict(shop.query("SELECT state, count(*) FROM outbox WHERE kind LIKE 'message.%' GROUP BY state"))
    assert set(states) <= {"done", "unknown", "sending"}
    told = Counter(str(message["Message-ID"]) for message in box.messages)
    assert set(told.values()) == {1}
    assert states["done"] <= len(box.messages) <= sum(states.values())


def test_nothing_is_lost_or_told_twice_when_it_is_killed(shop: Shop, mailbox: tuple[Mailbox, int]) -> None:
    survive(shop, mailbox[0], 60)


@pytest.mark.long
def test_nothing_is_lost_or_told_twice_in_200_writes(shop: Shop, mailbox: tuple[Mailbox, int]) -> None:
    survive(shop, mailbox[0], 200)
