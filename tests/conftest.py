"""The application for tests: a real database and real templates, a fixed place for everything, people by name."""

import contextvars
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.api import tokens
from app.api.scopes import SCOPES
from app.auth import passwords
from app.auth.models import PORTAL, STAFF, Session
from app.auth.sessions import digest
from app.clock import utcnow
from app.db import read_only
from app.events import Event
from app.extensions import db
from app.users.models import User
from contacts.models import Contact
from tests.world import World, build

TOKEN = "t" * 43


class Client(FlaskClient):
    """A browser without a window. Each request runs apart from the test's own context and database session."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if db.session.registry.has():
            db.session.commit()
        # Read to the end, so that a file that is sent is closed too.
        answer = contextvars.Context().run(super().open, *args, **{"buffered": True, **kwargs})
        db.session.expire_all()
        return answer


def _database_url(folder: Path) -> str:
    """A database of this worker's own: SQLite in a folder, or one made on the named PostgreSQL server."""
    server = os.environ.get("KARIZ_TEST_DATABASE_URL")
    if not server:
        return f"sqlite:///{folder / 'test.db'}"
    name = f"kariz_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def instance_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kariz-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashes that cost nothing: the product's take a fifth of a second each, see tests/app/test_passwords.py."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
        yield


@pytest.fixture(scope="session")
def app(instance_dir: Path) -> Iterator[Flask]:
    os.environ["INSTANCE_DIR"] = str(instance_dir)
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "tests only, never anywhere else",
            "INSTANCE_DIR": instance_dir,
            "FILES_DIR": instance_dir / "files",
            "SQLALCHEMY_DATABASE_URI": _database_url(instance_dir),
            "SQLALCHEMY_ENGINE_OPTIONS": {},
            "OUTBOX_WAKE": False,
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "REDIS_URL": os.environ.get("KARIZ_TEST_REDIS_URL"),
            "BASE_URL": "http://kariz.test",
        }
    )
    app.test_client_class = Client
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no row behind, where a test used the database; and no request of the test before decides who may write."""
    read_only.set(False)
    yield
    if "app" in request.fixturenames:
        empty_database()


def empty_database() -> None:
    """Delete every row, and what the context remembers of them."""
    db.session.rollback()
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    if db.engine.dialect.name == "postgresql":
        # TRUNCATE makes the files of every table and index anew: thirty times as dear as the few rows of a test.
        db.session.execute(sa.text("; ".join(f'DELETE FROM "{name}"' for name in tables)))
        begin_anew = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        db.session.execute(sa.text(f"{begin_anew} AND relnamespace = 'public'::regnamespace"))
    else:
        db.session.rollback()
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("BEGIN IMMEDIATE")
            for name in tables:
                raw.execute(f'DELETE FROM "{name}"')  # names of our own tables
            raw.execute("COMMIT")
            raw.execute("PRAGMA foreign_keys=ON")
    db.session.commit()
    db.session.remove()
    from flask import g

    for name in list(g):
        g.pop(name, None)


@pytest.fixture
def world(app: Flask) -> World:
    """The people, boards and customers that tests speak of; see tests/world.py."""
    return build()


@pytest.fixture
def sara(world: World) -> User:
    """An agent of support."""
    return world.sara


@pytest.fixture
def omid(world: World) -> User:
    """In sales, and no member of support."""
    return world.omid


@pytest.fixture
def reza(world: World) -> User:
    """A second agent of support."""
    return world.reza


@pytest.fixture
def maryam(world: World) -> User:
    """Manager of the support board."""
    return world.maryam


@pytest.fixture
def admin(world: World) -> User:
    return world.admin


@pytest.fixture
def nika(world: World) -> Contact:
    """A customer."""
    return world.nika


@pytest.fixture
def babak(world: World) -> Contact:
    """Another customer, who has nothing to do with nika."""
    return world.babak


@pytest.fixture
def client(app: Flask) -> Client:
    """Nobody in particular."""
    return app.test_client()  # type: ignore[return-value]


def _sign_in(app: Flask, audience: str, **owner: int) -> Client:
    token = f"{TOKEN}-{audience}-{next(iter(owner.values()))}-{os.urandom(4).hex()}"
    db.session.add(Session(token_hash=digest(token), expires_at=utcnow().replace(year=utcnow().year + 1), **owner))
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies[audience] = token
    return client  # type: ignore[return-value]


@pytest.fixture
def as_user(app: Flask) -> Callable[[User], Client]:
    """A browser in which this member of staff is signed in."""
    return lambda user: _sign_in(app, STAFF, user_id=user.id)


@pytest.fixture
def as_contact(app: Flask) -> Callable[[Contact], Client]:
    """A browser in which this customer is signed in to the portal."""
    return lambda contact: _sign_in(app, PORTAL, contact_id=contact.id)


def with_token(app: Flask, secret: str) -> Client:
    """A program that shows this token and reads English."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client  # type: ignore[return-value]


@pytest.fixture
def bearer(app: Flask) -> Callable[..., Client]:
    """A program with a token of this user for these scopes, or for all when none is named."""

    def issue(user: User, *scopes: str) -> Client:
        _token, secret = tokens.issue(user, name="test", scopes=scopes or tuple(SCOPES), days=None, by=user)
        db.session.commit()
        return with_token(app, secret)

    return issue


def event_names() -> list[str]:
    """Names of all recorded events, in order."""
    return list(db.session.scalars(sa.select(Event.name).order_by(Event.id)))


class Statements(list[str]):
    """SQL statements seen while counting; transaction control left out."""

    def watch(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not re.match(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)", statement, re.IGNORECASE):
            self.append(statement)


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """Collects every SQL statement from here on; `statements.clear()` begins anew."""
    seen = Statements()
    engine = db.engine
    event.listen(engine, "before_cursor_execute", seen.watch)
    yield seen
    event.remove(engine, "before_cursor_execute", seen.watch)
