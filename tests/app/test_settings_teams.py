"""Teams: making, renaming, members, the archive; who leaves a team leaves its boards (Z11)."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from app.users import teams
from app.users.models import Team
from tests.conftest import event_names


@pytest.fixture
def support(world) -> Team:
    """The team of sara and reza, which the support board is open to."""
    return db.session.scalars(sa.select(Team)).one()


def test_an_admin_makes_a_team(world, admin, omid, maryam, as_user):
    answer = as_user(admin).post(
        "/settings/teams", data={"name_fa": "مالي", "name_en": "Finance", "members": [omid.id, maryam.id]}
    )
    assert answer.status_code == 303
    team = db.session.scalars(sa.select(Team).where(Team.name_fa == "مالی")).one()
    assert teams.member_ids(team) == {omid.id, maryam.id}
    assert event_names() == ["team.created", "team.members_changed"]
    assert "مالی" in as_user(admin).get("/settings/teams").text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_fa": ""}, "name_fa"),
        ({"name_fa": "پشتیبانی"}, "name_fa"),
        ({"name_fa": "ن" * 81}, "name_fa"),
        ({"name_fa": "تازه", "members": ["999999"]}, "members"),
        ({"name_fa": "تازه", "members": ["x"]}, "members"),
    ],
)
def test_bad_teams_are_refused(world, admin, as_user, values, field):
    answer = as_user(admin).post("/settings/teams", data=values, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert event_names() == []


def test_who_leaves_the_team_leaves_the_board(world, admin, sara, reza, support, as_user):
    """Z11: at once, by the epoch of the board that the team opened."""
    epoch = world.support.access_epoch
    hers = as_user(sara)
    data = {"name_fa": "پشتیبانی", "name_en": "Support", "members": [reza.id]}
    assert as_user(admin).post(f"/settings/teams/{support.id}", data=data).status_code == 303
    assert hers.get("/boards/support").status_code == 404
    assert hers.get("/boards/orders").status_code == 200
    assert world.support.access_epoch == epoch + 1
    assert event_names() == ["team.members_changed", "access.changed"]


def test_a_name_and_a_new_member_evict_nobody(world, admin, sara, reza, omid, support, as_user):
    epoch = world.support.access_epoch
    data = {"name_fa": "پشتیبان‌ها", "name_en": "", "members": [sara.id, reza.id, omid.id]}
    assert as_user(admin).post(f"/settings/teams/{support.id}", data=data).status_code == 303
    assert world.support.access_epoch == epoch
    renamed = db.session.scalars(sa.select(Event).where(Event.name == "team.renamed")).one()
    assert renamed.data["from"] == {"name_fa": "پشتیبانی", "name_en": "Support"}
    assert as_user(omid).get("/boards/support").status_code == 200


def test_absent_colleagues_stay_in_their_team(world, admin, sara, reza, support, as_user):
    browser = as_user(admin)
    browser.post(f"/settings/users/{reza.id}/deactivation")
    data = {"name_fa": "پشتیبانی", "name_en": "Support", "members": [sara.id]}
    assert browser.post(f"/settings/teams/{support.id}", data=data).status_code == 303
    assert teams.member_ids(support) == {sara.id, reza.id}


def test_an_archived_team_opens_nothing_and_comes_back_whole(world, admin, sara, reza, support, as_user):
    browser, hers = as_user(admin), as_user(sara)
    assert browser.post(f"/settings/teams/{support.id}/archival").status_code == 303
    assert browser.post(f"/settings/teams/{support.id}/archival").status_code == 303
    assert hers.get("/boards/support").status_code == 404
    assert browser.post(f"/settings/teams/{support.id}/restoration").status_code == 303
    assert teams.member_ids(support) == {sara.id, reza.id}
    assert hers.get("/boards/support").status_code == 200
    assert event_names() == [
        "team.members_changed", "access.changed", "team.archived", "team.restored", "team.members_changed",
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["/settings/teams/999999", "/settings/teams/x", "/settings/users/999999"])
def test_unknown_ones_are_not_there(world, admin, as_user, address):
    assert as_user(admin).get(address).status_code == 404
