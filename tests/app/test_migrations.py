"""The migrations lead from nothing to the models, and back."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """A database without a table, on the server that is named or in a file."""
    server = os.environ.get("KARIZ_TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    name = f"kariz_migrations_{uuid.uuid4().hex}"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.servers
def test_up_compare_down_and_up_again(empty_database: str) -> None:
    # In a process of its own: a second app would take the sockets and the tasks of the one that other tests use.
    command = [sys.executable, str(ROOT / "scripts" / "check_migrations.py"), empty_database]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no difference" in done.stdout
