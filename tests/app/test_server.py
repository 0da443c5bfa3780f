"""The one command: it migrates, serves, says where, ends well, and comes back after the worst."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120


class Running:
    """A server in a process of its own, as `make run` starts it."""

    def __init__(self, instance: Path, **env: str) -> None:
        quiet = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.server"],
            cwd=ROOT,
            env={**quiet, "INSTANCE_DIR": str(instance), "PORT": "0", "KARIZ_DEMO": "0", "WEB_THREADS": "20", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self.address = self._address()

    def _address(self) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                return found[0]
        return ""

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def started() -> Iterator[list[Running]]:
    """What a test appends here is ended with it."""
    servers: list[Running] = []
    yield servers
    for server in servers:
        if server.process.poll() is None:
            server.end(signal.SIGTERM)
        server.process.communicate()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that begins empty; what one server makes there the next one finds."""
    return tmp_path_factory.mktemp("instance")


def test_it_serves_from_nothing_and_lets_open_pages_go_at_the_end(instance: Path, started: list[Running]) -> None:
    server = Running(instance)
    started.append(server)
    assert server.get("/healthz") == {"status": "ok"}
    address = server.address.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    page = websocket.create_connection(address, timeout=PATIENCE_SECONDS)
    assert str(page.recv()).startswith("0{")
    ready = server.get("/readyz")
    assert ready["status"] == "ok"
    assert ready["checks"]["database"] == {"ok": True, "kind": "sqlite"}
    assert ready["checks"]["web"] == {"ok": True, "slots": 20, "busy": 2, "sockets": 1, "free": 18}
    assert (instance / "secret_key").stat().st_mode & 0o777 == 0o600
    assert server.end(signal.SIGTERM) == 0
    # Told to leave, not cut off: a page that hears this connects again.
    assert page.recv() == "1"
    page.close()


def test_it_comes_back_after_a_kill_and_suffers_no_second_beside_it(instance: Path, started: list[Running]) -> None:
    first = Running(instance)
    started.append(first)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    again = Running(instance)
    started.append(again)
    assert again.get("/readyz")["status"] == "ok"
    second = Running(instance)
    _said, reason = second.process.communicate(timeout=PATIENCE_SECONDS)
    assert second.process.returncode == 2
    assert "INSTANCE_DIR" in reason


def test_a_taken_port_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = Running(tmp_path, PORT=str(other.getsockname()[1]))
        _said, reason = refused.process.communicate(timeout=PATIENCE_SECONDS)
    assert refused.process.returncode == 2
    assert "PORT" in reason
    assert not (tmp_path / "kariz.db").exists()


def test_a_refused_environment_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused = Running(tmp_path, WEB_CONCURRENCY="2")
    _said, reason = refused.process.communicate(timeout=PATIENCE_SECONDS)
    assert refused.process.returncode == 2
    assert reason.startswith("Kariz does not start. ")
    assert "REDIS_URL" in reason
    assert "Traceback" not in reason
