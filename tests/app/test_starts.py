"""What a start does once and what it leaves alone: tables, rules of addresses, compiled pages, and the front."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from gunicorn.arbiter import Arbiter
from jinja2 import DictLoader, Environment
from werkzeug.routing import Map

from app import schema
from app.auth import passwords
from app.bus import Bus
from app.rules import LateRule
from app.serving.master import Master
from app.template_cache import TemplateCache

PATIENCE_SECONDS = 60

# Serves as often as it is told, writes down that it came and how it went.
GENERATION = """
import os, signal, sys, time
folder, which, _listener, pipe = sys.argv[1:]
note = lambda text: open(f"{folder}/notes", "a").write(f"{which} {text}\\n")
def leave(number, _frame):
    note(signal.Signals(number).name)
    os._exit(0)
for number in (signal.SIGTERM, signal.SIGUSR2):
    signal.signal(number, leave)
if which == "next" and os.path.exists(f"{folder}/broken"):
    note("broke")
    sys.exit(3)
note("serves")
os.write(int(pipe), b"..")
while True:
    time.sleep(60)
"""

FRONT = """
import socket, sys
from app.serving.front import Front
command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
sys.exit(Front(command, socket.create_server(("127.0.0.1", 0)), 2, lambda: print("ready", flush=True)).run())
"""


def test_the_newest_revision_is_found_without_running_a_migration() -> None:
    assert [schema.head()] == ScriptDirectory(str(schema.MIGRATIONS)).get_heads()


def test_tables_are_current_only_at_the_newest_revision(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'some.db'}")
    assert not schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
    assert not schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0001')"))
    assert not schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": schema.head()})
    assert schema.is_current(engine)
    engine.dispose()


def test_a_rule_writes_the_same_address_the_first_time_and_later() -> None:
    urls = Map([LateRule("/cards/<code>/notes/<int:id>", endpoint="note")]).bind("example.com")
    for _time in range(2):
        assert urls.build("note", {"code": "A b", "id": 7}) == "/cards/A%20b/notes/7"
        assert urls.build("note", {"code": "A", "id": 7, "page": "2"}) == "/cards/A/notes/7?page=2"
    assert urls.match("/cards/A/notes/7") == ("note", {"code": "A", "id": 7})


def test_every_rule_of_the_application_is_a_late_one(app: Flask) -> None:
    assert {type(rule) for rule in app.url_map.iter_rules() if rule.endpoint != "static"} == {LateRule}


def pages(folder: Path, **texts: str) -> Environment:
    return Environment(loader=DictLoader(texts), bytecode_cache=TemplateCache(folder), autoescape=True)


@pytest.fixture
def unprefixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.mark.usefixtures("unprefixed")
def test_a_page_is_compiled_once_for_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages(tmp_path, one="Hello").get_template("one").render() == "Hello"
    with monkeypatch.context() as patch:
        patch.setattr(Environment, "compile", lambda *_arguments: pytest.fail("compiled again"))
        assert pages(tmp_path, one="Hello").get_template("one").render() == "Hello"
    assert pages(tmp_path, one="Goodbye").get_template("one").render() == "Goodbye"


@pytest.mark.usefixtures("unprefixed")
def test_a_page_is_compiled_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "compiled-templates").write_text("in the way")
    assert pages(tmp_path, one="Hello").get_template("one").render() == "Hello"


def test_nobodys_password_costs_as_much_as_everybodys() -> None:
    assert not passwords.password_fits(None, "ganjeh-1405")
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODY)


def test_processes_of_one_origin_hear_each_other() -> None:
    """What a process said itself it leaves out when Redis repeats it: a fork must not take other words for its own."""
    bus, (reading, writing) = Bus("redis://127.0.0.1:1/0", "k" * 40), os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, bus.host_id.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100).decode() != bus.host_id
    os.close(reading)
    os.close(writing)


class Fronted:
    """A front whose generations are the small program above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, "-c", FRONT, GENERATION, str(folder)], cwd=schema.ROOT,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip

    @property
    def notes(self) -> list[str]:
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < deadline, self.notes
            threading.Event().wait(0.02)


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Fronted]:
    fronted = Fronted(tmp_path)
    fronted.until(lambda: fronted.notes == ["first serves"])
    assert fronted.process.stdout
    assert fronted.process.stdout.readline() == "ready\n"
    yield fronted
    if fronted.process.poll() is None:
        fronted.process.terminate()
    fronted.process.communicate(timeout=PATIENCE_SECONDS)


def test_the_old_generation_leaves_once_the_new_one_serves(front: Fronted) -> None:
    front.process.send_signal(signal.SIGHUP)
    front.until(lambda: len(front.notes) == 3)
    assert front.notes == ["first serves", "next serves", "first SIGUSR2"]
    front.process.terminate()
    assert front.process.wait(PATIENCE_SECONDS) == 0
    assert front.notes[3:] == ["next SIGTERM"]


def test_the_old_generation_goes_on_when_the_new_one_breaks(front: Fronted) -> None:
    (front.folder / "broken").touch()
    front.process.send_signal(signal.SIGHUP)
    assert front.process.stderr
    assert "The old ones go on" in front.process.stderr.readline()
    (front.folder / "broken").unlink()
    front.process.send_signal(signal.SIGHUP)
    front.until(lambda: len(front.notes) == 4)
    assert front.notes == ["first serves", "next broke", "next serves", "first SIGUSR2"]


def test_the_front_ends_with_what_it_serves(front: Fronted) -> None:
    (generation,) = Path(f"/proc/{front.process.pid}/task/{front.process.pid}/children").read_text().split()
    os.kill(int(generation), signal.SIGKILL)
    assert front.process.wait(PATIENCE_SECONDS) != 0


def test_the_address_is_held_by_the_front() -> None:
    from app.server import take_address
    from app.startup import StartupRefused

    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(StartupRefused, match="PORT"):
        take_address(*other.getsockname())


@pytest.mark.parametrize(("front", "goes_on"), [(None, True), (os.getppid(), True), (1, False)])
def test_processes_end_with_their_front_and_not_with_a_shell(
    front: int | None, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_after = []

    def look_after(_arbiter: Arbiter) -> None:
        looked_after.append(True)

    monkeypatch.setattr(Arbiter, "manage_workers", look_after)
    master = Master.__new__(Master)
    master.front = front
    with contextlib.suppress(StopIteration):
        master.manage_workers()
    assert looked_after == [True] * goes_on
