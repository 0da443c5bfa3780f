"""Installations in processes of their own: a shop that is filled, served, saved, lost and brought back."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.channels.test_delivery import Mailbox

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
KEY = "the key of the first house, which is long enough"

# In a process of its own: a second app would take the sockets and tasks of the one that other tests use.
SEED = """
import io, json, sys
from datetime import timedelta
from flask import session
from werkzeug.datastructures import FileStorage
from app import create_app, outbox, schema, settings
from app.auth import passwords, sessions
from app.clock import utcnow
from app.extensions import db
from app.vault import seal
from cards.models import Attachment, Survey
from cards.services import add_reply, open_card, resolve
from cards.surveys import token_for
from tests.world import build

app = create_app({"OUTBOX_WAKE": False})
with app.test_request_context():
    schema.upgrade()
    world = build()
    settings.put("setup.finished", True, by=None)
    for name, value in {"host": "127.0.0.1", "port": int(sys.argv[1]), "security": "none",
                        "sender": "shop@example.com", "password": seal("opens the post office")}.items():
        settings.put(f"mail.{name}", value, by=None)
    passwords.set_password(world.sara, "an old pass phrase")
    stages = [world.stage(name) for name in ("New", "Working", "Consulting", "Waiting")]
    cards = [open_card(world.nika, stages[0], title=str(number), by=world.sara, body="") for number in range(6)]
    picture = FileStorage(io.BytesIO(b"\\x89PNG\\r\\n\\x1a\\n" + b"a teapot" * 9000), "قوری.png")
    add_reply(cards[0], "عکس را ببینید", by=world.sara, files=[picture])
    resolve(cards[5], world.stage("Resolved"), cause="", solution="تمام", by=world.sara)
    db.session.flush()
    survey = db.session.query(Survey).one()
    attachment = db.session.query(Attachment).one()
    outbox.enqueue("message.reply", key="for tomorrow", card_id=cards[1].id, contact_id=world.nika.id,
                   payload={"entry": attachment.entry_id}, due_at=utcnow() + timedelta(days=1))
    sessions.open_session("staff", user_id=world.sara.id)
    sessions.open_session("portal", contact_id=world.nika.id)
    db.session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    print(json.dumps({"cookie": signed, "cards": [card.code for card in cards], "ids": [card.id for card in cards],
                      "stages": [stage.id for stage in stages], "survey": token_for(survey),
                      "attachment": attachment.code}))
"""


@dataclass
class House:
    """An installation: a folder and perhaps a database of a server; what it runs, and who works in it."""

    folder: Path
    database_url: str = ""
    key: str = KEY
    process: subprocess.Popen[str] | None = None
    address: str = ""
    seed: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        quiet = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "LANG"}}
        own = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**quiet, **own, "SECRET_KEY": self.key, "INSTANCE_DIR": str(self.folder), "KARIZ_DEMO": "0",
                "PORT": "0", "WEB_THREADS": "20", "PYTHONPATH": str(ROOT), "HOST": "127.0.0.1"}  # fmt: skip

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command of `kariz`, to its end."""
        return subprocess.run([sys.executable, "-m", "app.cli", *command], cwd=ROOT, env={**self.env, **env}, text=True,
                              capture_output=True, check=False)  # fmt: skip

    def fill(self, mail_port: int) -> None:
        done = subprocess.run([sys.executable, "-c", SEED, str(mail_port)], cwd=ROOT, env=self.env, text=True,
                              stdout=subprocess.PIPE, check=True)  # fmt: skip
        self.seed = json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "app.server"], cwd=ROOT, env=self.env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                return
        raise AssertionError("it did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.communicate()
            self.process = None

    def open(self, path: str, *, cookie: str = "", form: dict[str, Any] | None = None, token: str = "") -> Any:
        """An answer of the server; a refusal raises `HTTPError`."""
        headers = {"Accept": "application/json", "X-CSRFToken": token} if form else {}
        if cookie:
            headers["Cookie"] = f"kariz={cookie}"
        data = None
        if form:
            data, headers["Content-Type"] = json.dumps(form).encode(), "application/json"
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        return urllib.request.urlopen(request, timeout=PATIENCE_SECONDS)

    def token(self) -> tuple[str, str]:
        """The cookie and the form token of the colleague who is signed in."""
        with self.open("/work", cookie=self.seed["cookie"]) as answer:
            found = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())
            assert found, "the old cookie is not signed in"
            return answer.headers["Set-Cookie"].partition("kariz=")[2].split(";")[0], found[1]

    def signs_in(self, email: str, password: str) -> bool:
        """Whether a colleague gets in with this password."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(f"{self.address}/sign-in", timeout=PATIENCE_SECONDS) as page:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
            assert token
        form = urllib.parse.urlencode({"email": email, "password": password, "csrf_token": token[1]}).encode()
        with opener.open(f"{self.address}/sign-in", form, timeout=PATIENCE_SECONDS) as answer:
            return "/sign-in" not in answer.url

    def query(self, statement: str) -> list[Any]:
        """Rows of the database, whichever it is."""
        url = self.database_url or f"sqlite:///{self.folder / 'kariz.db'}"
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(statement))]
        finally:
            engine.dispose()


class Writers:
    """Colleagues who write notes and answers until they are told to rest; knows what was acknowledged, in order."""

    def __init__(self, house: House, people: int = 3) -> None:
        self.house, self.rests = house, threading.Event()
        self.acknowledged: list[str] = []
        self.cookie, self.token = house.token()
        self.people = [threading.Thread(target=self._work, args=(number,)) for number in range(people)]
        for one in self.people:
            one.start()

    def _work(self, person: int) -> None:
        number = 0
        while not self.rests.is_set():
            number += 1
            body, card = f"{person}-{number}", self.house.seed["cards"][number % 5]
            kind = ("notes", "replies", "placement")[number % 3]
            form = {"op_id": str(uuid.uuid4()), "body": body, "base_version": 10**6, "seen_entry": 10**6,
                    "stage_id": self.house.seed["stages"][number % 4]}  # fmt: skip
            with self.house.open(f"/cards/{card}/{kind}", cookie=self.cookie, form=form, token=self.token) as answer:
                answer.read()
            if kind != "placement":
                self.acknowledged.append(body)

    def wait_for(self, count: int) -> None:
        until(lambda: len(self.acknowledged) >= count)

    def rest(self) -> None:
        self.rests.set()
        for one in self.people:
            one.join(PATIENCE_SECONDS)


def until(ask: Any) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ask():
        assert time.monotonic() < deadline, "it did not come"
        threading.Event().wait(0.1)


def bodies(mailbox: Mailbox) -> list[str]:
    """What was received, message by message."""
    return [str(message) for message in mailbox.messages]


def databases(kind: str) -> Iterator[str]:
    """The address of an empty database of the named server; empty text for a SQLite file."""
    if kind == "sqlite":
        yield ""
        return
    name = f"kariz_backup_{uuid.uuid4().hex}"
    url = sa.make_url(os.environ["KARIZ_TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
