"""What waits for the commit, and what is written down: hooks, events, settings."""

import pytest
import sqlalchemy as sa

from app import events, outbox, settings
from app.events import Event, record
from app.extensions import db
from app.hooks import after_commit, unheard
from app.settings import Setting
from app.users.models import User


@pytest.fixture
def done(app) -> list[str]:
    return []


def test_nothing_happens_before_the_commit_and_once_after_it(done):
    after_commit(lambda: done.append("a"))
    db.session.flush()
    assert done == []
    db.session.commit()
    db.session.commit()
    assert done == ["a"]


def test_a_rollback_forgets(done):
    after_commit(lambda: done.append("a"))
    db.session.rollback()
    db.session.commit()
    assert done == []


def test_a_savepoint_that_is_undone_takes_its_own_along_and_no_others(done):
    after_commit(lambda: done.append("before"))
    savepoint = db.session.begin_nested()
    after_commit(lambda: done.append("inside"))
    with db.session.begin_nested():
        after_commit(lambda: done.append("deep inside"))
    savepoint.rollback()
    after_commit(lambda: done.append("after"))
    assert done == []
    db.session.commit()
    assert done == ["before", "after"]


def test_a_released_savepoint_waits_for_the_transaction_around_it(done):
    with db.session.begin_nested():
        after_commit(lambda: done.append("inside"))
    assert done == []
    db.session.commit()
    assert done == ["inside"]


def test_a_released_savepoint_is_forgotten_with_the_transaction(done):
    with db.session.begin_nested():
        after_commit(lambda: done.append("inside"))
    db.session.rollback()
    db.session.commit()
    assert done == []


def test_a_hook_that_fails_keeps_neither_the_change_nor_the_others(done, world):
    world.sara.name = "سارا"
    after_commit(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    after_commit(lambda: done.append("second"))
    db.session.commit()
    assert done == ["second"]
    assert db.session.scalar(sa.select(User.name).where(User.id == world.sara.id)) == "سارا"


def test_a_hook_may_write_on_its_own(done, world):
    def write() -> None:
        record("user.signed_in", None, by=world.sara)
        after_commit(lambda: done.append("written"))
        db.session.commit()

    after_commit(write)
    db.session.commit()
    assert done == ["written"]


def test_a_past_is_written_in_silence(done):
    with unheard():
        after_commit(lambda: done.append("a"))
    db.session.commit()
    assert done == []


def test_names_of_events_are_a_closed_list(world):
    """An event that nobody defined cannot be recorded, now or as a past."""
    with pytest.raises(LookupError):
        record("card.exploded", None)
    with pytest.raises(LookupError):
        events.record_past(world.support, [events.PastFact("card.exploded", world.support.created_at)], by=None)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == 0


def test_every_name_is_a_noun_and_a_verb(app):
    assert [name for name in events.NAMES if not all(part.isidentifier() for part in name.split(".")[:2])] == []
    assert [name for name in events.NAMES if name.count(".") != 1] == []


def test_an_unknown_visibility_is_refused_by_the_database(world):
    with pytest.raises(sa.exc.IntegrityError):
        record("user.signed_in", None, visibility="everybody")
    db.session.rollback()


def test_a_setting_has_a_default_is_changed_once_and_leaves_a_trace(world, admin):
    assert settings.get("business.color") == "#1f6244"
    settings.put("business.color", "#123456", by=admin)
    settings.put("business.color", "#123456", by=admin)
    db.session.commit()
    assert settings.get("business.color") == "#123456"
    changes = db.session.scalars(sa.select(Event).where(Event.name == "setting.changed")).all()
    assert [change.data for change in changes] == [{"key": "business.color", "from": "#1f6244", "to": "#123456"}]


def test_an_unknown_setting_is_neither_read_nor_written(world, admin):
    with pytest.raises(KeyError):
        settings.get("business.nothing")
    with pytest.raises(KeyError):
        settings.put("business.nothing", 1, by=admin)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Setting)) == 0


def test_a_secret_leaves_no_trace_of_its_value(world, admin):
    """The password of the mail server is in no event."""
    settings.put("mail.password", "raz-e-penhan", by=admin)
    db.session.commit()
    kept = db.session.scalars(sa.select(Event.data).where(Event.name == "setting.changed")).all()
    assert kept == [{"key": "mail.password"}]


def test_an_intent_of_a_rolled_back_change_is_none(world):
    assert outbox.enqueue("message.reply", key="one") is not None
    db.session.rollback()
    assert outbox.enqueue("message.reply", key="one") is not None
    assert outbox.enqueue("message.reply", key="one") is None
    db.session.commit()
