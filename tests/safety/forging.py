"""What somebody who can write to Redis, and knows no secret, says in the name of the application (S11)."""

import json
import pickle
from pathlib import Path
from typing import Any

import redis

from app.bus import CHANNEL, NAMESPACES, Bus

SECRET_WORDS = "قناری‌۵۱۹"


class Bomb:
    """Runs a command where somebody unpickles it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def messages(sids: list[str], room: str, mark: Path) -> list[bytes]:
    """Frames for everybody and for one room, doors opened and shut for others, programs, nonsense."""
    forms: list[Any] = []
    for namespace in NAMESPACES:
        frame = {"method": "emit", "event": "event", "data": [{"text": SECRET_WORDS}], "binary": False,
                 "namespace": namespace, "skip_sid": None, "callback": None, "host_id": "somebody"}  # fmt: skip
        forms += [{**frame, "room": where} for where in (None, [], "everyone", room, [room, "everyone"], *sids)]
        forms += [{**frame, "room": room, "callback": [room, namespace, 1]}]
        for sid in sids:
            door = {"sid": sid, "namespace": namespace, "host_id": "somebody"}
            forms += [{**door, "method": "enter_room", "room": "pipeline:1:1"}, {**door, "method": "disconnect"}]
            forms += [{**door, "method": "leave_room", "room": room}]
        forms += [{"method": "close_room", "room": room, "namespace": namespace, "host_id": "somebody"}]
        forms += [{"method": "callback", "host_id": "somebody", "sid": sids[0], "namespace": namespace, "id": 1}]
    forms += [{}, [], None, 7, "", {"method": None}, {"method": ["emit"]}, {"method": "emit"}, {"method": "shut_down"}]
    plain = [json.dumps(form).encode() for form in forms]
    # With a seal of one's own, with none, with one cut off.
    sealed = [Bus("redis://127.0.0.1:1/0", "guessed")._sealed(one) for one in plain]
    bombs = [pickle.dumps(Bomb(mark)), bytes(32) + pickle.dumps(Bomb(mark)), pickle.dumps(forms[0])]
    return [*plain, *sealed, *(bytes(32) + one for one in plain), *bombs, b"", bytes(31), b"\xff" * 99, b"[" * 90_000]


def forge(url: str, sids: list[str], room: str, mark: Path) -> None:
    """Say all of it on the channel that the web processes listen to."""
    with redis.Redis.from_url(url) as client:
        for message in messages(sids, room, mark):
            assert client.publish(CHANNEL, message), "nobody listens any more"
