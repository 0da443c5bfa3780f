"""Fills a database up to a size and signs people in: python -m bench.fill --cards N --open N --entries N --sessions N

Prints JSON: {"slug", "pipeline", "stages", "cookies", "portal": {"cookies", "codes"}, "codes", "contact"}. Run again
with larger numbers it adds what is missing. Rows are written in bulk; what a verb would have done is there
all the same.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, session

from app import create_app, schema, settings
from app.auth import sessions
from app.clock import utcnow
from app.codes import new_code
from app.db import table_of
from app.events import Event
from app.extensions import db
from app.search import rebuild
from app.text import search_key, sort_key
from app.users import services as accounts
from app.users.models import User
from bench import bulk
from bench.bulk import Row
from bench.words import NAMES, sentence, title
from cards.models import Card, Closure, Entry, StageTransition
from cards.ranks import START, STEP
from contacts.models import Contact, ContactPoint
from pipelines.models import Pipeline
from pipelines.services.members import add_member

CHUNK = 5000
AGENTS = 8
CUSTOMERS_PER_CARD = 0.1
SLUG = "support"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("cards", 200_000), ("open", 10_000), ("entries", 1_000_000), ("sessions", 1_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    app = create_app({"OUTBOX_WAKE": False})
    with app.test_request_context():
        schema.upgrade()
        board = _house()
        _fill(board, chosen.cards, chosen.open, chosen.entries)
        for _step in rebuild(at_rest=True):
            pass
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        json.dump(_doors(app, board, chosen.sessions), sys.stdout)


def _house() -> Pipeline:
    """The boards, and people who work on the measured one."""
    if not accounts.exist():
        for number in range(AGENTS):
            user = accounts.create(f"agent{number}@bench.test", NAMES[number], "agent" if number else "admin", by=None)
            user.password_hash = "!"  # nobody signs in by it
        settings.put("setup.finished", True, by=None)
        db.session.flush()
        board = db.session.scalars(sa.select(Pipeline).where(Pipeline.slug == SLUG)).one()
        for user in db.session.scalars(sa.select(User).where(User.role == "agent")):
            add_member(board, user, "member", by=None)
        db.session.commit()
    return db.session.scalars(sa.select(Pipeline).where(Pipeline.slug == SLUG)).one()


def _fill(board: Pipeline, cards: int, open_cards: int, entries: int) -> None:
    dice = random.Random(cards)
    have = db.session.scalar(sa.select(sa.func.count()).select_from(Card)) or 0
    have_open = db.session.scalar(sa.select(sa.func.count()).select_from(Card).where(Card.closed_at.is_(None))) or 0
    said = db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) or 0
    contacts = _contacts(dice, max(20, int((cards - have) * CUSTOMERS_PER_CARD)))
    missing, open_missing = cards - have, open_cards - have_open
    per_card = max(entries - said, 0) / max(missing, 1)
    people = list(db.session.scalars(sa.select(User.id)))
    for start in range(0, missing, CHUNK):
        numbers = range(start, min(start + CHUNK, missing))
        owners = [(dice.choice(contacts), dice.choice(people)) for _number in numbers]
        rows = [
            _card(dice, board, owner, have + number, is_open=number < open_missing)
            for number, owner in zip(numbers, owners, strict=True)
        ]
        first = bulk.next_id(Card)
        rows = [{"id": card_id, **row} for card_id, row in enumerate(rows, first)]
        bulk.write(Card, rows)
        _histories(dice, board, rows, per_card, people)
        _point_at_newest(first)
        db.session.commit()


def _contacts(dice: random.Random, count: int) -> list[int]:
    rows, now = [], utcnow()
    for _number in range(count):
        name = f"{dice.choice(NAMES)} {dice.choice(NAMES).split()[-1]}"
        rows.append({"code": new_code(), "name": name, "search_key": search_key(name), "sort_key": sort_key(name)})
    first = bulk.next_id(Contact)
    ids = list(range(first, first + count))
    bulk.write(Contact, [{"id": contact_id, **row} for contact_id, row in zip(ids, rows, strict=True)])
    bulk.write(ContactPoint, [
        {"contact_id": contact_id, "kind": "mobile", "raw": mobile, "normalised": f"+98{mobile[1:]}", "label": "",
         "is_primary": True, "is_shared": False, "verified_at": None, "created_at": now}
        for contact_id in ids for mobile in [f"09{dice.randrange(10**9):09d}"]
    ])  # fmt: skip
    db.session.commit()
    return ids


def _card(dice: random.Random, board: Pipeline, owner: tuple[int, int], number: int, *, is_open: bool) -> Row:
    """An open card stands in one of the working stages, any other was closed there long ago."""
    working = [stage for stage in board.stages if not stage.is_closing]
    stage = working[number % 5] if is_open else board.resolved_stage or working[-1]
    opened = utcnow() - timedelta(days=dice.uniform(0.01, 30) if is_open else dice.uniform(31, 900))
    closed = None if is_open else opened + timedelta(days=dice.uniform(0.1, 9))
    passed = reversed(board.stages[: stage.position + 1])
    step = next((one.portal_step_id for one in passed if one.portal_step_id), None)
    return {
        "code": new_code(), "pipeline_id": board.id, "stage_id": stage.id, "rank": START + number * STEP // 64,
        "title": title(dice), "contact_id": owner[0], "assignee_id": owner[1],
        "priority": dice.choice((1, 2, 2, 2, 3, 4)), "channel": "portal", "opened_at": opened, "started_at": opened,
        "resolved_at": closed, "closed_at": closed, "stage_entered_at": closed or opened, "portal_step_id": step,
        "portal_step_at": opened if step else None, "portal_changed_at": closed or opened,
        "waiting_since": opened if is_open and dice.random() < 0.4 else None,
    }  # fmt: skip


def _histories(dice: random.Random, board: Pipeline, cards: list[Row], per_card: float, people: list[int]) -> None:
    entries: list[Row] = []
    events: list[Row] = []
    stays: list[Row] = []
    closures: list[Row] = []
    for card in cards:
        opened, closed = card["opened_at"], card["closed_at"]
        stays += _stays(board, card["id"], card)
        events.append(_event("card.opened", opened, card["id"], card))
        count = int(per_card) + (dice.random() < per_card % 1)
        entries += [_entry(dice, card["id"], card, number, people) for number in range(count)]
        if closed:
            events.append(_event("card.closed", closed, card["id"], card))
            closures.append({"card_id": card["id"], "at": closed, "by_id": card["assignee_id"]})
    for model, rows in ((StageTransition, stays), (Event, events), (Closure, closures), (Entry, entries)):
        bulk.write(model, rows)


def _point_at_newest(first: int) -> None:
    """Let cards from this one on know their newest entry."""
    cards, entries = table_of(Card), table_of(Entry)
    newest = sa.select(sa.func.max(entries.c.id)).where(entries.c.card_id == cards.c.id).scalar_subquery()
    db.session.connection().execute(cards.update().where(cards.c.id >= first).values(last_entry_id=newest))


def _entry(dice: random.Random, card_id: int, card: Row, number: int, people: list[int]) -> Row:
    kind = ("customer_message", "note", "reply")[number % 3]
    is_theirs = kind == "customer_message"
    return {
        "card_id": card_id, "kind": kind, "visibility": "internal" if kind == "note" else "portal",
        "body": sentence(dice), "author_id": None if is_theirs else dice.choice(people),
        "contact_id": card["contact_id"] if is_theirs else None, "channel": "portal",
        "created_at": card["opened_at"] + timedelta(minutes=7 * number),
    }  # fmt: skip


def _event(name: str, at: datetime, card_id: int, card: Row) -> Row:
    return {
        "name": name, "at": at, "visibility": "internal", "actor_kind": "user", "actor_id": card["assignee_id"],
        "subject_kind": "card", "subject_id": card_id, "pipeline_id": card["pipeline_id"], "card_id": card_id,
        "contact_id": card["contact_id"], "data": {"title": card["title"]},
    }  # fmt: skip


def _stays(board: Pipeline, card_id: int, card: Row) -> Iterator[Row]:
    """From the first stage to where the card stands."""
    first, last = board.first_stage.id, card["stage_id"]
    facts = {"card_id": card_id, "pipeline_id": board.id, "actor_kind": None, "actor_id": None, "reason": ""}
    moved = card["closed_at"] or card["opened_at"]
    is_there = first == last
    yield {**facts, "from_stage_id": None, "stage_id": first, "portal_step_id": None, "entered_at": card["opened_at"],
           "left_at": None if is_there else moved}  # fmt: skip
    if not is_there:
        yield {**facts, "from_stage_id": first, "stage_id": last, "portal_step_id": card["portal_step_id"],
               "entered_at": moved, "left_at": None}  # fmt: skip


def _doors(app: Flask, board: Pipeline, count: int) -> Row:
    """Signed-in browsers, and what they ask for."""
    agents = list(db.session.scalars(sa.select(User).where(User.role == "agent")))
    still = sa.select(Card.code, Card.contact_id).where(Card.closed_at.is_(None)).order_by(Card.id).limit(2000)
    rows = list(db.session.execute(still))
    cookies = [_cookie(app, "staff", user_id=agents[number % len(agents)].id) for number in range(count)]
    watched = rows[:200]
    contact = db.session.get_one(Contact, rows[0].contact_id).code
    portal = [_cookie(app, "portal", contact_id=row.contact_id) for row in watched]
    db.session.commit()
    stages = [stage.id for stage in board.stages if not stage.is_closing]
    return {
        "slug": board.slug, "pipeline": board.id, "stages": stages, "contact": contact,
        "cookies": cookies, "codes": [row.code for row in rows],
        "portal": {"cookies": portal, "codes": [row.code for row in watched]},
    }  # fmt: skip


def _cookie(app: Flask, audience: str, *, user_id: int | None = None, contact_id: int | None = None) -> str:
    session.clear()
    sessions.open_session(audience, user_id=user_id, contact_id=contact_id)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}"


if __name__ == "__main__":
    main()
