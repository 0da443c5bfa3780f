"""The same code on PostgreSQL and Redis, with web, worker and clock as processes of their own."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from socketio import SimpleClient

from app.bus import Bus
from scripts import servers
from tests.safety.forging import forge

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 120

# In a process of its own: a second app would take the sockets and the tasks of the one that other tests use.
PREPARE = """
import json
from flask import session
from app import create_app, schema
from app.auth import sessions
from app.extensions import db
from app.outbox import Outbox
from app.users.models import User

app = create_app({"OUTBOX_WAKE": False})
with app.test_request_context():
    schema.upgrade()
    user, row = User(email="sara@kariz.test", name="سارا", role="agent"), Outbox(kind="nobody.knows", key="production")
    db.session.add_all([user, row])
    db.session.flush()
    sessions.open_session("staff", user_id=user.id)
    db.session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={signed}"
    print(json.dumps({"cookie": cookie, "user_id": user.id, "row_id": row.id}))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an operator sets: a new database and Redis, on the servers of this run or on some of our own."""
    with contextlib.ExitStack() as stack:
        named = (os.environ.get("KARIZ_TEST_DATABASE_URL"), os.environ.get("KARIZ_TEST_REDIS_URL"))
        found = servers.Servers(*filter(None, named)) if all(named) else stack.enter_context(servers.running())
        url = sa.make_url(found.database_url).set(drivername="postgresql+psycopg")
        name = f"kariz_production_{uuid.uuid4().hex}"
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield {
            "DATABASE_URL": url.set(database=name).render_as_string(hide_password=False),
            "REDIS_URL": found.redis_url.rpartition("/")[0] + "/9",
            "SECRET_KEY": uuid.uuid4().hex,
            "INSTANCE_DIR": str(tmp_path_factory.mktemp("instance")),
        }
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@pytest.fixture(scope="module")
def prepared(environment: dict[str, str]) -> dict[str, Any]:
    """What a command beside the web processes has left: tables, sara with a cookie of hers, and an outbox row."""
    command = [sys.executable, "-c", PREPARE]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True)
    prepared: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return prepared


@contextlib.contextmanager
def program(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the installation; it ends with the block."""
    env = {**os.environ, **environment}
    with subprocess.Popen(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)


def wait_for(process: subprocess.Popen[str], words: str, times: int = 1) -> None:
    """Read what the process says until it has said the words so many times."""
    said = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        times -= words in line
        if not times:
            return
    pytest.fail("".join(said))


def free_address() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


def get(address: str, path: str) -> Any:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


@pytest.mark.parametrize("kind", [["gthread", "--threads", "20"], ["gevent", "--worker-connections", "20"]],
                         ids=["threads", "gevent"])  # fmt: skip
def test_news_of_any_process_reaches_every_open_page(
    environment: dict[str, str], prepared: dict[str, Any], kind: list[str], tmp_path: Path
) -> None:
    """S11: and news of nobody else, whoever can write to Redis."""
    news, address = ["notification", {"id": 7, "unread": 1}], free_address()
    size = ["-w", "2", "-k", *kind, "--graceful-timeout", "5", "--no-control-socket"]
    with program(environment, "gunicorn", *size, "-b", address, "wsgi:app") as web:
        wait_for(web, "Booting worker", times=2)
        ready = get(address, "/readyz")
        assert ready["status"] == "ok"
        assert ready["checks"]["database"]["kind"] == "postgresql"
        assert ready["checks"]["broker"]["kind"] == "redis"
        assert ready["checks"]["web"]["slots"] == 20
        pages = [SimpleClient() for _page in range(4)]
        for page in pages:
            headers = {"Cookie": prepared["cookie"]}
            page.connect(f"http://{address}", namespace="/staff", transports=["websocket"], headers=headers)
        forge(environment["REDIS_URL"], [page.sid for page in pages], f"user:{prepared['user_id']}", tmp_path / "owned")
        elsewhere = Bus(environment["REDIS_URL"], environment["SECRET_KEY"])
        elsewhere.emit("notification", {}, room="pipeline:1:1", namespace="/staff")
        elsewhere.emit(*news, room=f"user:{prepared['user_id']}", namespace="/staff")
        assert [page.receive(timeout=PATIENCE_SECONDS) for page in pages] == [news] * 4
        assert not (tmp_path / "owned").exists()
        for page in pages:
            page.disconnect()


def test_the_clock_finds_a_row_and_a_worker_takes_it(environment: dict[str, str], prepared: dict[str, Any]) -> None:
    with (
        program(environment, "celery", "-A", "wsgi.celery", "worker", "-c", "1", "--loglevel", "INFO") as worker,
        program(environment, "celery", "-A", "wsgi.celery", "beat"),
    ):
        wait_for(worker, "outbox.handler_failed")
        wait_for(worker, "outbox.run")
    engine = sa.create_engine(environment["DATABASE_URL"])
    with engine.connect() as connection:
        taken = sa.text("SELECT attempts, error FROM outbox WHERE id = :id")
        assert connection.execute(taken, {"id": prepared["row_id"]}).one() == (1, "KeyError")
    engine.dispose()
