"""Who still belongs in a board's room. Raising the epoch renames the room: whoever may, joins the new one."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app import events
from app.events import Actor, Event, record
from app.extensions import db, socketio
from app.hooks import after_commit
from app.realtime import STAFF, emit
from app.users.models import User
from pipelines.models import Pipeline, PipelineMembership
from pipelines.models.membership import forget_levels, reachable_ids
from pipelines.sequence import Turn, lock

events.define("access.changed", "pipeline.redesigned")


def room(pipeline_id: int, epoch: int) -> str:
    """The room of a board in an epoch."""
    return f"pipeline:{pipeline_id}:{epoch}"


def renew(pipeline: Pipeline, name: str, *, by: Actor | None, data: dict[str, Any]) -> Event:
    """Record a fact that voids everybody's place in the board's room: they hear of it, then the room is closed."""
    forget_levels()
    turn = lock(pipeline.id, renews=True)
    set_committed_value(pipeline, "seq", turn.seq)
    set_committed_value(pipeline, "access_epoch", turn.epoch)
    event = record(name, pipeline, by=by, data=data, seq=turn.seq)
    after_commit(lambda: _close(pipeline.id, turn, name, event))
    return event


def _close(pipeline_id: int, turn: Turn, name: str, event: Event) -> None:
    old = room(pipeline_id, turn.epoch - 1)
    frame = {"v": 1, "pipeline": pipeline_id, "epoch": turn.epoch - 1, "seq": turn.seq, "name": name,
             "at": event.at.isoformat(), "card": None, "relabelled": [], "counts": {}}  # fmt: skip
    emit("event", frame, old, STAFF)
    socketio.close_room(old, namespace=STAFF)


def bump(pipeline: Pipeline, *, by: Actor | None, data: dict[str, Any]) -> None:
    """Somebody lost access, wholly or in part: show the door to those who are still inside."""
    renew(pipeline, "access.changed", by=by, data=data)


def bump_all(pipelines: Iterable[Pipeline], *, by: Actor | None, data: dict[str, Any]) -> None:
    """The same for several boards, in the order of their ids, so that two who do it at once never wait in a ring."""
    for pipeline in sorted(pipelines, key=lambda pipeline: pipeline.id):
        bump(pipeline, by=by, data=data)


def _actor(event: Event) -> User | None:
    return db.session.get(User, event.actor_id) if event.actor_kind == "user" and event.actor_id else None


@events.on("user.deactivated", "user.role_changed")
def _user_lost_access(event: Event) -> None:
    """A closed account leaves the boards it reached; an admin who is none any more leaves all of them."""
    was_admin = event.name == "user.role_changed" and event.data["from"] == "admin"
    if event.name == "user.role_changed" and not was_admin:
        return
    user = db.session.get_one(User, event.subject_id)
    query = sa.select(Pipeline).where(Pipeline.archived_at.is_(None))
    if not (was_admin or user.is_admin):
        query = query.where(Pipeline.id.in_(reachable_ids(user)))
    bump_all(db.session.scalars(query), by=_actor(event), data={"user": user.id})


@events.on("team.members_changed")
def _team_lost_members(event: Event) -> None:
    if not event.data["removed"]:
        return
    held = sa.select(PipelineMembership.pipeline_id).where(PipelineMembership.team_id == event.subject_id)
    boards = db.session.scalars(sa.select(Pipeline).where(Pipeline.id.in_(held)))
    bump_all(boards, by=_actor(event), data={"team": event.subject_id, "removed": event.data["removed"]})
