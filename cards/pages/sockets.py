"""The card's page on the staff sockets: hearing that something on this card changed."""

from typing import Any

from flask_socketio import leave_room

from app import presence, realtime
from app.events import Fact
from app.extensions import db, socketio
from app.realtime import STAFF
from app.sockets import enter, glance
from cards.board.sockets import speaker
from cards.models import Card
from pipelines.models import Pipeline


def room(card_id: int, epoch: int) -> str:
    """The room of a card in the present epoch of its board: who loses the board loses the card."""
    return f"card:{card_id}:{epoch}"


def frame_of(fact: Fact) -> dict[str, Any]:
    """What an open card page hears: that there is something to fetch. Ids only, never a word of it."""
    return {
        "v": 1, "card": fact.card_id, "seq": fact.seq, "name": fact.name, "at": fact.at.isoformat(),
        "version": (fact.transient.get("card") or {}).get("version"), "entry": fact.data.get("entry"),
        "actor": fact.actor_id if fact.actor_kind == "user" else None,
    }  # fmt: skip


def _room_of(fact: Fact) -> str | None:
    epoch = fact.transient.get("epoch")
    return room(fact.card_id, epoch) if fact.card_id and epoch else None


def hear(*names: str) -> None:
    """Let open card pages hear of events with these names; they must be recorded with the board's epoch."""
    realtime.audience(*names, room=_room_of, payload=frame_of, signal="card.news")


def reached(data: object) -> Any:
    """The card that a frame {"id"} names, as (id, version, last_entry_id, pipeline_id, access_epoch); None when the
    frame has another shape or the sender does not reach such a card."""
    who = speaker(data, id=int)
    if who is None:
        return None
    user, said = who
    columns = (Card.id, Card.version, Card.last_entry_id, Card.pipeline_id, Pipeline.access_epoch)
    with glance():
        query = Card.visible_to(user).where(Card.id == said["id"]).join(Pipeline, Pipeline.id == Card.pipeline_id)
        return db.session.execute(query.with_only_columns(*columns)).first()


@socketio.on("card.join", namespace=STAFF)
def join_card(data: object = None) -> dict[str, Any]:
    """Hear of a card from now on. Sent again while the page stands open, it follows the board into its next epoch and
    tells what was missed. Answers {"ok", "version", "entry", "viewers"}; not ok: out of reach or unknown."""
    card = reached(data)
    if card is None or not enter(room(card.id, card.access_epoch)):
        return {"ok": False}
    viewers = [viewer for viewer in presence.viewers(f"pipeline:{card.pipeline_id}") if viewer["card"] == card.id]
    return {"ok": True, "version": card.version, "entry": card.last_entry_id, "viewers": viewers}


@socketio.on("card.leave", namespace=STAFF)
def leave_card(data: object = None) -> None:
    """Hear nothing more of a card."""
    card = reached(data)
    if card is not None:
        leave_room(room(card.id, card.access_epoch))


hear("card.opened", "card.moved", "card.changed", "card.closed", "card.reopened", "card.left", "card.assigned",
     "card.prioritised", "card.renamed", "card.tagged", "card.amount_changed", "note.added", "reply.sent",
     "reply.withdrawn", "message.received", "survey.answered", "promise.changed")  # fmt: skip
