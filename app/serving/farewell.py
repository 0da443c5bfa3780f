"""How a web process lets its open pages go: told first, so that they come back one by one and without an alarm."""

import time


def part(within_seconds: float) -> None:
    """Tell the pages that this process holds to connect anew within so long, then close those that stayed."""
    from app import bus
    from app.extensions import socketio

    server = socketio.server  # type: ignore[attr-defined]
    if server is None:
        return
    bus.tell_own_pages(server.manager, "server.leaving", {"within_ms": int(within_seconds * 1000)})
    deadline = time.monotonic() + within_seconds
    while server.eio.sockets and time.monotonic() < deadline:
        time.sleep(0.1)
    hang_up()


def hang_up() -> None:
    """Close every open page of this process."""
    from app.extensions import socketio

    server = socketio.server  # type: ignore[attr-defined]
    for connection in list(server.eio.sockets.values()) if server else []:
        connection.close(wait=False)
