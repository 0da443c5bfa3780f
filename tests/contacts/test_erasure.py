"""Being forgotten: nothing is left but what the law and the figures need. SAFETY A20; DESIGN 1.4."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth.models import Session
from app.clock import utcnow
from app.db import table_of
from app.errors import Conflict
from app.events import Event
from app.extensions import db
from app.jobs import Job
from app.outbox import Outbox
from cards.models import Card, Closure, Entry
from contacts.models import Company, Contact
from contacts.privacy import erasing
from contacts.services import (
    archive_contact,
    restore_contact,
    update_contact,
)  # fmt: skip
from orders.models import Invoice, Order
from tests.conftest import event_names
from tests.contacts.forgotten import CANARY, carry_out, erase, traces, write_down
from tests.portal.shop import fill


@pytest.fixture
def person(app, world, sara) -> Contact:
    return write_down(app, world, sara)


def test_after_the_erasure_nothing_of_the_person_is_left_anywhere(app, person, admin, sara, as_user) -> None:
    """The canary in every field and file; afterwards in no table, file, page, search, or the database's file."""
    code = person.code
    assert traces(app.config)
    browser = as_user(admin)
    preview = browser.get(f"/contacts/{code}/erasure")
    assert preview.status_code == 200
    answer = erase(browser, person)
    assert answer.status_code == 303, answer.text
    assert db.session.scalars(sa.select(Job).where(Job.kind == "contact.erasure")).one().state == "done"
    assert traces(app.config) == []
    agent = as_user(sara)
    # Its beginning, so that a page which repeats what was typed does not count.
    typed = CANARY[:-2]
    for address in (f"/contacts/{code}", f"/contacts/{code}?tab=timeline", f"/contacts/{code}?tab=data", "/contacts",
                    f"/contacts?q={typed}", f"/contacts/choices?q={typed}", f"/go?q={typed}"):  # fmt: skip
        page = agent.get(address)
        assert page.status_code in {200, 303, 404}, address
        assert CANARY not in page.text, address
    card = db.session.scalars(sa.select(Card).where(Card.contact_id == person.id)).first()
    assert agent.get(f"/cards/{card.code}").status_code == 200
    audit = browser.get(f"/settings/audit?thing=contact:{person.id}")
    assert audit.status_code == 200
    assert CANARY not in audit.text
    assert "contact.erased" in event_names()


def test_what_stays_is_the_frame_of_what_happened(person, admin, as_user) -> None:
    kept = event_names()
    counts = {
        model: db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Card, Entry, Order, Invoice, Company)
    }
    erase(as_user(admin), person)
    assert event_names()[: len(kept)] == kept
    for model, count in counts.items():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == count
    contact = db.session.get(Contact, person.id)
    assert contact.erased_at
    assert contact.archived_at
    assert contact.points == []
    assert contact.name == "مخاطب پاک‌شده"
    assert db.session.scalar(sa.select(Closure.cause)) == ""


def test_bills_keep_the_name_and_address_that_stand_on_them(world, admin, nika, as_user) -> None:
    """By law; the telephone and the words go."""
    fill(world)
    db.session.commit()
    browser = as_user(admin)
    # Open work blocks, in sentences.
    answer = erase(browser, nika)
    assert answer.status_code == 422
    assert 'class="notice' in answer.text
    db.session.execute(
        sa.update(Card).where(Card.contact_id == nika.id).values(resolved_at=utcnow(), closed_at=utcnow())
    )
    db.session.execute(sa.update(Invoice).where(Invoice.contact_id == nika.id).values(state="paid"))
    db.session.execute(sa.update(Order).where(Order.contact_id == nika.id).values(
        recipient="گیرنده", address="نشانی", recipient_phone="+989120000001"))  # fmt: skip
    db.session.commit()
    assert erase(browser, nika).status_code == 303
    billed = set(db.session.scalars(sa.select(Invoice.order_id)))
    for order in db.session.scalars(sa.select(Order).where(Order.contact_id == nika.id)):
        assert order.recipient_phone == ""
        assert bool(order.recipient) == bool(order.address) == (order.id in billed)


@pytest.mark.parametrize("typed", ["", "222222222", "7KQD3XHT4"])
def test_another_code_erases_nobody(person, admin, as_user, typed) -> None:
    answer = as_user(admin).post(f"/contacts/{person.code}/erasure", data={"code": typed})
    assert answer.status_code == 422
    assert db.session.get(Contact, person.id).archived_at is None


def test_it_asks_again_who_sits_there_and_happens_once(person, admin, as_user) -> None:
    """A20; twice is a conflict."""
    browser = as_user(admin)
    db.session.execute(sa.update(Session).values(created_at=utcnow() - timedelta(hours=2)))
    db.session.commit()
    assert browser.post(f"/contacts/{person.code}/erasure", data={"code": person.code}).status_code == 403
    again = as_user(admin)
    assert erase(again, person).status_code == 303
    assert erase(again, person).status_code == 409
    assert event_names().count("contact.erased") == 1


def test_it_goes_on_after_it_broke_off(app, person, admin, as_user, monkeypatch) -> None:
    """Each step is a transaction of its own: begun again, the erasure ends where it would have ended."""
    step, calls = erasing._parts["cards"].step, []

    def breaks(contact: Contact) -> int:
        calls.append(contact.id)
        if len(calls) == 1:
            raise RuntimeError("the power went")
        return step(contact)

    broken = erasing.Part("cards", 32, erasing._parts["cards"].preview, breaks)
    monkeypatch.setitem(erasing._parts, "cards", broken)
    erase(as_user(admin), person)
    db.session.execute(sa.update(table_of(Outbox)).where(Outbox.kind == "job.run").values(due_at=utcnow()))
    db.session.commit()
    carry_out()
    assert len(calls) > 1
    assert traces(app.config) == []


def test_nobody_comes_back_and_the_portal_is_closed(person, admin, as_contact, as_user) -> None:
    customer = as_contact(person)
    assert customer.get("/portal").status_code in {200, 308} or customer.get("/portal/").status_code == 200
    erase(as_user(admin), person)
    assert customer.get("/portal/requests").status_code == 303
    with pytest.raises(Conflict):
        restore_contact(db.session.get_one(Contact, person.id), by=admin)
    db.session.rollback()
    assert as_user(admin).post(f"/contacts/{person.code}/exports", data={"language": "fa"}).status_code == 403


def test_facts_of_others_stay_as_they_are(person, nika, admin, sara, as_user) -> None:
    update_contact(nika, honorific="بانو", by=sara)
    archive_contact(nika, by=admin)
    db.session.commit()
    before = [
        (event.id, event.data) for event in db.session.scalars(sa.select(Event).where(Event.contact_id == nika.id))
    ]
    erase(as_user(admin), person)
    assert [
        (event.id, event.data) for event in db.session.scalars(sa.select(Event).where(Event.contact_id == nika.id))
    ] == before
