"""A person's data in an archive they may have. SAFETY N06, A20."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth.models import Session
from app.clock import utcnow
from app.extensions import db
from contacts.models import Contact, DataExport
from contacts.services import (
    privacy,
)  # fmt: skip
from orders.models import Order
from tests.conftest import event_names
from tests.contacts.forgotten import CANARY, SECRET, archive_of, write_down
from tests.portal.shop import fill


@pytest.fixture
def person(app, world, sara) -> Contact:
    return write_down(app, world, sara)


def test_the_archive_holds_what_they_may_know_and_nothing_from_inside(person, maryam, as_user) -> None:
    """N06: own data, requests as the portal shows them, files; no notes, tags, tiers, labels of colleagues."""
    archive = archive_of(as_user(maryam), person)
    data = json.loads(archive.read("data.json"))
    assert data["profile"]["name"] == person.name
    assert {point["value"] for point in data["points"]} >= {"+989121112233", f"{CANARY}@example.com"}
    said = [entry["body"] for entry in data["requests"][0]["entries"]]
    assert f"{CANARY} message" in said
    names = [name for name in archive.namelist() if name.startswith("files/")]
    assert [archive.read(name).decode() for name in names] == [f"{CANARY} file"]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for inside in (SECRET, f"{CANARY} reason", f"{CANARY} label", "tier", "assignee", "rank"):
        assert inside not in everything, inside
    page = archive.read("index.html").decode()
    assert f"{CANARY} message" in page
    assert "<script" not in page
    assert event_names()[-1] == "contact.export_fetched"
    assert "contact.export_made" in event_names()


def test_the_archive_of_a_shop_customer_tells_orders_without_cost_and_without_others(world, admin, as_user) -> None:
    """N06: what colleagues in the same company asked and bought is not in it."""
    shop = fill(world)
    db.session.commit()
    archive = archive_of(as_user(admin), world.nika)
    data = json.loads(archive.read("data.json"))
    own = set(db.session.scalars(sa.select(Order.number).where(Order.contact_id == world.nika.id)))
    assert {order["number"] for order in data["orders"]} == own
    assert world.babak.name not in archive.read("data.json").decode()
    assert shop is not None


def test_an_archive_expires_and_its_file_goes(person, maryam, as_user, monkeypatch) -> None:
    browser = as_user(maryam)
    archive_of(browser, person)
    row = db.session.scalars(sa.select(DataExport)).one()
    assert row.path.exists()
    row.expires_at = utcnow() - timedelta(minutes=1)
    db.session.commit()
    assert browser.post(f"/contacts/{person.code}/exports/{row.code}/download").status_code == 409
    assert privacy.remove_expired_exports() == 1
    assert not row.path.exists()


def test_an_archive_asks_again_who_sits_there(person, maryam, as_user) -> None:
    """A20."""
    browser = as_user(maryam)
    db.session.execute(sa.update(Session).values(created_at=utcnow() - timedelta(hours=2)))
    db.session.commit()
    assert browser.post(f"/contacts/{person.code}/exports", data={"language": "fa"}).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DataExport)) == 0


def test_the_archive_of_another_contact_is_not_found(person, nika, maryam, as_user) -> None:
    archive_of(as_user(maryam), person)
    row = db.session.scalars(sa.select(DataExport)).one()
    assert as_user(maryam).post(f"/contacts/{nika.code}/exports/{row.code}/download").status_code == 404
