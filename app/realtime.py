"""Who hears of an event, and what exactly: an allow-list per audience, in rooms that only the server names."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import events
from app.events import Fact
from app.extensions import socketio

STAFF, PORTAL = "/staff", "/portal"

Room = Callable[[Fact], str | None]
Payload = Callable[[Fact], dict[str, Any]]


@dataclass(frozen=True)
class Audience:
    """A room and the only form in which it hears of an event. `signal` is the socket's message name."""

    room: Room
    payload: Payload
    namespace: str
    signal: str


_audiences: dict[str, list[Audience]] = defaultdict(list)


def audience(*names: str, room: Room, payload: Payload, namespace: str = STAFF, signal: str = "event") -> None:
    """Let the room hear of events with these names. The portal only ever hears of events visible in the portal."""
    for name in names:
        entry = Audience(room, payload, namespace, signal)
        if entry not in _audiences[name]:
            _audiences[name].append(entry)


def emit(signal: str, payload: dict[str, Any], room: str, namespace: str) -> None:
    """Send to one room. A missing room would reach everyone, so it is refused."""
    if not isinstance(room, str) or not room:
        raise ValueError("a frame needs a room")
    socketio.emit(signal, payload, to=room, namespace=namespace)


def publish(fact: Fact) -> None:
    """Tell each audience of a fact; called after its commit."""
    for entry in _audiences[fact.name]:
        if entry.namespace == PORTAL and fact.visibility != events.PORTAL:
            continue
        room = entry.room(fact)
        if room:
            emit(entry.signal, entry.payload(fact), room, entry.namespace)


events.on_publish(publish)
