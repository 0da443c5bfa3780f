"""The health questions, and how many of the web server's places are taken."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import health
from app.embedded import EmbeddedCelery
from app.extensions import db

Answer = tuple[str, Iterable[bytes]]


@pytest.fixture
def migrated(app: Flask) -> Iterator[None]:
    """A database that says which revision it has."""
    db.session.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    db.session.execute(sa.text("INSERT INTO alembic_version VALUES ('head')"))
    db.session.commit()
    yield
    db.session.execute(sa.text("DROP TABLE alembic_version"))
    db.session.commit()


@pytest.fixture
def embedded(app: Flask) -> Iterator[EmbeddedCelery]:
    """The worker and the clock of the web process."""
    running = EmbeddedCelery(app.extensions["celery"]).start()
    app.extensions["embedded"] = running
    yield running
    del app.extensions["embedded"]
    if running.is_running:
        running.stop()


def test_a_living_process_says_so_without_asking_the_database(client: FlaskClient, statements: list[str]) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert statements == []


@pytest.mark.usefixtures("migrated")
def test_ready_when_database_and_worker_are_there(client: FlaskClient, embedded: EmbeddedCelery) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ok"
    assert answer.json["checks"]["broker"] == {"ok": True, "kind": "embedded"}


@pytest.mark.usefixtures("migrated")
def test_not_ready_once_the_worker_has_stopped(client: FlaskClient, embedded: EmbeddedCelery) -> None:
    assert embedded.stop()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["broker"]["ok"] is False


@pytest.mark.usefixtures("embedded")
def test_not_ready_without_tables(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["database"]["ok"] is False
    assert answer.json["checks"]["broker"]["ok"] is True


@pytest.mark.usefixtures("migrated")
def test_a_silent_broker_is_named(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: redis.Redis) -> None:
        raise redis.ConnectionError

    monkeypatch.setitem(app.config, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(redis.Redis, "ping", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["broker"] == {"ok": False, "kind": "redis"}


@pytest.mark.usefixtures("migrated", "embedded")
def test_not_ready_without_a_free_place(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = health.Slots(plain, capacity=10)
    monkeypatch.setitem(app.extensions, "slots", slots)
    slots.busy = 9
    assert client.get("/readyz").status_code == 200
    slots.busy = 10
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["web"] == {"ok": False, "slots": 10, "busy": 10, "sockets": 0, "free": 0}


def plain(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"done"]


def ask(slots: health.Slots, upgrade: str = "") -> Answer:
    """Call as a web server does; the answer is not yet sent."""
    heard: list[str] = []
    body = slots({"HTTP_UPGRADE": upgrade}, lambda status, _headers: heard.append(status))  # type: ignore[arg-type]
    return heard[0], body


def test_a_place_is_taken_until_the_answer_is_sent() -> None:
    slots = health.Slots(plain, capacity=4)
    _status, body = ask(slots)
    assert (slots.busy, slots.free) == (1, 3)
    body.close()  # type: ignore[attr-defined]
    body.close()  # type: ignore[attr-defined]
    assert (slots.busy, slots.free) == (0, 4)


def test_live_pages_leave_places_for_requests() -> None:
    slots = health.Slots(plain, capacity=10)
    answers = [ask(slots, "WebSocket")[0] for _page in range(9)]
    assert answers == ["200 OK"] * 8 + ["503 Service Unavailable"]
    assert (slots.sockets, slots.free) == (8, 2)
    assert ask(slots)[0] == "200 OK"


def test_a_page_that_ends_by_an_exception_gives_its_place_back() -> None:
    def ended(_environ: object, _start_response: object) -> Iterable[bytes]:
        raise StopIteration

    slots = health.Slots(ended, capacity=10)
    with pytest.raises(StopIteration):
        slots({"HTTP_UPGRADE": "websocket"}, lambda *_: None)  # type: ignore[arg-type]
    assert (slots.busy, slots.sockets) == (0, 0)


def test_nothing_is_refused_where_the_number_of_places_is_unknown() -> None:
    slots = health.Slots(plain, capacity=None)
    assert {ask(slots, "websocket")[0] for _page in range(100)} == {"200 OK"}
    assert slots.free is None
