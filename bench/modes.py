"""Both ways to run Kariz, each with the floor app beside it, as processes of our own on the loopback address."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.servers import free_port, postgres, redis_server

ROOT = Path(__file__).parents[1]
READY_SECONDS = 120
STOP_SECONDS = 30
WEB_PROCESSES = 2
# Durable, as a shop would run it, unlike the servers of the tests.
POSTGRES = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}
FLOOR_THREADS = 32


@dataclass
class Mode:
    """A way to run: its environment, the commands of its processes (web first), and where it answers."""

    name: str
    label: str
    env: dict[str, str]
    commands: list[list[str]]
    floor: list[str]
    floor_env: dict[str, str]
    port: int
    floor_port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @contextlib.contextmanager
    def serving(self) -> Iterator[float]:
        """Kariz alone; answers how many seconds the first page took from the start."""
        with contextlib.ExitStack() as stack:
            began = time.monotonic()
            self.started = [stack.enter_context(_process(self.commands[0], self.env))]
            _wait(f"http://127.0.0.1:{self.port}/sign-in", self.started[0])
            seconds = time.monotonic() - began
            self.started += [stack.enter_context(_process(command, self.env)) for command in self.commands[1:]]
            yield seconds

    @contextlib.contextmanager
    def serving_floor(self) -> Iterator[tuple[str, int]]:
        """The floor app alone; its address."""
        with _process(self.floor, self.floor_env) as process:
            _wait(f"http://127.0.0.1:{self.floor_port}/hello", process)
            yield "127.0.0.1", self.floor_port

    def memory_mib(self) -> float:
        """What the web processes hold, shared pages counted once. Linux only; 0 elsewhere."""
        return round(sum(map(_pss, _with_descendants(self.started[0].pid))) / 1024, 1)


@contextlib.contextmanager
def production() -> Iterator[Mode]:
    """PostgreSQL, Redis, two gevent web processes, a worker and a clock."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kariz-bench-"))
        database, redis = stack.enter_context(postgres(POSTGRES)), stack.enter_context(redis_server())
        port, floor_port = free_port(), free_port()
        env = _environment(folder, port) | {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "SECRET_KEY": "bench " * 8,
            "WEB_CONCURRENCY": str(WEB_PROCESSES),
            "BASE_URL": f"http://127.0.0.1:{port}",
        }
        celery = [sys.executable, "-m", "celery", "-A", "wsgi.celery"]
        commands = [
            [sys.executable, "-m", "app.server"],
            [*celery, "worker", "--concurrency", "1", "--loglevel", "ERROR"],
            [*celery, "beat", "--loglevel", "ERROR", "--schedule", f"{folder}/beat"],
        ]
        gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", str(WEB_PROCESSES), "--no-control-socket"]
        floor = [*gunicorn, "-b", f"127.0.0.1:{floor_port}", "bench.floor:app"]
        floor_env = {**os.environ, "FLOOR_DATABASE_URL": database}
        yield Mode(
            "production", "PostgreSQL + Redis, two gevent processes", env, commands, floor, floor_env, port, floor_port
        )


@contextlib.contextmanager
def embedded() -> Iterator[Mode]:
    """SQLite, one process with threads, tasks inside it."""
    with tempfile.TemporaryDirectory(prefix="kariz-bench-") as folder:
        port, floor_port = free_port(), free_port()
        env = _environment(folder, port) | {"WEB_THREADS": "1100", "DATABASE_URL": "", "REDIS_URL": ""}
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "-k",
            "gthread",
            "--threads",
            str(FLOOR_THREADS),
            "--no-control-socket",
        ]
        floor = [*gunicorn, "-b", f"127.0.0.1:{floor_port}", "bench.floor:app"]
        floor_env = {**os.environ, "FLOOR_DATABASE_URL": f"sqlite:///{folder}/kariz.db"}
        commands = [[sys.executable, "-m", "app.server"]]
        yield Mode("embedded", "SQLite, one process", env, commands, floor, floor_env, port, floor_port)


def _environment(folder: str, port: int) -> dict[str, str]:
    # The limits are asked as ever; eight connections stand for many people.
    limits = dict.fromkeys(("RATE_LIMIT_STAFF", "RATE_LIMIT_CUSTOMERS", "RATE_LIMIT_ANONYMOUS"), "9000000/minute")
    return {**os.environ, **limits, "INSTANCE_DIR": folder, "PORT": str(port), "KARIZ_DEMO": "0"}


@contextlib.contextmanager
def _process(command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=log, stderr=log)
        try:
            yield process
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read()[-3000:].decode(errors="replace"))
            raise
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers at {url}")


def _with_descendants(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = map(int, path.read_text().split()) if path.exists() else ()
    return [pid, *(found for child in children for found in _with_descendants(child))]


def _pss(pid: int) -> int:
    """Kibibytes of a process, shared pages by their share."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    lines = path.read_text().splitlines() if path.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
