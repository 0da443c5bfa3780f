"""A shop that is filled, served, saved, lost and brought back; and the people who write meanwhile."""

import os
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar

import sqlalchemy as sa

from tests import houses
from tests.channels.test_delivery import Mailbox
from tests.houses import PATIENCE_SECONDS, ROOT, until


class House(houses.House):
    """An installation that an operator looks after."""

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command of `kariz`, to its end."""
        return subprocess.run([sys.executable, "-m", "app.cli", *command], cwd=ROOT, text=True, capture_output=True,
                              env={**self.environment, **environment}, check=False)  # fmt: skip

    def signs_in(self, email: str, password: str) -> bool:
        """Whether a colleague gets in with this password."""
        address = f"http://127.0.0.1:{self.port}/sign-in"
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(address, timeout=PATIENCE_SECONDS) as page:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
            assert token
        form = urllib.parse.urlencode({"email": email, "password": password, "csrf_token": token[1]}).encode()
        with opener.open(address, form, timeout=PATIENCE_SECONDS) as answer:
            return "/sign-in" not in answer.url


class Writers:
    """Colleagues who write notes and answers until they are told to rest; knows what was acknowledged, in order."""

    def __init__(self, house: House, people: int = 3) -> None:
        self.house, self.rests = house, threading.Event()
        self.acknowledged: list[str] = []
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
            answer = self.house.ask(f"/cards/{card}/{kind}", form)
            assert answer.status == 200, answer.text
            if kind != "placement":
                self.acknowledged.append(body)

    def wait_for(self, count: int) -> None:
        until(lambda: len(self.acknowledged) >= count)

    def rest(self) -> None:
        self.rests.set()
        for one in self.people:
            one.join(PATIENCE_SECONDS)


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
