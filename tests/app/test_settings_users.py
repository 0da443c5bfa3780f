"""Colleagues: invitations (A15), roles (A11, Z10), closing an account with the hand-over of its cards (A11)."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth.models import SignInLink
from app.auth.services import set_password
from app.clock import freeze, utcnow
from app.events import Event
from app.extensions import db
from app.outbox import Outbox
from app.users.models import Team, TeamMember, User
from cards.models import Card
from pipelines.models import PipelineMembership
from tests.conftest import event_names

pytestmark = pytest.mark.servers

NEW = {"email": "Parisa@Example.com", "name": "پریسا دلاور", "name_en": "Parisa", "role": "agent", "locale": "fa"}


def invited() -> User:
    return db.session.scalars(sa.select(User).where(User.email == "parisa@example.com")).one()


def link_of(answer) -> str:
    return re.findall(r"http://kariz.test(/invitation/[\w-]+)", answer.text)[0]


def test_an_admin_invites_a_colleague(world, admin, as_user):
    """The link is mailed by the outbox, and shown this once."""
    team = db.session.scalars(sa.select(Team)).one()
    answer = as_user(admin).post("/settings/users", data={**NEW, "teams": [team.id]})
    assert answer.status_code == 201
    user, path = invited(), link_of(answer)
    assert (user.role, user.password_hash) == ("agent", None)
    assert db.session.get(TeamMember, (team.id, user.id)) is not None
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.invitation")).one()
    assert row.user_id == user.id
    assert path.endswith(row.payload["token"])
    assert event_names() == ["user.created", "team.members_changed", "user.invited"]
    assert path not in as_user(admin).get(f"/settings/users/{user.id}").text


def test_the_link_lets_in_once_and_only_for_its_role(world, admin, as_user, app):
    """A15: after acceptance, with an empty token, with a role in the body."""
    path = link_of(as_user(admin).post("/settings/users", data=NEW))
    choice = {"password": "سه واژهٔ خوب و بلند", "again": "سه واژهٔ خوب و بلند", "role": "admin", "is_admin": "1"}
    assert app.test_client().post("/invitation/", data=choice).status_code == 404
    assert app.test_client().post(path, data=choice).status_code == 303
    assert invited().role == "agent"
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path, data=choice).status_code == 404


def test_an_old_or_replaced_link_is_worthless(world, admin, as_user, app):
    """A15: after seven days; and when a newer one was made."""
    browser = as_user(admin)
    first = link_of(browser.post("/settings/users", data=NEW))
    second = link_of(browser.post(f"/settings/users/{invited().id}/invitation"))
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    with freeze(utcnow() + timedelta(days=7, minutes=1)):
        assert app.test_client().get(second).status_code == 404


def test_who_has_a_password_is_not_invited_again(world, admin, sara, as_user):
    set_password(sara, "a good long password")
    db.session.commit()
    assert as_user(admin).post(f"/settings/users/{sara.id}/invitation").status_code == 409
    assert db.session.scalars(sa.select(SignInLink)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "sara@kariz.test"}, "email"),
        ({"email": "SARA@kariz.test "}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "ن" * 81}, "name"),
        ({"role": "owner"}, "role"),
        ({"teams": ["999999"]}, "teams"),
        ({"teams": ["x"]}, "teams"),
        ({"locale": "de"}, "locale"),
    ],
)
def test_bad_invitations_are_refused(world, admin, as_user, changes, field):
    browser = as_user(admin)
    known = db.session.scalar(sa.select(sa.func.count(User.id)))
    answer = browser.post("/settings/users", data={**NEW, **changes}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    page = browser.post("/settings/users", data={**NEW, **changes})
    assert NEW["name_en"] in page.text
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == known
    assert event_names() == []


def change(user: User, **values) -> dict[str, object]:
    return {"name": user.name, "name_en": user.name_en, "email": user.email, "role": user.role, **values}


def test_a_role_changes_and_the_colleague_signs_in_anew(world, admin, sara, as_user):
    """A11: the other browser is signed out."""
    hers = as_user(sara)
    answer = as_user(admin).post(f"/settings/users/{sara.id}", data=change(sara, role="manager"))
    assert answer.status_code == 303
    assert sara.role == "manager"
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.role_changed")).one()
    assert (event.data, event.actor_id) == ({"from": "agent", "to": "manager"}, admin.id)
    assert hers.get("/account").headers["Location"].startswith("/sign-in")


def test_the_last_admin_stays_admin(world, admin, as_user):
    """Z10"""
    browser = as_user(admin)
    answer = browser.post(f"/settings/users/{admin.id}", data=change(admin, role="agent"))
    assert answer.status_code == 422
    assert "تنها مدیر سامانه" in answer.text
    assert browser.post(f"/settings/users/{admin.id}/deactivation").status_code == 422
    assert (admin.role, admin.is_active) == ("admin", True)
    assert event_names() == []


def test_an_admin_among_others_may_step_down(world, admin, maryam, as_user):
    """And loses every board at once (Z11)."""
    maryam.role = "admin"
    db.session.commit()
    epochs = [board.access_epoch for board in (world.support, world.sales, world.orders)]
    assert as_user(maryam).post(f"/settings/users/{admin.id}", data=change(admin, role="agent")).status_code == 303
    assert [board.access_epoch for board in (world.support, world.sales, world.orders)] == [n + 1 for n in epochs]


def test_nobody_closes_their_own_account(world, admin, maryam, as_user):
    maryam.role = "admin"
    db.session.commit()
    assert as_user(admin).post(f"/settings/users/{admin.id}/deactivation").status_code == 422
    assert admin.is_active


@pytest.fixture
def on_two_boards(world, sara) -> dict[str, Card]:
    order = world.card("سفارش", stage=world.stage("Packing", world.orders), assignee=sara)
    return {"support": world.card(assignee=sara), "orders": order, "closed": _closed(world, sara)}


def _closed(world, sara) -> Card:
    card: Card = world.card("بسته", assignee=sara)
    card.resolved_at = card.closed_at = utcnow()
    db.session.commit()
    return card


def test_a_leaving_colleague_hands_over_board_by_board(world, admin, sara, reza, omid, as_user, on_two_boards):
    """A11, Z10: nothing is orphaned, the sessions end, boards show her out (Z11)."""
    hers, epochs = as_user(sara), (world.support.access_epoch, world.sales.access_epoch)
    page = as_user(admin).get(f"/settings/users/{sara.id}/deactivation").text
    assert "۱ کارت باز" in page
    takers = {f"board_{world.support.id}": reza.id, f"board_{world.orders.id}": "nobody"}
    assert as_user(admin).post(f"/settings/users/{sara.id}/deactivation", data=takers).status_code == 303
    cards = on_two_boards
    assert (cards["support"].assignee_id, cards["orders"].assignee_id) == (reza.id, None)
    assert cards["closed"].assignee_id == sara.id
    assert not sara.is_active
    assert hers.get("/account").headers["Location"].startswith("/sign-in")
    assert world.support.access_epoch == epochs[0] + 1
    assert world.sales.access_epoch == epochs[1]
    handed = db.session.scalars(sa.select(Event).where(Event.name == "card.assigned").order_by(Event.id)).all()
    assert [(event.data["to"], event.actor_id) for event in handed] == [(reza.id, admin.id), (None, admin.id)]


def test_one_colleague_takes_everything(world, admin, sara, omid, maryam, as_user, on_two_boards):
    """Only somebody who works on all of the boards is offered for everything."""
    db.session.add(PipelineMembership(pipeline_id=world.orders.id, user_id=maryam.id, level="member"))
    db.session.commit()
    address = f"/settings/users/{sara.id}/deactivation"
    assert as_user(admin).post(address, data={"everything": omid.id}).status_code == 422
    assert as_user(admin).post(address, data={"everything": maryam.id}).status_code == 303
    assert {on_two_boards[name].assignee_id for name in ("support", "orders")} == {maryam.id}


@pytest.mark.parametrize("taker", ["", "omid", "sara", "999999", "x"])
def test_cards_go_only_to_who_works_there(world, admin, sara, as_user, on_two_boards, taker):
    """Z07: nothing is changed, also on the board where the choice was right."""
    value = {"omid": world.omid.id, "sara": sara.id}.get(taker, taker)
    data = {f"board_{world.support.id}": value, f"board_{world.orders.id}": world.omid.id}
    known = event_names()
    assert as_user(admin).post(f"/settings/users/{sara.id}/deactivation", data=data).status_code == 422
    assert sara.is_active
    assert {on_two_boards[name].assignee_id for name in ("support", "orders")} == {sara.id}
    assert event_names() == known


def test_a_department_forgets_whom_it_gave_requests_first(world, admin, sara, as_user):
    world.department.default_assignee_id = sara.id
    db.session.commit()
    assert as_user(admin).post(f"/settings/users/{sara.id}/deactivation").status_code == 303
    assert world.department.default_assignee_id is None


def test_a_closed_account_opens_again_as_it_was(world, admin, sara, as_user):
    browser = as_user(admin)
    browser.post(f"/settings/users/{sara.id}/deactivation")
    assert browser.post(f"/settings/users/{sara.id}/reactivation").status_code == 303
    assert sara.is_active
    assert as_user(sara).get("/boards/support").status_code == 200
    assert "user.reactivated" in event_names()


def test_a_changed_address_must_be_free(world, admin, sara, reza, as_user):
    answer = as_user(admin).post(f"/settings/users/{sara.id}", data=change(sara, email=reza.email, name="سارای تازه"))
    assert answer.status_code == 422
    assert "سارای تازه" in answer.text
    assert (sara.email, sara.name) == ("sara@kariz.test", "سارا امینی")
