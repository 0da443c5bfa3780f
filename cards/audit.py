"""Cards in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.codes import parse_code, show_code
from app.events import Event
from app.extensions import db
from app.i18n import _l
from cards.models import CHANNELS, PRIORITIES, Card


def _cards(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.execute(sa.select(Card.id, Card.code, Card.title).where(Card.id.in_(ids)))
    return {row.id: Thing(f"{row.title} ({show_code(row.code)})", url_for("cards.show", code=row.code)) for row in rows}


def _find(text: str) -> list[int]:
    code = parse_code(text)
    return list(db.session.scalars(sa.select(Card.id).where(Card.code == code))) if code else []


things.add("card", _l("Card"), _cards, find=_find, concerns=lambda card_id: Event.card_id == card_id)

_CARD = {"card.opened": _l("%(who)s opened the card %(card)s"), "card.changed": _l("%(who)s changed the card %(card)s"),
         "card.closed": _l("%(who)s closed the card %(card)s"),
         "card.left": _l("%(card)s left the board %(board)s"),
         "card.seen": _l("%(who)s was the first to look at %(card)s"),
         "card.resolved": _l("%(who)s declared the work on %(card)s done"),
         "request.received": _l("The request %(card)s was received"),
         "note.added": _l("%(who)s wrote a note on %(card)s"), "reply.sent": _l("%(who)s answered on %(card)s"),
         "reply.withdrawn": _l("%(who)s withdrew an answer on %(card)s"),
         "message.received": _l("%(who)s wrote a message on %(card)s"),
         "survey.asked": _l("The customer was asked for an opinion on %(card)s"),
         "survey.answered": _l("%(who)s rated %(card)s: speed %(speed)s, usefulness %(usefulness)s, "
                               "behaviour %(behaviour)s")}  # fmt: skip
for _name, _sentence in _CARD.items():
    tell(_name, "cards", _sentence)
tell("card.moved", "cards", _l("%(who)s moved %(card)s from “%(old)s” to “%(new)s”"), from_="stage", to_="stage")
tell("card.reopened", "cards", _l("%(who)s reopened %(card)s: from “%(old)s” to “%(new)s”"), from_="stage", to_="stage")
tell("card.progressed", "cards", _l("The customer of %(card)s sees the step %(step)s now"), step="portal_step")
tell("card.assigned", "cards", _l("%(who)s gave %(card)s from %(old)s to %(new)s"), from_="user", to_="user")
tell("card.prioritised", "cards", _l("%(who)s changed the priority of %(card)s from “%(old)s” to “%(new)s”"),
     field="priority")  # fmt: skip
tell("card.renamed", "cards", _l("%(who)s renamed %(card)s from “%(old)s” to “%(new)s”"))
tell("card.tagged", "cards", _l("%(who)s changed the tags of %(card)s from “%(old)s” to “%(new)s”"))
tell("card.amount_changed", "cards", _l("%(who)s changed the amount of %(card)s from %(old)s to %(new)s"),
     field="amount_rials")  # fmt: skip
tell("user.mentioned", "cards", _l("%(who)s mentioned %(user)s on %(card)s"), user="user")

tell("card.team_changed", "cards", _l("%(who)s handed %(card)s from the team %(old)s to the team %(new)s"),
     from_="team", to_="team")  # fmt: skip
tell("promise.made", "cards", _l("The next answer on %(card)s was promised for %(new)s"), field="promised_at")
tell("promise.changed", "cards", _l("The promise on %(card)s moved from %(old)s to %(new)s"), field="promised_at")
tell("promise.paused", "cards", _l("The promise on %(card)s waits, for it is not our turn"))
tell("promise.resumed", "cards", _l("The promise on %(card)s runs again"))
tell("promise.met", "cards", _l("The promise on %(card)s was kept or missed: the answer is there"))
tell("targets.changed", "settings", _l("%(who)s changed the times in which answers are promised"))

values.choices("priority", PRIORITIES)
values.choices("channel", CHANNELS)
