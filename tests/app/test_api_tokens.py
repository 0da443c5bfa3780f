"""Tokens in the browser: made, shown once, taken back; services with a reach of their own."""

import re

import pytest

from app.api.models import ApiToken
from app.extensions import db
from app.users.models import User
from pipelines.models.membership import member_ids
from tests.conftest import event_names, with_token

SECRET = re.compile(r"kariz_(?:pat|svc)_[\w-]{43}")
FORM = {"name": "فروشگاه", "scopes": ["cards:read", "cards:write"], "days": "90"}


def test_one_makes_uses_and_revokes_a_token(app, world, as_user):
    browser = as_user(world.sara)
    made = browser.post("/account/tokens", data=FORM)
    secret = SECRET.search(made.text)[0]
    assert made.status_code == 201
    assert secret not in browser.get("/account/tokens").text
    program = with_token(app, secret)
    assert program.get("/api/v1/token").json["scopes"] == FORM["scopes"]
    token = db.session.scalars(db.select(ApiToken)).one()
    assert browser.post(f"/account/tokens/{token.id}/revocation").status_code == 303
    assert program.get("/api/v1/token").status_code == 401
    assert event_names() == ["token.created", "token.revoked"]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["admin"]}, {"days": "7"}, {"name": "x" * 81}]
)
def test_a_wrong_form_keeps_what_was_typed(world, as_user, wrong):
    answer = as_user(world.sara).post("/account/tokens", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert db.session.query(ApiToken).count() == 0


def test_nobody_revokes_what_is_another_persons(world, as_user, bearer):
    program = bearer(world.sara)
    token = db.session.scalars(db.select(ApiToken)).one()
    assert as_user(world.reza).post(f"/account/tokens/{token.id}/revocation").status_code == 404
    assert program.get("/api/v1/token").status_code == 200
    assert as_user(world.admin).post(f"/settings/services/{token.id}/revocation").status_code == 303
    assert program.get("/api/v1/token").status_code == 401


def test_a_service_works_under_its_own_name_on_its_boards(app, world, as_user):
    """It is no colleague: nobody can be asked to give it work, and it cannot sign in."""
    browser = as_user(world.admin)
    made = browser.post("/settings/services", data={**FORM, "role": "agent", "boards": [str(world.support.id)]})
    program = with_token(app, SECRET.search(made.text)[0])
    assert made.status_code == 201
    opened = program.post("/api/v1/cards", json={
        "pipeline": "support", "title": "از فروشگاه", "contact": {"code": world.nika.code},
    })  # fmt: skip
    assert opened.status_code == 201
    assert program.post("/api/v1/cards", json={
        "pipeline": "sales", "title": "x", "contact": {"code": world.nika.code},
    }).status_code == 422  # fmt: skip
    service = db.session.scalars(db.select(User).where(User.is_service)).one()
    event = db.session.execute(db.text("SELECT actor_kind, actor_id FROM events WHERE name = 'card.opened'")).one()
    assert tuple(event) == ("user", service.id)
    assert service.id not in member_ids(world.support.id)
    assert service.email not in browser.get("/settings/users").text
    assert browser.post(f"/settings/users/{service.id}/invitation").status_code == 409
    token = db.session.scalars(db.select(ApiToken)).one()
    browser.post(f"/settings/services/{token.id}/revocation")
    assert program.get("/api/v1/token").status_code == 401
    assert not db.session.get(User, service.id).is_active


def test_only_admins_make_services(world, as_user):
    assert as_user(world.maryam).post("/settings/services", data=FORM).status_code == 403
    assert db.session.query(ApiToken).count() == 0


def test_everybody_reads_the_document_as_a_page(world, as_user):
    page = as_user(world.sara).get("/api/docs")
    assert page.status_code == 200
    assert "/cards/{code}/placement" in page.text
    assert "curl -X POST" in page.text
