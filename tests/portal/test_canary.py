"""A canary in every internal field: none is ever seen, heard, printed or sent outside (N01 to N07; N06 as print).

The sweep finds the portal's addresses in the URL map by itself. An address with a new argument fails until `values`
says what it may be.
"""

import contextvars
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from app import settings
from app.calendars import services as calendars
from app.events import record
from app.extensions import Model, db
from app.outbox import Outbox, deliver_due
from app.users.models import Team
from cards.models import Attachment, Survey
from cards.placement import move
from cards.services import add_note, add_reply, open_card, rename, resolve, set_priority, set_tags, withdraw_reply
from cards.surveys import token_for
from contacts.models import Contact
from knowledge.models import FaqEntry
from orders.models import CardLink, StockLevel, StockMove, Warehouse
from pipelines.models import Department
from tests.portal.shop import Shop, picture
from tests.portal.test_live import connect

FORMS = [{}, {"Accept": "application/json"}, {"HX-Request": "true"}]
QUERIES = ("", "?q=qanari", "?all=1", "?sent=1", "?print=1", "?department=house&write=1")
# What the templates of the portal get from Flask itself.
FROM_FLASK = {"g", "request", "session", "current_user", "config", "current_contact"}


class Canaries:
    """Makes words that stand nowhere else, and knows where each was planted."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        word = f"qanari{len(self.planted):03d}q"
        self.planted[word] = where
        return word

    def found_in(self, text: str) -> list[str]:
        return [self.planted[word] for word in re.findall(r"qanari\d{3}q", text, re.IGNORECASE)]


def plant_around(shop: Shop, canary: Canaries) -> None:
    """In colleagues, boards, companies, the warehouse, settings and other customers."""
    world = shop.world
    for user in (world.sara, world.reza, world.omid, world.maryam, world.admin):
        user.name = f"{user.name.split()[0]} {canary('surname of a colleague')}"
        user.name_en = f"{user.name_en.split()[0]} {canary('English surname of a colleague')}"
        user.email = f"{canary('address of a colleague')}@kariz.test"
    for board in (world.support, world.sales, world.orders):
        board.name_fa, board.name_en = canary("board"), canary("board in English")
        for stage in board.all_stages:
            stage.name_fa, stage.name_en = canary("stage"), canary("stage in English")
    week = {"sat": [["09:00", "17:00"]]}
    calendar = calendars.create(canary("calendar"), canary("calendar in English"), week, by=None)
    calendars.assign(calendar, teams=[], departments=[shop.parts], everyone=[shop.parts], by=None)
    db.session.add(Team(name_fa=canary("team"), name_en=canary("team in English"), members=[world.sara]))
    world.company.legal_id, world.company.economic_code = canary("legal id"), canary("economic code")
    world.company.external_id, world.company.phone = canary("company's outside id"), canary("company's phone")
    shop.nika.tier_reason, shop.nika.external_id = canary("reason of the tier"), canary("outside id")
    shop.nika.memberships[0].title = canary("title in the company")
    shop.babak.rename(canary("another customer"))
    shop.other_request.title = canary("another's request")
    settings.put("mail.password", canary("password of the mail server"), by=None)
    warehouse = Warehouse(name_fa=canary("warehouse"), name_en=canary("warehouse in English"))
    product_ = shop.order.lines[0].product
    assert product_ is not None
    product_.name, product_.name_en, product_.sku = canary("product"), canary("product in English"), canary("sku")
    product_.levels = [StockLevel(warehouse=warehouse, on_hand=7)]
    db.session.flush()
    db.session.add(
        StockMove(product_id=product_.id, warehouse_id=warehouse.id, quantity=7, reason=canary("stock move"))
    )
    shop.order.external_id, shop.order.card.title = canary("order's outside id"), canary("title of the order's card")
    shop.order.invoices[0].payments[0].reference = canary("reference of a payment")
    closed = Department(
        slug="house", name_fa=canary("department of the house"), pipeline=world.support, is_public=False
    )
    db.session.add(closed)
    db.session.flush()
    db.session.add_all([
        FaqEntry(department_id=closed.id, question_fa=canary("question of the house"),
                 answer_fa=canary("answer of the house")),
        FaqEntry(department_id=shop.parts.id, question_fa=canary("retired question"),
                 answer_fa=canary("retired answer"), is_active=False),
    ])  # fmt: skip


def plant_on(shop: Shop, canary: Canaries) -> None:
    """On nika's own request and order, and on cards of hers that stay inside."""
    world, card = shop.world, shop.request
    old, card.title = card.title, canary("an earlier title")
    rename(card, old, by=world.sara)
    add_note(
        card,
        canary("note"),
        by=world.sara,
        mentions=[world.reza.id],
        files=[picture(f"{canary('file of a note')}.png")],
    )
    add_note(shop.order.card, canary("note on an order"), by=world.sara)
    set_tags(card, [canary("tag")], by=world.sara)
    set_priority(card, 4, by=world.sara)
    reply = add_reply(card, canary("withdrawn reply"), by=world.sara, files=[picture(f"{canary('its file')}.png")])
    db.session.flush()
    withdraw_reply(card, reply, by=world.sara)
    record("card.changed", card, by=world.sara, data={"why": canary("data of an event")})
    move(card, world.stage_ids["Consulting"], by=world.sara)  # type: ignore[attr-defined]
    db.session.add(CardLink(card_id=card.id, order_id=shop.other_order.id))
    inside = open_card(shop.nika, world.support.first_stage, title=canary("internal card"), by=world.sara,
                       acknowledge=False)  # fmt: skip
    inside.is_internal = True
    open_card(shop.nika, world.sales.first_stage, title=canary("deal"), by=world.omid, channel="agent")
    finished = open_card(shop.nika, world.support.first_stage, title="کار تمام‌شده", by=shop.nika, body="لطفاً")
    done = world.support.resolved_stage
    assert done is not None
    resolve(finished, done, cause="چنین بود", solution="چنان شد", by=world.sara)
    add_reply(card, "پاسخی که مشتری می‌خواند", by=world.sara)


