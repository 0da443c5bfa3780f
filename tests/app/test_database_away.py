"""The database does not answer (F13): it is asked once, whoever asks for the page is told, and nobody waits in line."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.extensions import db


@pytest.fixture
def asked(world, monkeypatch, app: Flask) -> list[str]:
    """How often the database was asked since it went away."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    seen: list[str] = []

    def fail(*_args: object, **_more: object) -> None:
        seen.append("asked")
        raise OperationalError("SELECT 1", {}, Exception("the database server does not answer"))

    db.session.remove()
    monkeypatch.setattr(sa.engine.Engine, "connect", fail)
    monkeypatch.setattr(sa.engine.Engine, "raw_connection", fail)
    yield seen
    monkeypatch.undo()
    db.session.remove()


@pytest.fixture
def reader(world, sara, as_user):
    """Made before the database goes away."""
    return as_user(sara)


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {"HX-Request": "true"}])
@pytest.mark.parametrize("path", ["/work", "/sign-in", "/portal/", "/api/v1/cards", "/boards/support"])
def test_a_silent_database_is_asked_once(reader, asked, path, headers):
    """F13: each question more is as long a wait more."""
    answer = reader.get(path, headers=headers)
    assert len(asked) == 1
    assert answer.status_code in {303, 401, 503}
    if answer.status_code == 503:
        assert answer.headers["Retry-After"]
        assert ("لحظه" in answer.text) or ("moment" in answer.text)
