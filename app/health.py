"""Whether this process lives (/healthz) and can do its work (/readyz), and how many of its slots are taken."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import redis
import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import ClosingIterator

from app import bus, metrics
from app.extensions import db
from app.web import with_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()
bp = Blueprint("health", __name__)

KEPT_FOR_REQUESTS = 50
BUSY = b"All places for open pages are taken. Please try again in a moment.\n"


class Slots:
    """Counts what holds a thread of the web server: requests, and live connections for as long as the page is open.

    A live connection is refused (503, the page tries again by itself) before it takes the last places from requests.
    """

    def __init__(self, wsgi: "WSGIApplication", capacity: int | None) -> None:
        self.wsgi, self.capacity = wsgi, capacity
        self.busy = self.sockets = 0
        self._lock = threading.Lock()
        metrics.PLACES.set(capacity or 0)

    @property
    def free(self) -> int | None:
        """Places left, None when the number of places is unknown."""
        return None if self.capacity is None else max(self.capacity - self.busy, 0)

    @property
    def kept(self) -> int:
        """Places that live connections never take: 50, or a fifth of a small server."""
        return min(KEPT_FOR_REQUESTS, (self.capacity or 0) // 5)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_socket = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        if not self._enter(is_socket):
            said = [("Content-Type", "text/plain"), ("Retry-After", "5"), ("Cache-Control", "no-store")]
            with_headers(start_response)("503 Service Unavailable", said)
            return [BUSY]
        leave = self._leave_once(is_socket)
        try:
            return ClosingIterator(self.wsgi(environ, start_response), leave)
        except BaseException:
            # A websocket that ends leaves gunicorn by StopIteration.
            leave()
            raise

    def _enter(self, is_socket: bool) -> bool:
        with self._lock:
            if is_socket and self.capacity is not None and self.capacity - self.busy <= self.kept:
                return False
            self.busy += 1
            self.sockets += is_socket
            self._tell()
            return True

    def _tell(self) -> None:
        metrics.BUSY.set(self.busy)
        metrics.SOCKETS.set(self.sockets)

    def _leave_once(self, is_socket: bool) -> Callable[[], None]:
        has_left = False

        def leave() -> None:
            nonlocal has_left
            with self._lock:
                if not has_left:
                    has_left = True
                    self.busy -= 1
                    self.sockets -= is_socket
                    self._tell()

        return leave


def count_slots(app: Flask, capacity: int | None) -> None:
    """Count from now on. Called by what serves the app, after Socket.IO is bound, so that its connections count too."""
    slots = Slots(app.wsgi_app, capacity)
    app.extensions["slots"] = slots
    app.wsgi_app = slots  # type: ignore[method-assign]


@bp.get("/healthz")
def show_health() -> ResponseReturnValue:
    """The process answers. Nothing else is asked, so that a slow database does not restart it."""
    return jsonify(status="ok")


@bp.get("/readyz")
def show_readiness() -> ResponseReturnValue:
    """200 when the database, the broker and a free slot are there; else 503 with what is missing.

    A process that is about to leave is not ready either: load balancers send nobody there any more.
    """
    checks = {"database": database_state(), "broker": broker_state(), "web": web_state()}
    is_ready = all(check["ok"] for check in checks.values())
    return jsonify(status="ok" if is_ready else "unavailable", checks=checks), 200 if is_ready else 503


def database_state() -> dict[str, Any]:
    """Whether the database answers, and whether it has its tables."""
    try:
        with db.engine.connect() as connection:
            revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        log.warning("health.database_down", error=type(error).__name__)
        return {"ok": False, "kind": db.engine.dialect.name}
    return {"ok": revision is not None, "kind": db.engine.dialect.name}


def broker_state() -> dict[str, Any]:
    """Whether somebody takes tasks: Redis answers, or the worker of this process runs."""
    url = current_app.config.get("REDIS_URL")
    if not url:
        embedded = current_app.extensions.get("embedded")
        return {"ok": embedded is not None and embedded.is_running, "kind": "embedded"}
    client = bus.client(url, timeout_seconds=2)
    try:
        client.ping()
    except redis.RedisError as error:
        log.warning("health.broker_down", error=type(error).__name__)
        return {"ok": False, "kind": "redis"}
    finally:
        client.close()
    return {"ok": True, "kind": "redis"}


def web_state() -> dict[str, Any]:
    """How many places of this process are taken; this very question takes one. Nothing is known outside a server."""
    worker = current_app.extensions.get("web_worker")
    if worker is not None and worker.is_leaving:
        return {"ok": False, "is_leaving": True}
    slots: Slots | None = current_app.extensions.get("slots")
    if slots is None:
        return {"ok": True}
    is_free = slots.free is None or slots.free > 0
    return {"ok": is_free, "slots": slots.capacity, "busy": slots.busy, "sockets": slots.sockets, "free": slots.free}
