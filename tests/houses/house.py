"""What every installation of the tests has: a folder, perhaps a database server, processes, and a person at work."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from scripts import servers

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 240
# What the environment of the tests says of another installation.
FOREIGN = {"DATABASE_URL", "REDIS_URL", "INSTANCE_DIR", "PORT", "HOST", "LANG"}
PASSWORD = "an old pass phrase"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a teapot" * 9000


def until(is_so: Callable[[], Any], seconds: float = PATIENCE_SECONDS, what: str = "it did not happen") -> Any:
    """Ask until there is an answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


@dataclass
class Answer:
    """What came back, and how long that took."""

    status: int
    headers: Any
    content: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(kw_only=True)
class House:
    """An installation, and sara who works in it."""

    folder: Path
    # Empty: SQLite in the folder.
    database_url: str = ""
    key: str = "the key of the house, which is long enough"
    port: int = 0
    seed: dict[str, Any] = field(default_factory=dict)
    cookie: str = ""
    token: str = ""
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What an operator sets."""
        quiet = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        own = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**quiet, **own, "SECRET_KEY": self.key, "INSTANCE_DIR": str(self.folder), "PYTHONPATH": str(ROOT),
                "KARIZ_DEMO": "0", "PORT": str(self.port), "HOST": "127.0.0.1"}  # fmt: skip

    def fill(self, *, cards: int, browsers: int = 1, mail_port: int = 0) -> None:
        """Make the tables, the world, and so many cards; sara is signed in in so many browsers.

        With the port of a mail server there is a past too: a reply with a file, a message for tomorrow, an ended card.
        """
        words = [sys.executable, "-m", "tests.houses.filling", *map(str, (cards, browsers, mail_port))]
        done = subprocess.run(words, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=True)
        self.seed = json.loads(done.stdout.splitlines()[-1])

    def begin(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """A process of the installation; its words go to a file of the folder, `log-0` those of the first."""
        with (self.folder / f"log-{len(self.started)}").open("wb") as log:
            process = subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=ROOT, stdout=log, stderr=log,
                                       env={**self.environment, **environment})  # fmt: skip
        self.started.append(process)
        return process

    def serve(self, **environment: str) -> subprocess.Popen[bytes]:
        """The web processes, as an operator starts them; sara is signed in."""
        self.port = self.port or servers.free_port()
        web = self.begin("python", "-m", "app.server", **environment)
        until(lambda: web.poll() is not None or self.is_ready(), what="the web processes did not start")
        assert web.poll() is None, (self.folder / f"log-{len(self.started) - 1}").read_text()
        self.sign_in()
        return web

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

    def is_ready(self) -> bool:
        try:
            return self.ask("/readyz").status == 200
        except OSError:
            return False

    def sign_in(self) -> None:
        """Take up the session that was begun before: with the cookie come the token of forms and a new cookie."""
        page = self.ask("/work", cookie=self.seed["cookies"][0])
        assert page.status == 200, "the old cookie is not signed in"
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
                return Answer(answer.status, answer.headers, answer.read(), time.monotonic() - began)
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.headers, refusal.read(), time.monotonic() - began)

    def query(self, statement: str) -> list[Any]:
        """Rows of the database, whichever it is."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    def query_write(self, statement: str) -> None:
        with self._connected() as connection:
            connection.execute(sa.text(statement))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A transaction of its own, past the processes of the installation."""
        url = sa.make_url(self.database_url or f"sqlite:///{self.folder / 'kariz.db'}")
        engine = sa.create_engine(url.set(drivername="postgresql+psycopg") if self.database_url else url)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
