"""How the web processes hear of each other's news: Redis, and what is told to open pages while it is away.

A lost Redis costs nobody a request: what cannot be told is dropped at once, pages of this process still hear it, and
all are told that live updates pause. They ask for what they missed when it is back.

What is said there is JSON, signed with a key made of the application's secret, and of the few forms that Kariz uses.
Whoever else can write to Redis is not heard: with the library's own form they could speak to every open page, close
it, or let it hear what goes on in another room.
"""

import hashlib
import hmac
import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import RedisManager

log = structlog.get_logger()

# Every open page is in this room of the process that holds it.
EVERYONE = "everyone"
NAMESPACES = ("/staff", "/portal")
CHANNEL = "flask-socketio"
# A silent server is asked after so long, and given up when it is silent once more.
SILENCE_SECONDS = 5.0
PAUSE_SECONDS = 1.0
SPOKEN = {"emit", "disconnect", "close_room"}
SIGNATURE_BYTES = hashlib.sha256().digest_size
_waiting: ContextVar[list[bytes] | None] = ContextVar("waiting", default=None)


def client(url: str, timeout_seconds: float = 1.0) -> redis.Redis:
    """A connection for what must not wait: no second try, the callers know what to do without."""
    return redis.Redis.from_url(url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds,
                                retry=Retry(NoBackoff(), 0))  # fmt: skip


class Bus(RedisManager):  # type: ignore[misc]
    """The library's manager with a short patience, its own pulse, a seal, and words for the open pages."""

    def __init__(self, url: str, secret: str) -> None:
        super().__init__(url, channel=CHANNEL)
        self._key = hashlib.sha256(f"bus:{secret}".encode()).digest()
        self.is_up = True
        self._publisher = client(url)
        self._silent_until = 0.0
        self._lock = threading.Lock()
        # By this the manager knows what it said itself: forks of one process must hear of each other.
        os.register_at_fork(after_in_child=self._be_oneself)

    def _be_oneself(self) -> None:
        self.host_id = uuid.uuid4().hex

    def _publish(self, data: Any) -> None:
        """Tell the other processes, or drop it: after a failure nothing is tried for a second.

        The library would also look there for a page that left while it joined or left a room.
        """
        if time.monotonic() < self._silent_until or data["method"] not in SPOKEN:
            return
        said, waiting = self._sealed(self.json.dumps(data).encode()), _waiting.get()
        if waiting is None:
            self._say([said])
        else:
            waiting.append(said)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is said inside leaves at once at the end: all the news of one commit is one call."""
        said: list[bytes] = []
        token = _waiting.set(said)
        try:
            yield
        finally:
            _waiting.reset(token)
            if said:
                self._say(said)

    def _say(self, messages: list[bytes]) -> None:
        try:
            with self._publisher.pipeline(transaction=False) as pipe:
                for message in messages:
                    pipe.publish(self.channel, message)
                pipe.execute()
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            log.warning("bus.not_told", error=type(error).__name__)

    def _sealed(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, "sha256") + said

    def _opened(self, told: object) -> dict[str, Any] | None:
        """What one of our processes said; None for anything else."""
        if not isinstance(told, bytes):
            return None
        said = told[SIGNATURE_BYTES:]
        if not hmac.compare_digest(told, self._sealed(said)):
            return None
        found: dict[str, Any] = self.json.loads(said)
        return found if _is_known_form(found) else None

    def _listen(self) -> Iterator[dict[str, Any]]:
        for message in self._redis_listen_with_retries():
            found = self._opened(message["data"])
            if found is None:
                log.warning("bus.dropped", size=len(message["data"]))
            else:
                yield found

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                listener: Any = client(self.redis_url, SILENCE_SECONDS)
                pubsub = listener.pubsub(ignore_subscribe_messages=True)
                pubsub.subscribe(self.channel)
                self._change(is_up=True)
                yield from _heard(pubsub)
            except (redis.RedisError, OSError) as error:
                if self.is_up:
                    log.error("bus.away", error=type(error).__name__)
                self._change(is_up=False)
                time.sleep(PAUSE_SECONDS * (1 + random.random()))

    def _change(self, *, is_up: bool) -> None:
        with self._lock:
            has_changed, self.is_up = is_up is not self.is_up, is_up
        if has_changed:
            if is_up:
                log.info("bus.back")
            tell_own_pages(self, "live.resumed" if is_up else "live.paused", {})


def _is_known_form(found: Any) -> bool:
    """Whether a message says one of the three things that Kariz ever says: to a room, which has a name."""
    if not isinstance(found, dict) or found.get("namespace") not in NAMESPACES or not found.get("host_id"):
        return False
    where = "sid" if found.get("method") == "disconnect" else "room"
    if found.get("method") not in SPOKEN or not isinstance(found.get(where), str) or not found[where]:
        return False
    is_plain = not found.get("binary") and found.get("callback") is None and isinstance(found.get("data"), list)
    return found["method"] != "emit" or (is_plain and isinstance(found.get("event"), str))


def _heard(pubsub: Any) -> Iterator[dict[str, Any]]:
    is_asked = False
    while True:
        message = pubsub.get_message(timeout=SILENCE_SECONDS)
        if message is not None:
            is_asked = False
            if message["type"] == "message":
                yield message
        elif is_asked:
            raise redis.TimeoutError
        else:
            pubsub.ping()
            is_asked = True


def tell_own_pages(manager: Any, signal: str, payload: dict[str, Any]) -> None:
    """Send to the pages that this process holds, whatever is the matter with Redis."""
    for namespace in NAMESPACES:
        manager.emit(signal, payload, namespace=namespace, room=EVERYONE, ignore_queue=True)
