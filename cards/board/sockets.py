"""The board on the staff sockets: joining its room, the frames it hears, presence, the heartbeat."""

from typing import Any

import sqlalchemy as sa
from flask import request
from flask_socketio import leave_room

from app import presence, realtime
from app.auth.models import Session
from app.celery import every
from app.events import Event, Fact
from app.extensions import db, socketio
from app.realtime import STAFF
from app.sockets import enter, glance, payload, socket_session, within_budget
from app.users.models import User
from cards.models import Card
from pipelines.access import room
from pipelines.models import Pipeline

# Facts that browsers act on by name; every other fact of a board means that a face changed.
KEPT = frozenset({"card.opened", "card.moved", "card.closed", "card.reopened", "card.left", "stage.reset",
                  "pipeline.redesigned", "access.changed"})  # fmt: skip
BOARD_ITSELF = frozenset({"pipeline.redesigned", "access.changed"})
HEARTBEAT_SECONDS = 15
# Boards that somebody of this process has open: {pipeline id: sockets}
_watched: dict[int, set[str]] = {}


def frame_of(fact: Fact) -> dict[str, Any]:
    """What a board hears of a fact: ids, stage, rank, version and counts; never a name, a title or an amount."""
    told = fact.transient
    name = fact.name if fact.name in KEPT else "card.changed"
    return {
        "v": 1, "pipeline": fact.pipeline_id, "epoch": told.get("epoch"), "seq": fact.seq,
        "name": "stage.reset" if told.get("reset") else name, "at": fact.at.isoformat(),
        "op_id": told.get("op_id"), "actor": fact.actor_id if fact.actor_kind == "user" else None,
        "card": told.get("card"), "from_stage": told.get("from_stage"),
        "relabelled": [] if told.get("reset") else told.get("relabelled", []),
        "counts": {str(stage): count for stage, count in told.get("counts", {}).items()},
    }  # fmt: skip


def frame_of_event(event: Event, epoch: int) -> dict[str, Any]:
    """The frame of a fact read back from the table: a hint that its card changed; rows come beside it.

    What happened to the board as a whole keeps its name: who missed it must still open the page anew.
    """
    name = event.name if event.name in BOARD_ITSELF else "card.changed"
    return {"v": 1, "pipeline": event.pipeline_id, "epoch": epoch, "seq": event.seq, "name": name,
            "at": event.at.isoformat(), "card": None, "relabelled": [], "counts": {}}  # fmt: skip


def _room_of(fact: Fact) -> str | None:
    epoch = fact.transient.get("epoch")
    return room(fact.pipeline_id, epoch) if fact.pipeline_id and fact.seq and epoch else None


def reach(user: User, model: Any, row_id: int) -> Any:
    """The record with this id in the user's reach, None otherwise. For socket handlers: reads and lets go."""
    with glance():
        return db.session.scalar(model.visible_to(user).where(model.id == row_id))


def speaker(data: object, **fields: type) -> tuple[User, dict[str, Any]] | None:
    """Who sent this frame and what it says; None when the sender may not speak or the frame is not of this shape."""
    if not within_budget(request.sid):  # type: ignore[attr-defined]
        return None
    said = payload(data, **fields)
    row: Session | None = socket_session(STAFF) if said is not None else None
    return (row.user, said) if row and row.user and said is not None else None


@socketio.on("pipeline.join", namespace=STAFF)
def join_pipeline(data: object = None) -> dict[str, Any]:
    """Hear a board's events from now on. Answers {"ok", "room_epoch", "seq"}; not ok: out of reach or unknown."""
    who = speaker(data, id=int)
    pipeline = reach(who[0], Pipeline, who[1]["id"]) if who else None
    if who is None or pipeline is None:
        return {"ok": False}
    sid = request.sid  # type: ignore[attr-defined]
    if not enter(room(pipeline.id, pipeline.access_epoch)):
        return {"ok": False}
    _watched.setdefault(pipeline.id, set()).add(sid)
    presence.mark(f"pipeline:{pipeline.id}", sid, user=who[0].id)
    tell_presence(pipeline)
    return {"ok": True, "room_epoch": pipeline.access_epoch, "seq": pipeline.seq}


@socketio.on("pipeline.leave", namespace=STAFF)
def leave_pipeline(data: object = None) -> None:
    """Hear nothing more of a board."""
    who = speaker(data, id=int)
    pipeline = reach(who[0], Pipeline, who[1]["id"]) if who else None
    if pipeline is not None:
        leave_room(room(pipeline.id, pipeline.access_epoch))
        _gone(request.sid, pipeline)  # type: ignore[attr-defined]


@socketio.on("presence", namespace=STAFF)
def note_presence(data: object = None) -> None:
    """Say what one is doing on a card; colleagues on its board see it."""
    who = speaker(data, card=int, state=str)
    card = reach(who[0], Card, who[1]["card"]) if who and who[1]["state"] in presence.STATES else None
    pipeline = reach(who[0], Pipeline, card.pipeline_id) if who and card else None
    if who is None or card is None or pipeline is None:
        return
    sid = request.sid  # type: ignore[attr-defined]
    presence.mark(f"pipeline:{pipeline.id}", sid, user=who[0].id, card=card.id, state=who[1]["state"])
    _watched.setdefault(pipeline.id, set()).add(sid)
    tell_presence(pipeline)


def tell_presence(pipeline: Pipeline) -> None:
    """Show the board, and the cards that are looked at, who is here."""
    viewers = presence.viewers(f"pipeline:{pipeline.id}")
    realtime.emit("presence", {"pipeline": pipeline.id, "viewers": viewers},
                  room(pipeline.id, pipeline.access_epoch), STAFF)  # fmt: skip
    for card_id in {viewer["card"] for viewer in viewers} - {None}:
        here = [viewer for viewer in viewers if viewer["card"] == card_id]
        realtime.emit("card.presence", {"card": card_id, "viewers": here},
                      f"card:{card_id}:{pipeline.access_epoch}", STAFF)  # fmt: skip


def _gone(sid: str, pipeline: Pipeline) -> None:
    _watched.get(pipeline.id, set()).discard(sid)
    presence.forget(f"pipeline:{pipeline.id}", sid)
    tell_presence(pipeline)


def leave_all(sid: str) -> None:
    """A socket closed: it is nowhere any more."""
    for pipeline_id in [pipeline_id for pipeline_id, sids in _watched.items() if sid in sids]:
        with glance():
            pipeline = db.session.get(Pipeline, pipeline_id)
        if pipeline is not None:
            _gone(sid, pipeline)


@every(HEARTBEAT_SECONDS, name="boards.heartbeat")
def heartbeat() -> None:
    """Tell every open board where its order of events stands: what a browser missed, it asks for."""
    with glance():
        boards = db.session.execute(
            sa.select(Pipeline.id, Pipeline.access_epoch, Pipeline.seq).where(Pipeline.archived_at.is_(None))
        ).all()
    for board in boards:
        realtime.emit("board.head", {"pipeline": board.id, "epoch": board.access_epoch, "seq": board.seq},
                      room(board.id, board.access_epoch), STAFF)  # fmt: skip


def hear(*names: str) -> None:
    """Let boards hear of events with these names."""
    realtime.audience(*names, room=_room_of, payload=frame_of)


hear("card.opened", "card.moved", "card.changed", "card.closed", "card.reopened", "card.left", "card.assigned",
     "card.prioritised", "card.renamed", "card.tagged", "card.amount_changed", "note.added", "reply.sent",
     "reply.withdrawn", "message.received", "survey.answered", "promise.changed")  # fmt: skip
