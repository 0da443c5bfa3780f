"""Who works on a board; who is taken off it is out at once: Z05, Z11, S05."""

import contextvars
from typing import Any

import pytest
import sqlalchemy as sa

from app import sockets
from app.clock import utcnow
from app.events import Event
from app.extensions import db, socketio
from app.realtime import STAFF
from app.users.models import Team
from cards.placement import move
from pipelines.models import PipelineMembership
from tests.conftest import event_names

BASE = "/settings/pipelines/support/members"


def membership(world, **holder: int) -> PipelineMembership:
    query = sa.select(PipelineMembership).filter_by(pipeline_id=world.support.id, **holder)
    return db.session.scalars(query).one()


def facts() -> list[dict[str, Any]]:
    return [event.data for event in db.session.scalars(sa.select(Event).where(Event.name == "access.changed"))]


def test_a_manager_opens_the_board_to_a_colleague(world, maryam, omid, as_user):
    epoch = world.support.access_epoch
    assert as_user(omid).get("/boards/support").status_code == 404
    answer = as_user(maryam).post(BASE, data={"holder": f"user:{omid.id}", "level": "viewer"})
    assert answer.status_code == 303
    assert as_user(omid).get("/boards/support").status_code == 200
    assert facts() == [{"user": omid.id, "from": None, "to": "viewer"}]
    assert world.support.access_epoch == epoch


def test_a_board_opens_to_a_team(world, admin, as_user):
    team = Team(name_fa="فروش", members=[world.omid])
    db.session.add(team)
    db.session.commit()
    data = {"holder": f"team:{team.id}", "level": "member"}
    assert as_user(admin).post(BASE, data=data).status_code == 303
    assert as_user(world.omid).get("/boards/support").status_code == 200
    assert as_user(admin).post(BASE, data=data).status_code == 422


@pytest.mark.parametrize("holder", ["user:999999", "team:999999", "contact:1", "user:", "", None])
def test_nobody_is_no_member(world, maryam, as_user, holder):
    assert as_user(maryam).post(BASE, data={"holder": holder, "level": "member"}).status_code == 422
    assert event_names() == []


def test_an_unknown_level_is_none(world, maryam, omid, as_user):
    answer = as_user(maryam).post(BASE, data={"holder": f"user:{omid.id}", "level": "owner"})
    assert answer.status_code == 422
    assert event_names() == []


def test_a_deactivated_colleague_is_not_offered(world, maryam, omid, as_user):
    omid.deactivated_at = utcnow()
    db.session.commit()
    assert as_user(maryam).post(BASE, data={"holder": f"user:{omid.id}", "level": "member"}).status_code == 422


def test_a_lower_level_shows_everybody_the_door_once(world, maryam, as_user):
    """Who may still come in joins the new room; a higher level needs no such thing."""
    team = db.session.scalars(sa.select(Team)).one()
    row, epoch = membership(world, team_id=team.id), world.support.access_epoch
    browser = as_user(maryam)
    assert browser.post(f"{BASE}/{row.id}", data={"level": "viewer"}).status_code == 303
    assert world.support.access_epoch == epoch + 1
    assert browser.post(f"{BASE}/{row.id}", data={"level": "viewer"}).status_code == 303
    assert browser.post(f"{BASE}/{row.id}", data={"level": "manager"}).status_code == 303
    assert world.support.access_epoch == epoch + 1
    assert [(fact["from"], fact["to"]) for fact in facts()] == [("member", "viewer"), ("viewer", "manager")]
    assert browser.post(f"{BASE}/{row.id}", data={"level": "owner"}).status_code == 422


def test_a_membership_of_another_board_is_not_there(world, maryam, as_user):
    query = sa.select(PipelineMembership).filter_by(pipeline_id=world.sales.id, user_id=world.omid.id)
    row = db.session.scalars(query).one()
    assert as_user(maryam).post(f"{BASE}/{row.id}/removal").status_code == 404
    assert as_user(maryam).post(f"{BASE}/{row.id}", data={"level": "viewer"}).status_code == 404


