"""Who is looking at what, right now: marks that fade by themselves when nobody renews them.

Kept in memory where one process serves everybody, in Redis where several do.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import redis
from flask import current_app

TTL_SECONDS = 45
STATES = ("viewing", "typing", "away")


@dataclass(frozen=True)
class Mark:
    """A socket's presence on a board, perhaps on one of its cards."""

    user: int
    card: int | None
    state: str
    until: float


class Store(Protocol):
    """Marks by place and socket."""

    def put(self, place: str, sid: str, mark: Mark) -> None: ...
    def drop(self, place: str, sid: str) -> None: ...
    def read(self, place: str) -> dict[str, Mark]: ...


class Memory:
    """Marks of one process."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, Mark]] = defaultdict(dict)

    def put(self, place: str, sid: str, mark: Mark) -> None:
        self._places[place][sid] = mark

    def drop(self, place: str, sid: str) -> None:
        self._places[place].pop(sid, None)

    def read(self, place: str) -> dict[str, Mark]:
        return dict(self._places[place])


class Shared:
    """Marks of all processes, in a Redis hash for each place."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=2, decode_responses=True)

    def put(self, place: str, sid: str, mark: Mark) -> None:
        self._redis.hset(f"presence:{place}", sid, json.dumps(asdict(mark)))
        self._redis.expire(f"presence:{place}", TTL_SECONDS * 2)

    def drop(self, place: str, sid: str) -> None:
        self._redis.hdel(f"presence:{place}", sid)

    def read(self, place: str) -> dict[str, Mark]:
        stored: Any = self._redis.hgetall(f"presence:{place}")
        return {sid: Mark(**json.loads(text)) for sid, text in stored.items()}


def _store() -> Store:
    store: Store | None = current_app.extensions.get("presence")
    if store is None:
        url = current_app.config["REDIS_URL"]
        store = current_app.extensions["presence"] = Shared(url) if url else Memory()
    return store


def mark(place: str, sid: str, *, user: int, card: int | None = None, state: str = "viewing") -> None:
    """Note that a socket of this user is at a place (`pipeline:7`), until the mark fades."""
    _store().put(place, sid, Mark(user, card, state, time.time() + TTL_SECONDS))


def forget(place: str, sid: str) -> None:
    """The socket left the place."""
    _store().drop(place, sid)


def viewers(place: str) -> list[dict[str, Any]]:
    """Who is at the place: `{"user", "card", "state"}`, one for each user and card, faded marks left out."""
    now = time.time()
    seen: dict[tuple[int, int | None], dict[str, Any]] = {}
    for sid, found in _store().read(place).items():
        if found.until < now:
            forget(place, sid)
            continue
        known = seen.get((found.user, found.card))
        if known is None or found.state == "typing":
            seen[found.user, found.card] = {"user": found.user, "card": found.card, "state": found.state}
    return list(seen.values())
