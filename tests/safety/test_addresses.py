"""A16: another e-mail address counts once its mailbox answered; the old one is told."""

import pytest
import sqlalchemy as sa

from app import outbox
from app.clock import freeze, utcnow
from app.events import Event
from app.extensions import db
from app.outbox import Outbox

NEW = "sara.new@example.com"


def link_of(browser, email=NEW):
    assert browser.post("/account/address", data={"email": email}).status_code == 303
    outbox.deliver_due()
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.address").order_by(Outbox.id)).all()[-1]
    assert row.address == email
    return "/address/" + row.body.split("/address/")[1].split()[0]


def test_the_new_mailbox_confirms_and_the_old_one_is_told(world, sara, as_user, client):
    old, link = sara.email, link_of(as_user(sara))
    assert sara.email == old
    assert client.get(link).status_code == 200
    assert sara.email == old
    assert client.post(link).status_code == 303
    assert sara.email == NEW
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.email_changed")).one()
    assert event.data == {"from": old, "to": NEW}
    outbox.deliver_due()
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.security")).one()
    assert row.address == old
    assert client.post(link).status_code == 404


def test_the_link_dies_with_time_and_with_a_newer_one(world, sara, as_user, client):
    first, second = link_of(as_user(sara)), link_of(as_user(sara), "other@example.com")
    assert client.get(first).status_code == 404
    with freeze(utcnow()) as clock:
        clock.advance(hours=25)
        assert client.post(second).status_code == 404


def test_who_has_the_address_keeps_it(world, sara, reza, as_user, client):
    link = link_of(as_user(sara), reza.email)
    assert client.post(link).status_code == 422
    assert sara.email != reza.email


@pytest.mark.parametrize("email", ["", "x", "sara@kariz.test"])
def test_bad_addresses_are_refused(world, sara, as_user, email):
    assert as_user(sara).post("/account/address", data={"email": email}).status_code == 422


def test_it_asks_who_sits_there(world, sara, as_user):
    """A20"""
    browser = as_user(sara)
    with freeze(utcnow()) as clock:
        clock.advance(hours=2)
        assert browser.post("/account/address", data={"email": NEW}).status_code == 403


def test_an_admins_change_is_told_too(world, sara, admin, as_user):
    old = sara.email
    data = {"name": sara.name, "name_en": "", "email": NEW, "role": sara.role}
    assert as_user(admin).post(f"/settings/users/{sara.id}", data=data).status_code == 303
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.security")).one()
    assert (row.payload["what"], row.payload["to"]) == ("email_changed", old)
