"""A customer with a canary in every field and file, and ways to look for it."""

import io
import shutil
import zipfile
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app import files
from app.auth.models import Session
from app.clock import utcnow
from app.extensions import db
from app.outbox import run, sweep
from cards.models import Survey
from cards.services import add_note, add_reply, receive_message, resolve
from contacts.models import Contact, DataExport
from contacts.services import (
    add_membership,
    add_point,
    create_company,
    create_contact,
    update_contact,
)  # fmt: skip
from imports.models import Import, ImportFault
from portal.models import Code

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


def write_down(app: Any, world: Any, sara: Any) -> Contact:
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
