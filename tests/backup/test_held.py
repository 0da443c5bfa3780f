"""What waited when the restored backup was made: nothing leaves until a person says so."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import held, outbox
from app.clock import utcnow
from app.extensions import db
from app.outbox import Outbox
from app.users.models import User
from tests.conftest import event_names
from tests.world import World


@pytest.fixture
def restored(world: World) -> dict[str, Outbox]:
    """Rows of every sort, after a restore."""
    facts: dict[str, dict[str, Any]] = {
        "waiting": {"kind": "message.reply"}, "sending": {"kind": "message.reply", "state": "sending"},
        "done": {"kind": "message.reply", "state": "done"}, "failed": {"kind": "message.reply", "state": "failed"},
        "code": {"kind": "message.code"}, "import": {"kind": "job.run", "claimed_until": utcnow()},
        "unheard of": {"kind": "webhook.call"},
    }  # fmt: skip
    rows = {key: Outbox(key=key, **values) for key, values in facts.items()}
    db.session.add_all(rows.values())
    db.session.commit()
    assert held.hold_all(db.session.connection()) == 3
    db.session.commit()
    db.session.expire_all()
    return rows


@pytest.mark.servers
def test_nothing_of_the_past_is_sent_again(restored: dict[str, Outbox]) -> None:
    """F30: only work inside the house goes on."""
    assert {key: row.state for key, row in restored.items()} == {
        "waiting": "unknown", "sending": "unknown", "done": "done", "failed": "failed", "code": "dropped",
        "import": "waiting", "unheard of": "unknown",
    }  # fmt: skip
    assert outbox.sweep() == [restored["import"].id]


def test_an_admin_sends_them(restored: dict[str, Outbox], admin: User, as_user: Callable[[User], FlaskClient]) -> None:
    browser = as_user(admin)
    page = browser.get("/settings/messages").text
    assert "۳ پیام" in page
    assert "۱ پیام" in page
    assert browser.post("/settings/messages/held", data={"choice": "send"}).status_code == 303
    assert {restored[key].state for key in ("waiting", "sending", "unheard of")} == {"waiting"}
    assert restored["failed"].state == "failed"
    assert event_names()[-1] == "message.held_decided"


def test_an_admin_leaves_them_unsent(
    restored: dict[str, Outbox], admin: User, as_user: Callable[[User], FlaskClient]
) -> None:
    browser = as_user(admin)
    assert browser.post("/settings/messages/held", data={"choice": "drop"}).status_code == 303
    assert {restored[key].state for key in ("waiting", "sending", "unheard of")} == {"dropped"}
    assert browser.post("/settings/messages/held", data={"choice": "send"}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).where(Outbox.state == "waiting")) == 1


def test_others_may_not_decide(restored: dict[str, Outbox], sara: User, as_user: Callable[[User], FlaskClient]) -> None:
    assert as_user(sara).post("/settings/messages/held", data={"choice": "send"}).status_code == 403
    assert restored["waiting"].state == "unknown"