@pytest.fixture
def canary(shop: Shop) -> Canaries:
    """All fields planted and committed; every message that was queued has been written."""
    canary = Canaries()
    shop.world.stage_ids = {stage.name_en: stage.id for stage in shop.world.support.all_stages}  # type: ignore[attr-defined]
    plant_around(shop, canary)
    plant_on(shop, canary)
    db.session.commit()
    return canary


def values(shop: Shop) -> dict[str, list[str]]:
    """What may stand for each argument of the portal's addresses: the customer's own, another's, and none at all."""
    files = db.session.scalars(sa.select(Attachment.code)).all()
    surveys = db.session.scalars(sa.select(Survey)).all()
    return {
        "code": [shop.request.code, shop.other_request.code, "7KQD3XHT4"],
        "number": [shop.order.number, shop.other_order.number, "none"],
        "file_code": [*files, "7KQD3XHT4"],
        "token": [*(token_for(survey) for survey in surveys), "none"],
    }


def addresses(app: Flask, shop: Shop) -> Iterator[tuple[str, set[str]]]:
    """Every address of the portal with every value, and its methods."""
    known = values(shop)
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/portal"):
            continue
        assert set(rule.arguments) <= set(known), f"{rule.rule}: tell `values` what its argument may be"
        for chosen in product(*(known[name] for name in rule.arguments)):
            url = rule.rule
            for name, value in zip(rule.arguments, chosen, strict=True):
                url = re.sub(rf"<(?:\w+:)?{name}>", value, url)
            yield url, set(rule.methods or ())


def read(answer: Any) -> str:
    """Everything of an answer, pictures too."""
    return f"{answer.data.decode('utf-8', 'replace')}{answer.headers}"


def sweep(client: FlaskClient, app: Flask, shop: Shop) -> Iterator[tuple[str, str]]:
    """(what was asked, everything that came back): pages in all forms, refusals of every POST, headers."""
    for url, methods in addresses(app, shop):
        if "GET" in methods:
            plain = client.get(url)
            yield f"GET {url}", read(plain)
            # What is refused, leads elsewhere or is a file has nothing to look for or to unfold.
            is_page = plain.status_code == 200 and plain.mimetype == "text/html"
            for headers, query in product(FORMS, QUERIES if is_page else ("",)):
                answer = client.get(url + query, headers=headers)
                yield f"GET {url}{query} {headers}", read(answer)
        elif "sign-out" not in url:
            answer = client.post(url, data={"department": "house", "address": "x"})
            yield f"POST {url}", read(answer)


