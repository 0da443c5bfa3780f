"""F29: migrations that are started twice at once, or killed half-way; and backups of older tables."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import schema
from tests.backup.conftest import HAS_SERVERS
from tests.backup.houses import House, databases
from tests.houses import ROOT

# Goes up to a revision; killed by its own hand before the given statement, where there is one.
UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from app import create_app, schema
from app.extensions import db

app = create_app({"OUTBOX_WAKE": False})
left = int(sys.argv[2])
with app.app_context():
    @event.listens_for(db.engine, "before_cursor_execute")
    def count(*_args):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    schema.upgrade(sys.argv[1])
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with contextmanager(databases)("postgresql" if HAS_SERVERS else "sqlite") as url:
        yield House(folder=tmp_path / "house", database_url=url)


def start(house: House, revision: str = "head", dies_at: int = 0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", UPGRADE, revision, str(dies_at)]
    return subprocess.Popen(command, cwd=ROOT, env=house.environment, stderr=subprocess.PIPE)


def tables(house: House) -> list[str]:
    engine = sa.create_engine(house.database_url or f"sqlite:///{house.folder / 'kariz.db'}")
    try:
        return sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


@pytest.mark.servers
def test_two_that_start_at_once_do_it_once(house: House) -> None:
    house.folder.mkdir()
    for process in [start(house) for _start in range(2)]:
        _said, complaint = process.communicate(timeout=300)
        assert process.returncode == 0, complaint.decode()
    assert house.query("SELECT version_num FROM alembic_version") == [(schema.head(),)]


@pytest.mark.servers
def test_one_that_is_killed_leaves_nothing_and_can_be_run_again(house: House) -> None:
    process = start(house, dies_at=60)
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    assert set(tables(house)) <= {"alembic_version"}
    again = start(house)
    _said, complaint = again.communicate(timeout=300)
    assert again.returncode == 0, complaint.decode()
    assert house.query("SELECT version_num FROM alembic_version") == [(schema.head(),)]


@pytest.mark.servers
def test_a_backup_of_older_tables_is_brought_up_to_date(
    house: House, new_house: Callable[..., House], tmp_path: Path
) -> None:
    """F30: saved by the new program before its migrations ran, restored by it afterwards."""
    old = start(house, "0001")
    _said, complaint = old.communicate(timeout=300)
    assert old.returncode == 0, complaint.decode()
    engine = sa.create_engine(house.database_url or f"sqlite:///{house.folder / 'kariz.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO settings (key, value, changed_at) VALUES ('business.phone', '\"021\"', '2026-01-01 00:00:00')"
        ))  # fmt: skip
    engine.dispose()
    archive = tmp_path / "old.tar.gz"
    saved = house.run("backup", str(archive))
    assert saved.returncode == 0, saved.stderr
    new = new_house("new")
    restored = new.run("restore", str(archive))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert new.query("SELECT version_num FROM alembic_version") == [(schema.head(),)]
    assert new.query("SELECT value FROM settings WHERE key = 'business.phone'")[0][0] in {'"021"', "021"}
    assert (new.folder / "kariz.db").stat().st_mode & 0o777 == 0o600
