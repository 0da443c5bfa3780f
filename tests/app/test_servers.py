"""The servers that tests bring with them: they answer, and they are gone afterwards whatever the end was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from scripts import servers

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["", "1"], ids=["found", "wheels"])
def origin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once what this machine has, once what the development wheels bring."""
    for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KARIZ_FORCE_WHEEL_SERVERS", request.param)


def postgres_url(url: str) -> str:
    return url.replace("+psycopg", "")


@pytest.mark.usefixtures("origin")
def test_both_servers_answer_and_end_with_the_block() -> None:
    with servers.running() as found:
        with psycopg.connect(postgres_url(found.database_url)) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with redis.Redis.from_url(found.redis_url) as client:
            assert client.set("کلید", "مقدار")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres_url(found.database_url))
    with redis.Redis.from_url(found.redis_url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_named_servers_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://elsewhere/tests")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://elsewhere/3")
    with servers.running() as found:
        assert found == servers.Servers("postgresql://elsewhere/tests", "redis://elsewhere/3")


def test_a_terminated_command_stops_what_it_started() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
    command = [sys.executable, str(ROOT / "scripts" / "servers.py")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = dict(line.strip().split("=", 1) for line in (process.stdout.readline(), process.stdout.readline()))
        home = Path(lines["KARIZ_TEST_DATABASE_URL"].rpartition("host=")[2])
        psycopg.connect(postgres_url(lines["KARIZ_TEST_DATABASE_URL"])).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 128 + signal.SIGTERM
    assert not home.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres_url(lines["KARIZ_TEST_DATABASE_URL"]))


def test_a_command_runs_beside_named_servers_and_keeps_its_exit_code(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = f"import os, sys; open({str(said)!r}, 'w').write(os.environ['KARIZ_TEST_REDIS_URL']); sys.exit(7)"
    env = {**os.environ, "TEST_DATABASE_URL": "postgresql://elsewhere/tests", "TEST_REDIS_URL": "redis://elsewhere/3"}
    command = [sys.executable, str(ROOT / "scripts" / "servers.py"), "--", sys.executable, "-c", script]
    assert subprocess.run(command, env=env, check=False).returncode == 7
    assert said.read_text() == "redis://elsewhere/3"


def test_a_server_that_does_not_start_tells_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no room'); raise SystemExit(1)"]
    with servers.serving(command, tmp_path, None, signal.SIGTERM) as process:
        process.wait()
        with pytest.raises(servers.ServerMissing, match="no room"):
            servers.wait_until(lambda: None, process, tmp_path)
