"""Fills the tables of a new installation, in a process of its own; prints what was made, as JSON.

python -m tests.houses.filling CARDS BROWSERS MAIL_PORT     MAIL_PORT 0: neither mail server nor past
A second app would take the sockets and tasks of the one that other tests use.
"""

import io
import json
import sys
from datetime import timedelta
from typing import Any

from flask import Flask, session
from werkzeug.datastructures import FileStorage

from app import create_app, outbox, schema, settings
from app.auth import passwords, sessions
from app.clock import utcnow
from app.extensions import db
from app.vault import seal
from cards.models import Attachment, Card, Survey
from cards.services import add_reply, open_card, resolve
from cards.surveys import token_for
from tests.houses.house import PASSWORD, PICTURE
from tests.world import World, build

STAGES = ("New", "Working", "Consulting", "Waiting")


def fill(app: Flask, cards: int, browsers: int, mail_port: int) -> dict[str, Any]:
    """Sara at work in so many browsers, in all of which nika has signed in to the portal; cards in the first stage."""
    schema.upgrade()
    world = build()
    settings.put("setup.finished", True, by=None)
    passwords.set_password(world.sara, PASSWORD)
    stages = [world.stage(name) for name in STAGES]
    made = [open_card(world.nika, stages[0], title=str(number), by=world.sara, body="") for number in range(cards)]
    links = _past(world, made, mail_port) if mail_port else {}
    sessions.open_session("portal", contact_id=world.nika.id)
    cookies = []
    for _browser in range(browsers):
        sessions.open_session("staff", user_id=world.sara.id)
        cookies.append(f"kariz={app.session_interface.get_signing_serializer(app).dumps(dict(session))}")
    db.session.commit()
    return {"cookies": cookies, "cards": [card.code for card in made], "stages": [stage.id for stage in stages],
            "pipeline": world.support.id, "slug": world.support.slug, **links}  # fmt: skip


def _past(world: World, cards: list[Card], mail_port: int) -> dict[str, str]:
    """A mail server, a reply with a picture, a message that is due tomorrow, a resolved card; the links of theirs."""
    for name, value in {"host": "127.0.0.1", "port": mail_port, "security": "none", "sender": "shop@example.com",
                        "password": seal("opens the post office")}.items():  # fmt: skip
        settings.put(f"mail.{name}", value, by=None)
    picture = FileStorage(io.BytesIO(PICTURE), "قوری.png")
    add_reply(cards[0], "عکس را ببینید", by=world.sara, files=[picture])
    ended = open_card(world.nika, world.stage("New"), title="ended", by=world.sara, body="")
    resolve(ended, world.stage("Resolved"), cause="", solution="تمام", by=world.sara)
    db.session.flush()
    attachment, survey = db.session.query(Attachment).one(), db.session.query(Survey).one()
    outbox.enqueue("message.reply", key="for tomorrow", card_id=cards[1].id, contact_id=world.nika.id,
                   payload={"entry": attachment.entry_id}, due_at=utcnow() + timedelta(days=1))  # fmt: skip
    return {"attachment": attachment.code, "survey": token_for(survey)}


if __name__ == "__main__":
    app = create_app({"OUTBOX_WAKE": False})
    with app.test_request_context():
        sys.stdout.write(json.dumps(fill(app, *map(int, sys.argv[1:]))))
