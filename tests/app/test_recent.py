"""A20: what matters most asks again who sits there, once the last proof is an hour old; nothing typed is lost."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.auth.models import Attempt, Session
from app.auth.services import set_password
from app.clock import freeze, utcnow
from app.extensions import db

PASSWORD = "a good long password"


@pytest.fixture
def later():
    """The clock, stopped an hour after now."""
    with freeze(utcnow()) as clock:
        clock.advance(minutes=61)
        yield clock


@pytest.fixture
def boss(admin, as_user):
    set_password(admin, PASSWORD)
    db.session.commit()
    return as_user(admin)


def role_form(user, role):
    return {"name": user.name, "name_en": user.name_en, "email": user.email, "role": role}


def hidden(page):
    """Name and value of every hidden input of the confirmation, its token left out."""
    form = page.split('action="/confirmation"')[1].split("</form>")[0]
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form)]
    return {tag["name"]: unescape(tag.get("value", "")) for tag in inputs if tag["name"] != "csrf_token"}


def test_a_recent_sign_in_is_proof_enough(world, boss, sara):
    assert boss.post(f"/settings/users/{sara.id}", data=role_form(sara, "sales")).status_code == 303
    assert sara.role == "sales"


def test_the_form_waits_for_the_proof_and_is_sent_again(world, boss, sara, later):
    answer = boss.post(f"/settings/users/{sara.id}", data={**role_form(sara, "sales"), "name": 'سارا "امینی" <نو>'})
    assert answer.status_code == 403
    assert sara.role == "agent"
    kept = hidden(answer.text)
    again = boss.post("/confirmation", data={**kept, "confirm_password": PASSWORD})
    assert (again.status_code, again.location) == (307, f"/settings/users/{sara.id}")
    done = boss.post(again.location, data={**kept, "confirm_password": PASSWORD})
    assert done.status_code == 303
    assert (sara.role, sara.name) == ("sales", 'سارا "امینی" <نو>')


def test_a_wrong_proof_keeps_the_form_and_is_counted(world, boss, sara, later):
    kept = hidden(boss.post(f"/settings/users/{sara.id}", data=role_form(sara, "sales")).text)
    answer = boss.post("/confirmation", data={**kept, "confirm_password": "wrong"})
    assert answer.status_code == 422
    assert hidden(answer.text) == kept
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id)))
    statuses = [boss.post("/confirmation", data={"confirm_password": "wrong"}).status_code for _try in range(6)]
    assert statuses[-1] == 429
    assert sara.role == "agent"


def test_what_does_not_matter_that_much_asks_nothing(world, boss, sara, later):
    changed = {**role_form(sara, "agent"), "name": "سارا"}
    assert boss.post(f"/settings/users/{sara.id}", data=changed).status_code == 303


def test_a_proof_holds_for_an_hour(world, boss, sara, later):
    assert boss.post("/confirmation", data={"confirm_password": PASSWORD}).status_code == 303
    later.advance(minutes=59)
    assert boss.post(f"/settings/users/{sara.id}", data=role_form(sara, "sales")).status_code == 303
    later.advance(minutes=2)
    assert boss.post(f"/settings/users/{sara.id}", data=role_form(sara, "agent")).status_code == 403
    assert db.session.scalars(sa.select(Session)).one().proved_at is not None


def test_scripts_and_pieces_of_pages_are_told_where_to_confirm(world, boss, sara, later):
    url = f"/settings/users/{sara.id}"
    answer = boss.post(url, json=role_form(sara, "sales"))
    assert (answer.status_code, answer.json["code"]) == (403, "reauthenticate")
    assert answer.json["url"].startswith("/confirmation")
    piece = boss.post(url, data=role_form(sara, "sales"), headers={"HX-Request": "true"})
    assert (piece.status_code, piece.headers["HX-Redirect"]) == (403, "/confirmation?next=/")


@pytest.mark.parametrize("elsewhere", ["https://evil.test/x", "//evil.test", "/\\evil.test", "x"])
def test_the_confirmation_leads_nowhere_else(world, boss, elsewhere):
    sent = {"confirm_password": PASSWORD, "confirm_next": elsewhere, "confirm_again": elsewhere}
    assert boss.post("/confirmation", data=sent).location == "/"
