"""The migrations lead from nothing to the models, and back."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from scripts import check_migrations


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
def test_up_compare_down_and_up_again(empty_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = check_migrations.main(empty_database)
    assert (code, capsys.readouterr().err) == (0, "")
