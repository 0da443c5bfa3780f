"""An empty start: the first admin, and the way to a first real request."""

import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from app import settings
from app.auth.services import password_fits
from app.errors import Conflict
from app.extensions import db
from app.settings_pages.setup import begin
from app.users.models import Team, User
from pipelines.models import Department, Pipeline
from tests.conftest import event_names

pytestmark = pytest.mark.servers

FIRST = {
    "name": "نیلوفر راد",
    "email": "Niloofar@shop.ir",
    "password": "سه واژهٔ خوب و بلند",
    "again": "سه واژهٔ خوب و بلند",
}


@pytest.fixture
def begun(app, client):
    """A browser in which the first admin has just been made."""
    assert client.post("/setup", data=FIRST).status_code == 303
    return client


def test_nobody_yet_leads_to_the_first_steps(app, client):
    assert client.get("/").headers["Location"] == "/setup"
    assert client.get("/setup").status_code == 200


def test_the_first_one_becomes_the_admin_and_finds_boards(app, client):
    """The boards, teams and departments to begin with are there, and the browser is signed in."""
    answer = client.post("/setup", data={**FIRST, "role": "sales"})
    assert answer.headers["Location"] == "/setup/business"
    admin = db.session.scalars(sa.select(User)).one()
    assert (admin.email, admin.role) == ("niloofar@shop.ir", "admin")
    assert password_fits(admin, FIRST["password"])
    boards = db.session.scalars(sa.select(Pipeline).order_by(Pipeline.position)).all()
    assert [board.slug for board in boards] == ["support", "sales", "orders"]
    assert client.get("/setup/business").status_code == 200
    assert "setup.begun" in event_names()


def test_nobody_comes_second(begun, app):
    other = app.test_client()
    assert other.get("/setup").headers["Location"] == "/setup/business"
    assert other.post("/setup", data={**FIRST, "email": "second@shop.ir"}).status_code == 409
    assert other.post("/setup", data={}).status_code == 409
    assert other.get("/setup/business").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
    assert other.get("/").headers["Location"] == "/sign-in"


def test_two_at_once_make_one_admin(app):
    """The database decides: one begins, the other is refused."""
    ready, ends = threading.Barrier(2), []

    def try_it(number: int) -> None:
        with app.test_request_context(), closing(db.session):
            ready.wait()
            try:
                begin(f"p{number}@shop.ir", "کسی", "سه واژهٔ خوب و بلند", locale="fa")
                db.session.commit()
                ends.append("in")
            except Conflict:
                ends.append("late")

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["in", "late"]
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "x"}, "email"),
        ({"password": "کوتاه", "again": "کوتاه"}, "password"),
        ({"again": "other"}, "again"),
    ],
)
def test_bad_input_makes_nobody(app, client, changes, field):
    answer = client.post("/setup", data={**FIRST, **changes}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Pipeline.id))) == 0
    assert client.post("/setup", data=FIRST).status_code == 303


def test_the_way_leads_page_by_page_to_a_first_request(begun):
    business = {"name_fa": "ترنج", "name_en": "", "phone": "", "language": "fa", "unit": "toman"}
    assert begun.post("/setup/business", data={**business, "name_fa": ""}).status_code == 422
    assert begun.post("/setup/business", data=business).headers["Location"] == "/setup/boards"
    assert "منتظر مشتری" in begun.get("/setup/boards").text
    team = db.session.scalars(sa.select(Team).where(Team.name_en == "Support")).one()
    colleague = {"email": "sara@shop.ir", "name": "سارا", "role": "agent", "locale": "fa", "teams": [team.id]}
    answer = begun.post("/setup/colleagues", data=colleague)
    assert answer.status_code == 201
    assert "http://kariz.test/invitation/" in answer.text
    assert begun.post("/setup/colleagues", data=colleague).status_code == 422
    assert begun.get("/setup/mail").status_code == 200
    page = begun.get("/setup/request").text
    assert "http://kariz.test/portal/requests/new" in page
    assert 'hx-trigger="every 3s"' in page


def test_the_last_page_notices_the_first_request(begun):
    """And leads to the board on which it arrived; the way is over then."""
    from cards.services import open_card
    from contacts.models import Contact

    contact = Contact()
    contact.rename("نیکا صفوی", "Nika")
    db.session.add(contact)
    db.session.flush()
    department = db.session.scalars(sa.select(Department).where(Department.slug == "support")).one()
    open_card(contact, department.pipeline.first_stage, title="نخستین", by=contact, department=department)
    db.session.commit()
    part = begun.get("/setup/request/arrival").text
    assert "/boards/support" in part
    assert "every 3s" not in part
    assert "/setup/business" in begun.get("/boards/support").text
    assert begun.post("/setup/end", data={"next": "/boards/support"}).headers["Location"] == "/boards/support"
    from flask import g

    g.pop("settings", None)
    assert settings.get("setup.finished") is True
    assert "/setup/business" not in begun.get("/boards/support").text


def test_the_way_out_stays_in_the_house(begun):
    answer = begun.post("/setup/end", data={"next": "//evil.example"})
    assert answer.headers["Location"].startswith("/")
    assert "evil" not in answer.headers["Location"]


def test_settings_lead_to_the_first_page_one_may_see(world, admin, maryam, sara, as_user):
    assert as_user(admin).get("/settings/").headers["Location"] == "/settings/business"
    assert as_user(maryam).get("/settings/").headers["Location"] == "/settings/pipelines"
    assert as_user(sara).get("/settings/").status_code == 403
    assert 'href="/settings/"' in as_user(maryam).get("/account").text
    assert 'href="/settings/"' not in as_user(sara).get("/account").text
