"""A request that lost a race for locks is done again, unseen (F14)."""

import threading
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask, request
from flask.testing import FlaskClient
from psycopg import errors
from sqlalchemy.exc import OperationalError

from app import repeats
from app.extensions import db
from app.users.models import User

VIEW = "pages.choose_theme"


@pytest.fixture
def view(app: Flask, world, monkeypatch):
    """Let a function be the view that answers POST /theme."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return lambda fn: monkeypatch.setitem(app.view_functions, VIEW, fn)


def lost(kind: type[Exception]) -> OperationalError:
    return OperationalError("UPDATE", {}, kind("deadlock detected"))


def name_of(user_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalar(sa.select(User.name).where(User.id == user_id)))


@pytest.mark.parametrize("kind", repeats.RACES)
def test_it_is_done_again_and_once(view, client, sara, kind):
    """F14: what the lost tries wrote is gone."""
    user_id, tries = sara.id, []

    def work() -> str:
        tries.append(request.files["file"].read())
        user = db.session.get_one(User, user_id)
        user.name += "!"
        db.session.flush()
        if len(tries) < repeats.TRIES:
            raise lost(kind)
        db.session.commit()
        return "done"

    before = sara.name
    view(work)
    answer = client.post("/theme", data={"file": (BytesIO(b"content"), "a.txt")})
    assert (answer.status_code, tries) == (200, [b"content"] * repeats.TRIES)
    assert name_of(user_id) == f"{before}!"


@pytest.mark.parametrize("kind", [errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled])
def test_who_loses_always_or_has_waited_long_is_asked_to_come_again(view, client, kind):
    """F09, F14: three tries, and none more where the wait was long already."""
    tries = []

    def work() -> str:
        tries.append(1)
        raise lost(kind)

    view(work)
    answer = client.post("/theme")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert len(tries) == (repeats.TRIES if kind in repeats.RACES else 1)


def test_what_has_committed_is_not_done_again(view, client, sara):
    user_id, before = sara.id, sara.name

    def work() -> str:
        db.session.get_one(User, user_id).name += "!"
        db.session.commit()
        raise lost(errors.DeadlockDetected)

    view(work)
    assert client.post("/theme").status_code == 503
    assert name_of(user_id) == f"{before}!"


@pytest.mark.servers
def test_of_two_who_wait_for_each_other_both_are_served(app: Flask, view, sara, reza):
    """F14: on PostgreSQL a real deadlock; on SQLite writers stand in line from the start."""
    ids, met = {"one": (sara.id, reza.id), "two": (reza.id, sara.id)}, threading.Barrier(2)
    seen: list[str] = []

    def work() -> str:
        who = request.form["who"]
        is_first = who not in seen
        seen.append(who)
        for number, user_id in enumerate(ids[who]):
            if number and is_first and db.engine.dialect.name == "postgresql":
                met.wait(30)
            row = sa.select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
            db.session.scalars(row).one().name += "!"
            db.session.flush()
        db.session.commit()
        return "done"

    before = {user.id: user.name for user in (sara, reza)}
    view(work)
    db.session.rollback()
    answers = []

    def send(who: str) -> None:
        answers.append(FlaskClient(app, app.response_class).post("/theme", data={"who": who}).status_code)

    people = [threading.Thread(target=send, args=(who,)) for who in ids]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert answers == [200, 200]
    assert {user_id: name_of(user_id) for user_id in before} == {key: f"{name}!!" for key, name in before.items()}
    assert len(seen) == (3 if db.engine.dialect.name == "postgresql" else 2)
