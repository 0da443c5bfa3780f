"""An installation for the faults of SAFETY 3: PostgreSQL, Redis, web processes, worker and clock, all started here.

Everything listens on the loopback address or in a private folder, and only what was started here is stopped or killed.
"""

import contextlib
import os
import random
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis

from scripts import servers
from tests import houses
from tests.houses import PATIENCE_SECONDS, ROOT, Answer, until

__all__ = ["PATIENCE_SECONDS", "ROOT", "Answer", "House", "Service", "opened", "until"]


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


@dataclass(kw_only=True)
class House(houses.House):
    """The running installation and the person who works in it."""

    database: Service
    redis: Service
    redis_url: str

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "REDIS_URL": self.redis_url, "RATE_LIMIT_STAFF": "100000/minute",
                "METRICS_ALLOW": "127.0.0.1"}  # fmt: skip

    def work(self) -> list[subprocess.Popen[bytes]]:
        """A worker and the clock."""
        return [self.begin("celery", "-A", "wsgi.celery", "worker", "-c", "2"),
                self.begin("celery", "-A", "wsgi.celery", "beat")]  # fmt: skip

    def move(self, chance: random.Random, op_id: str = "") -> Answer:
        """Move some card somewhere; the same `op_id` again is the same act."""
        code, stage = chance.choice(self.seed["cards"]), chance.choice(self.seed["stages"])
        form = {"stage_id": stage, "op_id": op_id or str(uuid.uuid4()), "base_version": 10**6}
        return self.ask(f"/cards/{code}/placement", form)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[House]:
    """A filled installation; its web processes are started by the test."""
    with contextlib.ExitStack() as stack:
        homes = [stack.enter_context(servers.folder()) for _ in range(2)]
        database, database_url = stack.enter_context(postgres(homes[0]))
        cache, redis_url = stack.enter_context(redis_server(homes[1]))
        house = House(database=database, redis=cache, database_url=database_url, redis_url=redis_url, folder=folder)
        stack.callback(house.end)
        house.fill(cards=24, browsers=20)
        yield house
