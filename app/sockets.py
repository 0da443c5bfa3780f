"""Open sockets: who may connect, and the watch that closes those whose session ended."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask import current_app, request, session
from flask_socketio import disconnect, join_room

from app import bus
from app.auth import sessions
from app.auth.models import PORTAL as PORTAL_AUDIENCE
from app.auth.models import STAFF as STAFF_AUDIENCE
from app.auth.models import Session
from app.db import reading
from app.extensions import db, socketio
from app.realtime import PORTAL, STAFF

log = structlog.get_logger()

AUDIENCES = {STAFF: STAFF_AUDIENCE, PORTAL: PORTAL_AUDIENCE}
SOCKETS_PER_SESSION = 20
FRAMES_PER_SECOND = 40
WATCH_SECONDS = 2

_lock = threading.Lock()
# session id -> {(namespace, sid)}, of this process only
_open: dict[int, set[tuple[str, str]]] = defaultdict(set)
_session_of: dict[str, int] = {}
_budget: dict[str, tuple[float, int]] = {}
_watching = threading.Event()
_on_closed: list[Callable[[str], None]] = []


@contextmanager
def glance() -> Iterator[None]:
    """Read and let go. What was loaded stays readable afterwards: a second look, outside of here, would begin a
    transaction that takes the write lock and keeps it as long as the handler runs."""
    with reading():
        try:
            yield
        finally:
            db.session.expunge_all()
            db.session.rollback()


def socket_session(namespace: str) -> Session | None:
    """The live session behind this socket, read again from the database: the copy taken at connect may be stale."""
    with glance():
        return sessions.find(session.get(AUDIENCES[namespace]), AUDIENCES[namespace])


def on_closed(fn: Callable[[str], None]) -> None:
    """Call the function with the id of every staff socket that closes."""
    if fn not in _on_closed:
        _on_closed.append(fn)


def within_budget(sid: str) -> bool:
    """Whether this socket may speak now; one that floods is closed."""
    now = time.monotonic()
    began, used = _budget.get(sid, (now, 0))
    if now - began >= 1:
        began, used = now, 0
    _budget[sid] = (began, used + 1)
    return used < FRAMES_PER_SECOND


def payload(data: object, **fields: type) -> dict[str, Any] | None:
    """The one checked reader of frames: exactly these fields with these types and sane sizes, else None."""
    if not isinstance(data, dict) or not set(data) <= set(fields):
        return None
    for name, kind in fields.items():
        value = data.get(name)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            return None
        if (isinstance(value, str) and len(value) > 200) or (isinstance(value, int) and abs(value) > 2**53):
            return None
    return data


def _connect(namespace: str) -> bool:
    row = socket_session(namespace)
    if row is None:
        return False
    sid = request.sid  # type: ignore[attr-defined]
    owner = row.user_id or row.contact_id or 0
    with _lock:
        if len(_open[row.id]) >= SOCKETS_PER_SESSION:
            return False
        _open[row.id].add((namespace, sid))
        _session_of[sid] = row.id
    join_room(f"user:{owner}" if namespace == STAFF else f"portal:{owner}")
    join_room(bus.EVERYONE)
    if not getattr(socketio.server.manager, "is_up", True):  # type: ignore[attr-defined]
        socketio.emit("live.paused", {}, to=sid, namespace=namespace)
    _start_watch()
    return True


def _disconnect(namespace: str) -> None:
    sid = request.sid  # type: ignore[attr-defined]
    with _lock:
        session_id = _session_of.pop(sid, 0)
        _budget.pop(sid, None)
        if session_id in _open:
            _open[session_id].discard((namespace, sid))
            if not _open[session_id]:
                del _open[session_id]
    for fn in _on_closed if namespace == STAFF else ():
        fn(sid)


def enter(room: str) -> bool:
    """Hear of a room from now on. False when the page was left while it asked."""
    try:
        join_room(room)
    except (KeyError, ValueError):
        return False
    return True


def close_sockets(session_ids: list[int]) -> None:
    """Close this process's sockets of ended sessions; other processes find out by their watch."""
    for session_id in session_ids:
        with _lock:
            sockets = list(_open.get(session_id, ()))
        for namespace, sid in sockets:
            socketio.emit("signed.out", {}, to=sid, namespace=namespace)
            _drop(sid, namespace)


def _drop(sid: str, namespace: str) -> None:
    try:
        disconnect(sid=sid, namespace=namespace)
    except Exception:  # noqa: BLE001  # already gone by itself
        log.info("socket.gone")


def _start_watch() -> None:
    if not _watching.is_set():
        _watching.set()
        socketio.start_background_task(_watch, current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def check_open(app: Any) -> None:
    """Close every socket of this process whose session no longer counts."""
    with _lock:
        ids = list(_open)
    if not ids:
        return
    with app.app_context(), glance():
        live = sessions.live_ids(ids)
    with app.test_request_context():
        close_sockets([session_id for session_id in ids if session_id not in live])


def _watch(app: Any) -> None:
    while True:
        socketio.sleep(WATCH_SECONDS)
        try:
            check_open(app)
        except Exception:
            log.exception("socket.watch_failed")


for _namespace in (STAFF, PORTAL):
    socketio.on_event("connect", lambda *_args, n=_namespace: _connect(n), namespace=_namespace)
    socketio.on_event("disconnect", lambda *_args, n=_namespace: _disconnect(n), namespace=_namespace)
