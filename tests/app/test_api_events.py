"""The feed of events skips nothing, also where transactions commit in another order than they took their numbers in."""

import pytest
import sqlalchemy as sa

from app.api import feed, settled
from app.api.feed import TOLD
from app.db import table_of
from app.events import NAMES, Event
from app.extensions import db


def test_it_tells_of_known_events_only(app):
    assert TOLD.keys() <= NAMES
    assert not {name for name in TOLD if name.startswith(("user.", "token.", "session."))} - {"user.mentioned"}


@pytest.mark.servers
def test_an_unfinished_writer_holds_it_back(world, monkeypatch):
    """On PostgreSQL a number below is still to come; SQLite has one writer at a time."""
    monkeypatch.setattr(settled, "WAIT_SECONDS", 0.1)
    world.card("پیش")
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as slow:
            slow.execute(sa.insert(table_of(Event)).values(name="card.seen", data={}))
            world.card("پس")
            assert settled.settled_id() is None
            slow.commit()
    assert settled.settled_id() == db.session.scalar(sa.select(sa.func.max(Event.id)))


def test_one_reads_on_past_events_that_are_not_told(world, bearer, monkeypatch):
    """A window without anything to tell moves the cursor."""
    monkeypatch.setattr(feed, "WINDOW", 2)
    program = bearer(world.sara, "events:read", "products:read")
    world.card()
    after, pages = 0, 0
    while True:
        page = program.get(f"/api/v1/events?after={after}").json
        assert page["items"] == []
        after, pages = page["after"], pages + 1
        if not page["has_more"]:
            break
    assert pages > 1
    assert after == db.session.scalar(sa.select(sa.func.max(Event.id)))
