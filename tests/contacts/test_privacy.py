"""A person's data: the archive they may have, and being forgotten. SAFETY N06, A20; DESIGN 1.4."""

import io
import json
import shutil
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app import files
from app.auth.models import Session
from app.clock import utcnow
from app.db import table_of
from app.errors import Conflict
from app.events import Event
from app.extensions import db
from app.jobs import Job
from app.outbox import Outbox, run, sweep
from cards.models import Card, Closure, Entry, Survey
from cards.services import add_note, add_reply, receive_message, resolve
from contacts.models import Company, Contact, DataExport
from contacts.privacy import erasing
from contacts.services import (
    add_membership,
    add_point,
    archive_contact,
    create_company,
    create_contact,
    privacy,
    restore_contact,
    update_contact,
)  # fmt: skip
from imports.models import Import, ImportFault
from orders.models import Invoice, Order
from portal.models import Code
from tests.conftest import event_names
from tests.portal.shop import fill

CANARY = "canaryqx7"
SECRET = "insidecanary9"
WORDS = (CANARY, "9121112233")


def carry_out() -> None:
    """Do all the work that waits, as a worker would."""
    for _turn in range(5):
        for row_id in sweep():
            run(row_id)
    db.session.expire_all()


def upload(text: str, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), filename=name)


@pytest.fixture
def person(app, world, sara) -> Contact:
    """A customer with the canary in every field and file, and with work that is done and paid."""
    # The tests of a session share one folder.
    shutil.rmtree(app.config["FILES_DIR"], ignore_errors=True)
    contact = create_contact(
        by=sara, name=f"{CANARY} نام", name_en=f"{CANARY} name", honorific=f"{CANARY} خانم", tier="gold",
        tier_reason=f"{CANARY} reason", external_id=f"{CANARY}-77",
        points=[("mobile", "09121112233"), ("email", f"{CANARY}@example.com"), ("address", f"{CANARY} street 5")],
    )  # fmt: skip
    company = create_company(by=sara, name="شرکت مشترک")
    add_membership(contact, company, title=f"{CANARY} title", by=sara)
    add_point(contact, "phone", "021 8877 6655", label=f"{CANARY} label", by=sara)
    update_contact(contact, honorific=f"{CANARY} سرکار", by=sara)
    db.session.commit()
    _write_everywhere(world, contact)
    _copy_everywhere(contact)
    db.session.commit()
    return contact


def _write_everywhere(world: Any, contact: Contact) -> None:
    sara = world.sara
    card = world.card(f"{CANARY} title", contact=contact, by=contact, body=f"{CANARY} first words")
    receive_message(card, f"{CANARY} message", contact=contact, files=[upload(f"{CANARY} file", f"{CANARY}.txt")])
    add_note(card, f"{CANARY} {SECRET} note", by=sara, files=[upload(f"{CANARY} {SECRET} inside", "inside.txt")])
    add_reply(card, f"{CANARY} reply", by=sara)
    done = next(stage for stage in card.pipeline.stages if stage.kind == "resolved")
    resolve(card, done, cause=f"{CANARY} cause", solution=f"{CANARY} solution", by=sara)
    survey = db.session.scalars(sa.select(Survey).where(Survey.card_id == card.id)).one_or_none()
    if survey is not None:
        survey.comment, survey.speed, survey.answered_at = f"{CANARY} comment", 5, utcnow()


def _copy_everywhere(contact: Contact) -> None:
    stored = files.store(upload(f"name,mobile\n{CANARY} نام,09121112233\n", "people.csv"))
    source = {"file": stored.id, "name": "people.csv", "rows": 1, "encoding": "utf-8"}
    done = Import(kind="contacts", state="done", sources={"main": source})
    db.session.add(done)
    db.session.flush()
    db.session.add(
        ImportFault(import_id=done.id, role="main", row=1, column="name", value=f"{CANARY} نام", sentence="x")
    )
    db.session.add(Session(token_hash="h" * 64, contact_id=contact.id, device=f"{CANARY} browser",
                           expires_at=utcnow() + timedelta(days=1)))  # fmt: skip
    now = utcnow()
    db.session.add(Code(kind="email", point=f"{CANARY}@example.com", minute=1, browser_hash="b", code_hash="c",
                        source="s", network="n", created_at=now, expires_at=now))  # fmt: skip


def archive_of(browser, contact) -> zipfile.ZipFile:
    assert browser.post(f"/contacts/{contact.code}/exports", data={"language": "en"}).status_code == 303
    carry_out()
    row = db.session.scalars(sa.select(DataExport).where(DataExport.contact_id == contact.id)).one()
    answer = browser.post(f"/contacts/{contact.code}/exports/{row.code}/download")
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.data))


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


def traces(instance: Any) -> list[str]:
    """Where the canary still is: tables and columns, files, the database's own file."""
    found = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            found += [
                f"{table.name}.{name}"
                for name, value in row.items()
                if CANARY in str(value) or "9121112233" in str(value)
            ]
    folder = instance["FILES_DIR"]
    found += [path.name for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        base = instance["INSTANCE_DIR"]
        for path in base.glob("*.db*"):
            content = path.read_bytes()
            found += [path.name for word in (CANARY.encode(), b"9121112233") if word in content]
    return found


def erase(browser, contact) -> Any:
    answer = browser.post(f"/contacts/{contact.code}/erasure", data={"code": contact.code})
    carry_out()
    return answer


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
