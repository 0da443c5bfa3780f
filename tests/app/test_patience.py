"""A database server that is silent: who asks next is told at once, and soon somebody tries again (F13)."""

import socket

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors

from app import patience
from app.db import reading, tune
from app.extensions import db
from app.patience import SILENCE_SECONDS, Door, Patient, be_patient
from app.settings import Setting


@pytest.fixture
def clock(monkeypatch):
    """The time of the door; what it says is set as `clock[0]`."""
    now = [100.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def tried(monkeypatch):
    """What every attempt at a connection ends with is set as `tried.answer`."""

    class Tried(list[int]):
        answer: Exception | object = errors.ConnectionTimeout("connection timeout expired")

        def __call__(self, *_arguments: object, **_parameters: object) -> object:
            self.append(1)
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    found = Tried()
    monkeypatch.setattr(Patient, "connect", found)
    return found


def test_after_a_silence_nobody_waits_in_line(tried, clock):
    """F13: no pile of threads that wait, one after the other, for the same server."""
    door = Door()
    with pytest.raises(errors.ConnectionTimeout):
        door.enter()
    for _person in range(20):
        with pytest.raises(psycopg.OperationalError):
            door.enter()
    assert len(tried) == 1


def test_a_moment_later_somebody_tries_again(tried, clock):
    door = Door()
    with pytest.raises(errors.ConnectionTimeout):
        door.enter()
    clock[0] += SILENCE_SECONDS
    tried.answer = object()
    assert door.enter() is tried.answer
    assert door.enter() is tried.answer


def test_a_refusal_shuts_nothing(tried, clock):
    """A server that restarts refuses quickly and may be back at the next try."""
    tried.answer, door = psycopg.OperationalError("connection refused"), Door()
    for _time in range(3):
        with pytest.raises(psycopg.OperationalError):
            door.enter()
    assert len(tried) == 3


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up(tmp_path):
    """F13: the whole way, through the pool."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        url = f"postgresql+psycopg://postgres@/postgres?host={tmp_path}"
        engine = sa.create_engine(url, connect_args={"connect_timeout": 2})
        be_patient(engine, 4.5)
        for reason in ("timeout", "a moment ago"):
            with pytest.raises(sa.exc.OperationalError, match=reason):
                engine.connect()
        engine.dispose()


def test_all_waits_together_are_shorter_than_people_wait():
    """F13: five seconds, from the sign of life of a rested connection to the answer of a statement."""
    from app.config import _engine_options, load_config

    options = _engine_options("postgresql+psycopg://x", {})
    statement = load_config({"INSTANCE_DIR": "instance"}, is_web=True)["STATEMENT_SECONDS"]
    assert statement + patience.SLACK_SECONDS < 5
    assert statement / 3 + options["connect_args"]["connect_timeout"] < 5
    assert options["pool_timeout"] < 5


@pytest.mark.servers
def test_who_only_reads_keeps_what_the_server_has_prepared(app):
    """What could write is undone; what could only read ends without making the driver forget its statements."""
    url = db.engine.url
    kept = "SELECT count(*) FROM pg_prepared_statements" if db.engine.dialect.name == "postgresql" else "SELECT 1"
    engine = sa.create_engine(url, pool_size=1, max_overflow=0)
    tune(engine, 4.5)
    with reading():
        for _page in range(8):
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT key FROM settings")
        with engine.connect() as connection:
            assert connection.exec_driver_sql(kept).scalar_one() >= 1
    with engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM settings")
        connection.execute(sa.insert(Setting), {"key": "business.phone", "value": "1"})
    with reading(), engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(Setting.key == "business.phone")) == 0
    engine.dispose()