def test_a_manager_may_leave(world, maryam, as_user):
    browser = as_user(maryam)
    answer = browser.post(f"{BASE}/{membership(world, user_id=maryam.id).id}/removal")
    assert answer.headers["Location"] == "/"
    assert browser.get(BASE).status_code == 404


class Page:
    """An open board. Handlers run apart from the test's own context."""

    def __init__(self, app, browser) -> None:
        make = socketio.test_client
        self.socket = contextvars.Context().run(make, app, namespace=STAFF, flask_test_client=browser)

    def join(self, pipeline) -> Any:
        db.session.commit()
        ask = self.socket.emit
        answer: Any = contextvars.Context().run(
            ask, "pipeline.join", {"id": pipeline.id}, namespace=STAFF, callback=True
        )
        db.session.expire_all()
        return answer

    def heard(self) -> list[dict[str, Any]]:
        return [frame["args"][0] for frame in self.socket.get_received(STAFF) if frame["name"] == "event"]


@pytest.fixture
def page_of(app, as_user, monkeypatch):
    # No thread of this process looks after the sockets of a test.
    monkeypatch.setattr(sockets, "_start_watch", lambda: None)
    opened = []

    def one(user) -> Page:
        opened.append(Page(app, as_user(user)))
        return opened[-1]

    yield one
    for page in opened:
        if page.socket.is_connected(STAFF):
            contextvars.Context().run(page.socket.disconnect, STAFF)


def test_who_is_removed_hears_it_and_then_nothing_more(world, maryam, sara, omid, page_of, as_user):
    """S05, Z11: the old room is told and closed, joining again is refused; colleagues join the new room."""
    db.session.add(PipelineMembership(pipeline_id=world.support.id, user_id=omid.id, level="member"))
    db.session.commit()
    his, hers, card = page_of(omid), page_of(sara), world.card()
    assert his.join(world.support)["ok"]
    before = hers.join(world.support)
    row = membership(world, user_id=omid.id)
    assert as_user(maryam).post(f"{BASE}/{row.id}/removal").status_code == 303
    (told,) = his.heard()
    assert (told["name"], told["seq"], told["epoch"]) == ("access.changed", before["seq"] + 1, before["room_epoch"])
    hers.heard()
    assert his.join(world.support) == {"ok": False}
    assert hers.join(world.support)["room_epoch"] == before["room_epoch"] + 1
    move(card, world.stage("Working").id, by=maryam)
    db.session.commit()
    assert his.heard() == []
    assert [frame["name"] for frame in hers.heard()] == ["card.moved"]


def test_a_redesign_reloads_open_boards_and_those_who_missed_it(world, maryam, sara, page_of, as_user):
    """The frame goes to the room of before; the way back after a gap tells it by name."""
    hers = page_of(sara)
    before = hers.join(world.support)
    browser = as_user(maryam)
    stage = world.stage("Consulting")
    browser.post(f"/settings/pipelines/support/stages/{stage.id}/position", data={"direction": "up"})
    (told,) = hers.heard()
    assert (told["name"], told["card"]) == ("pipeline.redesigned", None)
    sync = as_user(sara).get(f"/boards/support/sync?epoch={before['room_epoch']}&seq={before['seq']}").json
    assert [frame["name"] for frame in sync["events"]] == ["pipeline.redesigned"]
    assert sync["epoch"] == before["room_epoch"] + 1


def test_frames_carry_no_words(world, maryam, sara, page_of, as_user):
    """S10: not the name of the stage either."""
    hers = page_of(sara)
    hers.join(world.support)
    data = {"name_fa": "قناری‌۷۳۱", "kind": "active", "color": "blue", "portal": "hidden"}
    as_user(maryam).post("/settings/pipelines/support/stages", data=data)
    assert "قناری" not in str(hers.heard())
