"""An installation for the faults of SAFETY 3: PostgreSQL, Redis, web processes, worker and clock, all started here.

Everything listens on the loopback address or in a private folder, and only what was started here is stopped or killed.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from scripts import servers

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 240
FOREIGN = {"DATABASE_URL", "REDIS_URL", "INSTANCE_DIR", "PORT", "HOST"}

# In a process of its own: a second app would take the sockets and tasks of the one that other tests use.
SEED = """
import json
from flask import session
from app import create_app, schema, settings
from app.auth import sessions
from app.extensions import db
from cards.services import open_card
from tests.world import build

app = create_app({"OUTBOX_WAKE": False})
with app.test_request_context():
    schema.upgrade()
    world = build()
    settings.put("setup.finished", True, by=None)
    stages = [world.stage(name) for name in ("New", "Working", "Consulting", "Waiting")]
    cards = [open_card(world.nika, stages[0], title=str(number), by=world.sara, body="") for number in range(24)]
    cookies = []
    for _browser in range(20):
        sessions.open_session("staff", user_id=world.sara.id)
        cookies.append(app.session_interface.get_signing_serializer(app).dumps(dict(session)))
    db.session.commit()
    print(json.dumps({"cookies": cookies, "cards": [card.code for card in cards], "stages": [one.id for one in stages],
                      "pipeline": stages[0].pipeline_id, "slug": stages[0].pipeline.slug}))
"""


def until(is_so: Callable[[], Any], seconds: float = PATIENCE_SECONDS, what: str = "it did not happen") -> Any:
    """Ask until there is an answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


@dataclass
class Service:
    """A server of our own that can be stopped, stunned and brought back on the same data."""

    command: list[str]
    home: Path
    stop_signal: signal.Signals
    answers: Callable[[], object]
    account: Any = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.ends = contextlib.ExitStack()
        self.process = self.ends.enter_context(servers.serving(self.command, self.home, self.account, self.stop_signal))
        servers.wait_until(self.answers, self.process, self.home)

    def stop(self) -> None:
        if self.process:
            self.process, ends = None, self.ends
            ends.close()

    def stun(self, number: signal.Signals) -> None:
        """SIGSTOP or SIGCONT to the server and all that it forked."""
        assert self.process
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        for pid in [self.process.pid, *map(int, children.stdout.split())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@contextlib.contextmanager
def postgres(home: Path) -> Iterator[tuple[Service, str]]:
    """PostgreSQL; the service and the URL of its database."""
    account = servers.unprivileged_account()
    programs = servers.reachable(servers.find_postgres(), account, home)
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    data, url = home / "data", f"postgresql://postgres@/postgres?host={home}"
    command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    made = servers.run_as(account, [*command, "-E", "UTF8", "--locale=C", "--no-sync"], home)
    assert made.returncode == 0, made.stderr
    settings = [word for name, value in servers.POSTGRES_OPTIONS.items() for word in ("-c", f"{name}={value}")]
    service = Service([str(programs / "postgres"), "-D", str(data), "-k", str(home), *settings], home, signal.SIGINT,
                      lambda: psycopg.connect(url, connect_timeout=5).close(), account)  # fmt: skip
    service.start()
    try:
        yield service, url
    finally:
        if service.process:
            service.stun(signal.SIGCONT)
        service.stop()


@contextlib.contextmanager
def redis_server(home: Path) -> Iterator[tuple[Service, str]]:
    """Redis without a file to remember by; the service and its URL."""
    port = servers.free_port()
    command = [str(servers.find_redis()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]

    def answers() -> None:
        with redis.Redis(port=port) as client:
            client.ping()

    service = Service(command, home, signal.SIGTERM, answers)
    service.start()
    try:
        yield service, f"redis://127.0.0.1:{port}/0"
    finally:
        service.stop()


@dataclass
class Answer:
    """What came back, and how long that took."""

    status: int
    headers: Any
    text: str
    seconds: float


@dataclass
class House:
    """The running installation and the person who works in it."""

    database: Service
    redis: Service
    database_url: str
    redis_url: str
    folder: Path
    seed: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    token: str = ""
    cookie: str = ""
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What an operator sets."""
        quiet = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {**quiet, "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "SECRET_KEY": "k" * 40,
                "INSTANCE_DIR": str(self.folder), "PYTHONPATH": str(ROOT), "KARIZ_DEMO": "0", "PORT": str(self.port),
                "RATE_LIMIT_STAFF": "100000/minute", "METRICS_ALLOW": "127.0.0.1"}  # fmt: skip

    def fill(self) -> None:
        done = subprocess.run([sys.executable, "-c", SEED], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE,
                              check=True)  # fmt: skip
        self.seed = json.loads(done.stdout.splitlines()[-1])

    def begin(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """A process of the installation; its words go to a file of the folder."""
        with (self.folder / f"log-{len(self.started)}").open("wb") as log:
            process = subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=ROOT, stdout=log, stderr=log,
                                       env={**self.environment, **environment})  # fmt: skip
        self.started.append(process)
        return process

    def serve(self, **environment: str) -> subprocess.Popen[bytes]:
        """The web processes, as production starts them."""
        self.port = self.port or servers.free_port()
        web = self.begin("python", "-m", "app.server", **environment)
        until(lambda: web.poll() is not None or self.is_ready(), what="the web processes did not start")
        assert web.poll() is None, (self.folder / f"log-{len(self.started) - 1}").read_text()
        self.sign_in()
        return web

    def work(self) -> list[subprocess.Popen[bytes]]:
        """A worker and the clock."""
        return [self.begin("celery", "-A", "wsgi.celery", "worker", "-c", "2"),
                self.begin("celery", "-A", "wsgi.celery", "beat")]  # fmt: skip

    def is_ready(self) -> bool:
        try:
            return self.ask("/readyz").status == 200
        except OSError:
            return False

    def sign_in(self) -> None:
        page = self.ask("/work", cookie=f"kariz={self.seed['cookies'][0]}")
        self.token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
        self.cookie = page.headers["Set-Cookie"].split(";")[0]

    def ask(self, path: str, form: dict[str, Any] | None = None, *, cookie: str = "", seconds: float = 60) -> Answer:
        """One question on a connection of its own. Raises OSError when the answer breaks off."""
        headers = {"Cookie": cookie or self.cookie, "X-CSRFToken": self.token}
        if form is not None:
            headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        body = json.dumps(form).encode() if form is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode(), time.monotonic() - began)
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.headers, refusal.read().decode(), time.monotonic() - began)

    def move(self, chance: random.Random, op_id: str = "") -> Answer:
        """Move some card somewhere; the same `op_id` again is the same act."""
        code, stage = chance.choice(self.seed["cards"]), chance.choice(self.seed["stages"])
        form = {"stage_id": stage, "op_id": op_id or str(uuid.uuid4()), "base_version": 10**6}
        return self.ask(f"/cards/{code}/placement", form)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement.encode()).fetchall()

    def query_write(self, statement: str) -> None:
        with psycopg.connect(self.database_url) as connection:
            connection.execute(statement.encode())

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[House]:
    """A filled installation; its web processes are started by the test."""
    with contextlib.ExitStack() as stack:
        homes = [stack.enter_context(servers.folder()) for _ in range(2)]
        database, database_url = stack.enter_context(postgres(homes[0]))
        cache, redis_url = stack.enter_context(redis_server(homes[1]))
        house = House(database, cache, database_url, redis_url, folder)
        stack.callback(house.end)
        house.fill()
        yield house
