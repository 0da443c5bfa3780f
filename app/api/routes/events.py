"""Following what happens."""

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from app.api import feed
from app.api.resource import Resource
from app.api.settled import settled_id
from app.api.shapes import Shape, one_of
from app.events import Event
from app.extensions import db
from app.users.models import User

bp = Resource("events", __name__, tag="Events")


class EventActor(Shape):
    """Who did it; null: Kariz itself."""

    kind: Annotated[str, one_of(("user", "contact"))]
    id: int | None
    """Of a colleague or a service."""
    code: str | None
    """Of a contact."""
    name: str | None


class EventAnswer(Shape):
    """Something that happened."""

    id: int
    name: str
    at: datetime
    actor: EventActor | None
    pipeline: str | None
    card: str | None
    """The card's code, where the token's user reaches it."""
    contact: str | None
    data: dict[str, Any]
    """What belongs to this kind of event; stages, entries and colleagues by id."""


class EventList(Shape):
    items: list[EventAnswer]
    after: int
    """What to ask with the next time."""
    has_more: bool
    """Whether more is there already."""


class EventFilters(Shape):
    after: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """`after` of the answer before. Left out, nothing is listed and following begins with what happens from now on."""
    limit: Annotated[int, Field(ge=1, le=500)] = 200


@bp.operation("GET", "/events", scope="events:read", summary="Follow events", query=EventFilters, answer=EventList)
def list_events(query: EventFilters) -> EventList:
    """What happened since a cursor, in order and without gaps: about things the token's user reaches, of which the
    token's scopes let it read. Notes are told of with `notes:read`. Ask every few seconds with the last `after`."""
    last = settled_id()
    if last is None or query.after is None or query.after >= last:
        return EventList(items=[], after=last or 0 if query.after is None else query.after, has_more=False)
    end = min(last, query.after + feed.WINDOW)
    found = feed.events_between(query.after, end, query.limit)
    after = found[-1].id if len(found) == query.limit else end
    return EventList(items=_shown(found), after=after, has_more=after < last)


def _shown(events: list[Event]) -> list[EventAnswer]:
    names = {column: feed.codes_of(events, column) for column in ("pipeline_id", "card_id", "contact_id")}
    actors = _actors(events)
    return [
        EventAnswer(
            id=event.id, name=event.name, at=event.at, data=feed.data_of(event),
            actor=actors.get((event.actor_kind, event.actor_id)),
            **{column.removesuffix("_id"): names[column].get(getattr(event, column)) for column in names},
        )
        for event in events
    ]  # fmt: skip


def _actors(events: list[Event]) -> dict[tuple[str | None, int | None], EventActor]:
    """Who acted, by kind and id. Two queries."""
    ids = {event.actor_id for event in events if event.actor_kind == "user"}
    users = db.session.scalars(sa.select(User).where(User.id.in_(ids))) if ids else ()
    found: dict[tuple[str | None, int | None], EventActor] = {
        ("user", user.id): EventActor(kind="user", id=user.id, code=None, name=user.shown_name) for user in users
    }
    mine = [event for event in events if event.actor_kind == "contact"]
    codes = feed.codes_by("contact_id", {event.actor_id for event in mine if event.actor_id})
    for event in mine:
        found["contact", event.actor_id] = EventActor(kind="contact", id=None, code=codes.get(event.actor_id or 0),
                                                      name=None)  # fmt: skip
    return found
