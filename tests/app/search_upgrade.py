"""Run by test_search_upgrade.py in a process of its own: python -m tests.app.search_upgrade DATABASE_URL FOLDER

Writes rows by their verbs, takes the index away, lets the migration fill it anew, and prints what differs.
"""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command

from app import create_app, schema, search
from app.extensions import db
from app.search.table import DOCS
from cards.models import CardTag, Tag
from cards.services import add_note, add_reply, withdraw_reply
from contacts.services import add_point, create_company, create_contact
from knowledge.models import FaqEntry
from orders.models import Product
from orders.services import NewLine, add_shipment, create_order, create_product, issue_invoice
from tests.world import build


def docs() -> dict[tuple[str, int], tuple[object, ...]]:
    """What the index holds, comparable: the words as a set."""
    rows = db.session.execute(sa.select(DOCS))
    found = {
        (row.kind, row.ref_id): (row.audience, row.target_id, row.pipeline_id, row.contact_id, row.company_id, row.at,
                                 row.head, frozenset(row.words.split()))
        for row in rows
    }  # fmt: skip
    db.session.rollback()
    return found


def fill() -> None:
    """Something of every kind, in words that are hard to take apart."""
    world = build()
    contact = create_contact(by=None, name="علي‌رضا  صفوي", name_en="Alireza Khosravi", external_id="C-77",
                             points=[("mobile", "0912 555 0101"), ("email", "a.reza@shop.ir")])  # fmt: skip
    add_point(contact, "address", "تهران، خیابان ۱۲", by=None)
    create_company(by=None, name="پخش آینده", legal_id="10380284790", phone="021 8877 6655", city="اصفهان")
    card = world.card("كتاب‌ها و INV_77/b", contact=contact, by=contact, body="می خواهم ۱۲٬۵۰۰ تومان؛ مُحَمَّد café")
    add_note(card, "یادداشت درباره کتاب ها", by=world.sara)
    withdraw_reply(card, add_reply(card, "پاسخ پس‌گرفته", by=world.sara), by=world.sara)
    tag = Tag(name="فوری", key="فوری")
    db.session.add(tag)
    db.session.flush()
    db.session.add(CardTag(card_id=card.id, tag_id=tag.id))
    product: Product = create_product(by=None, sku="TEA-1", name="قوری گل‌مرغ", price_rials=1_000_000)
    order = create_order(contact, [NewLine(product, 2)], by=None, number="SH-1042", external_id="W-9")
    issue_invoice(order, by=None)
    add_shipment(order, by=None, carrier="tipax", tracking_code="T-123/45")
    db.session.add(
        FaqEntry(department_id=world.department.id, question_fa="چطور؟", answer_fa="این‌طور", is_active=False)
    )
    db.session.commit()
    list(search.rebuild())


def main(database_url: str, folder: str) -> None:
    database = {"SQLALCHEMY_DATABASE_URI": database_url, "SQLALCHEMY_ENGINE_OPTIONS": {}, "OUTBOX_WAKE": False}
    app = create_app({**database, "INSTANCE_DIR": Path(folder), "TESTING": True, "SECRET_KEY": "tests only"})
    with app.app_context():
        config = schema.alembic_config()
        command.upgrade(config, "head")
        fill()
        written = docs()
        command.downgrade(config, "0001")
        command.upgrade(config, "head")
        filled = docs()
        for key in sorted(written.keys() | filled.keys()):
            if written.get(key) != filled.get(key):
                click.echo(f"differs: {key} {written.get(key)} {filled.get(key)}")
        lost = [difference for difference in search.state() if difference.missing or difference.extra]
        click.echo(f"docs: {len(filled)} lost: {lost}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