def models_in(value: Any, depth: int = 5) -> bool:
    """Whether a row of the database is anywhere within."""
    if isinstance(value, Model):
        return True
    if depth == 0:
        return False
    if isinstance(value, dict):
        return any(models_in(inner, depth - 1) for inner in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return any(models_in(inner, depth - 1) for inner in value)
    fields = getattr(value, "__dataclass_fields__", None)
    return fields is not None and any(models_in(getattr(value, name), depth - 1) for name in fields)


@contextmanager
def watched(app: Flask) -> Iterator[tuple[set[str], set[str]]]:
    """Names of the portal's templates that are shown meanwhile, and what they got that holds a row of the database."""
    names: set[str] = set()
    found: set[str] = set()

    def look(_app: Flask, template: Any, context: dict[str, Any]) -> None:
        if template.name.startswith("portal/"):
            names.add(template.name)
            given = {key: value for key, value in context.items() if key not in FROM_FLASK}
            found.update(f"{template.name}: {key}" for key, value in given.items() if models_in(value))

    with template_rendered.connected_to(look, app):
        yield names, found


@pytest.mark.parametrize("language", ["fa", "en"])
def test_no_internal_word_is_on_any_page(app, as_contact, client, shop, canary, language):
    """N01, N02, P01, P11: as the customer, as a stranger and as nobody.

    SAFETY 1: no model ever reaches a template either, so that no field can be shown by mistake.
    """
    for contact in (shop.nika, shop.kaveh):
        contact.language = language
    db.session.commit()
    seen = ""
    with watched(app) as (templates, models):
        for browser in (as_contact(shop.nika), as_contact(shop.kaveh), client):
            for asked, text in sweep(browser, app, shop):
                assert canary.found_in(text) == [], asked
                seen += text
    assert models == set()
    # The sweep did read the pages.
    assert {"portal/home.html", "portal/request.html", "portal/order.html", "portal/survey.html"} <= templates
    for words in (
        "پاسخی که مشتری می‌خواند",
        "سرویس قابلمهٔ مسی، ۵ پارچه",
        "چنان شد",
        shop.request.code,
        shop.order.number,
    ):
        assert words in seen, words
    for words in ("بحرانی", "Critical", "تیکت", "icket "):
        assert words not in seen, words


def test_no_internal_word_is_in_what_is_sent(shop, canary):
    """N04: every message that leaves for a customer."""
    while deliver_due():
        pass
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.kind.startswith("message."))).all()
    assert len(rows) > 5
    assert any("reply" in row.kind and row.body for row in rows)
    for row in rows:
        contact = db.session.get(Contact, row.contact_id) if row.contact_id else None
        if contact is not None and contact.id == shop.babak.id:
            continue
        assert canary.found_in(f"{row.subject} {row.body} {row.address}") == [], row.kind


def test_no_internal_word_is_in_a_frame(app, as_contact, shop, canary):
    """N03: frames and acknowledgements of the customer's socket while colleagues work."""
    socket = connect(app, as_contact(shop.nika))
    plant_on(shop, canary)
    db.session.commit()
    for name in ("pipeline.join", "card.join", "presence", "message", "changed"):
        contextvars.Context().run(socket.emit, name, {"id": shop.request.id}, namespace="/portal")
    frames = socket.get_received("/portal")
    assert frames
    assert {frame["name"] for frame in frames} == {"changed"}
    assert all(set(frame["args"][0]) <= {"request", "order"} for frame in frames)
    assert canary.found_in(str(frames)) == []


def test_the_canaries_were_planted(shop, canary):
    """The sweep would find them: each stands in the database."""
    db.session.commit()
    rows = "".join(
        str(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(sa.select(table))
    )
    missing = [where for word, where in canary.planted.items() if word not in rows]
    assert missing == []
    assert len(canary.planted) > 60
