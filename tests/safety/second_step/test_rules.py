"""Setting a second step up, making it a rule, and taking it off: A11, A13, A20."""

import sqlalchemy as sa

from app import settings
from app.auth import recovery, totp
from app.auth.models import SignInStep
from app.events import Event
from app.extensions import db
from tests.safety.second_step.steps import code_of, enter_password, mails, step


def test_setting_up_needs_a_code_and_ends_other_sessions(sara, as_user, clock):
    """A11: the secret counts only once a code of it was right; then every other device is signed out."""
    here, there = as_user(sara), as_user(sara)
    assert here.post("/account/app").location == "/account/app"
    page = here.get("/account/app").text
    assert "data:image/svg+xml" in page
    assert here.post("/account/app/confirmation", data={"code": "000000"}).status_code == 422
    assert not totp.is_on(sara)
    shown = here.post("/account/app/confirmation", data={"code": code_of(sara)})
    assert shown.status_code == 201
    assert shown.text.count('class="code"') >= 10
    assert totp.is_on(sara)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert len(mails("two_factor_on")) == 1
    assert here.get("/account/app").status_code == 303


def test_switching_off_and_fresh_codes_ask_who_sits_there(sara, codes, as_user, clock):
    """A20"""
    browser = as_user(sara)
    clock.advance(hours=2)
    for path in ("app/removal", "recovery-codes", "app", "passkeys/question"):
        assert browser.post(f"/account/{path}").status_code == 403, path
    assert totp.is_on(sara)
    assert browser.post("/confirmation", data={"confirm_code": code_of(sara)}).status_code == 303
    fresh = browser.post("/account/recovery-codes")
    assert fresh.status_code == 201
    assert not recovery.spend(sara, codes[0])
    assert browser.post("/account/app/removal").status_code == 303
    assert not totp.is_on(sara)
    assert recovery.left(sara) == 0
    assert len(mails("two_factor_off")) == 1


def test_roles_can_be_made_to_set_it_up(client, world, sara, admin, as_user, clock):
    """The sign-in that lacks the step leads to it, and nowhere else until it is done."""
    assert as_user(admin).post("/settings/sign-in", data={"roles": ["agent"]}).status_code == 303
    assert enter_password(client, sara).location == "/sign-in/set-up"
    assert client.get("/account").status_code == 303
    assert "data:image/svg+xml" in client.get("/sign-in/set-up").text
    assert client.post("/sign-in/set-up", data={"code": "000000"}).status_code == 422
    assert client.get("/account").status_code == 303
    assert client.post("/sign-in/set-up", data={"code": code_of(sara)}).status_code == 201
    assert client.get("/account").status_code == 200
    assert client.post("/account/app/removal").status_code == 422
    assert totp.is_on(sara)


def test_an_admin_takes_it_off(client, sara, codes, admin, as_user):
    browser = as_user(sara)
    assert as_user(admin).post(f"/settings/users/{sara.id}/second-step/removal").status_code == 303
    assert not totp.is_on(sara)
    assert browser.get("/account").status_code == 303
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.two_factor_off")).one()
    assert (event.actor_id, event.data) == (admin.id, {"methods": ["totp"], "reset": True})
    assert len(mails("two_factor_reset")) == 1
    assert not enter_password(client, sara).location.startswith("/sign-in")


def test_nobody_else_takes_it_off(sara, codes, world, as_user):
    """Z04"""
    for user in (world.maryam, sara, world.reza):
        assert as_user(user).post(f"/settings/users/{sara.id}/second-step/removal").status_code == 403
        assert as_user(user).post("/settings/sign-in", data={"roles": []}).status_code == 403
    assert totp.is_on(sara)
    assert settings.get("security.second_step_roles") == []


def test_an_unknown_browser_is_told_by_mail(app, sara, clock):
    first, second = app.test_client(), app.test_client()
    for browser in (first, first, second):
        enter_password(browser, sara)
        browser.post("/sign-out")
    assert len(mails("new_device")) == 1


def test_steps_leave_no_way_in_when_replayed(client, sara, codes):
    """A10: the cookie of the step, kept and sent again after it was done."""
    enter_password(client, sara)
    with client.session_transaction() as cookies:
        token = cookies["staff_step"]
    step(client, confirm_code=code_of(sara))
    client.post("/sign-out")
    with client.session_transaction() as cookies:
        cookies["staff_step"] = token
    assert client.get("/sign-in/step").status_code == 303
    assert db.session.scalars(sa.select(SignInStep)).one().done_at is not None
