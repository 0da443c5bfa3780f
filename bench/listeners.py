"""Many open boards in one process: python -m bench.listeners < PLAN

PLAN: {"address": "host:port", "cookies", "slug", "pipeline", "opens_page"}. Joins the board once per cookie, prints
{"joined", "seconds"} on a line, listens until a line comes on standard input, then prints {"frames": {seq: [seconds on
the system's monotonic clock, ...]}}. Greenlets: a thousand threads would measure themselves.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import urllib.request  # noqa: E402
from collections import defaultdict  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent.fileobject import FileObject  # noqa: E402
from websocket import WebSocket, create_connection  # noqa: E402

PATIENCE_SECONDS = 60


class Listener:
    """One browser on the board."""

    def __init__(self, plan: dict[str, Any], cookie: str, frames: dict[int, list[float]]) -> None:
        self.plan, self.cookie, self.frames = plan, cookie, frames
        self.socket: WebSocket | None = None

    def join(self) -> bool:
        """Open the page if the plan says so, connect, join; whether the board let it in."""
        if self.plan["opens_page"]:
            page = f"http://{self.plan['address']}/boards/{self.plan['slug']}"
            request = urllib.request.Request(page, headers={"Cookie": self.cookie})
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                answer.read()
        url = f"ws://{self.plan['address']}/socket.io/?EIO=4&transport=websocket"
        origin = f"http://{self.plan['address']}"
        self.socket = create_connection(url, timeout=PATIENCE_SECONDS, cookie=self.cookie, origin=origin)
        self._until("0")
        self.socket.send("40/staff,")
        self._until("40/staff,")
        self.socket.send('42/staff,1["pipeline.join",' + json.dumps({"id": self.plan["pipeline"]}) + "]")
        return '"ok":true' in self._until("43/staff,1").replace(" ", "")

    def listen(self) -> None:
        """Note when each frame arrives, until the socket ends."""
        assert self.socket
        self.socket.settimeout(None)
        while True:
            text = self._next()
            if text.startswith('42/staff,["event"'):
                frame = json.loads(text.partition(",")[2])[1]
                self.frames[frame["seq"]].append(time.monotonic())

    def _until(self, start: str) -> str:
        while not (text := self._next()).startswith(start):
            pass
        return text

    def _next(self) -> str:
        assert self.socket
        while (text := str(self.socket.recv())) == "2":
            self.socket.send("3")
        return text


def main() -> None:
    commands = FileObject(sys.stdin.fileno(), "r")
    plan = json.loads(commands.readline())
    frames: dict[int, list[float]] = defaultdict(list)
    listeners = [Listener(plan, cookie, frames) for cookie in plan["cookies"]]
    began = time.monotonic()
    ears: list[gevent.Greenlet[[], None]] = []

    def enter(listener: Listener) -> bool:
        is_in = listener.join()
        # At once: who is silent until all the others are in is taken for gone.
        ears.append(gevent.spawn(listener.listen))
        return is_in

    joins = [gevent.spawn(enter, listener) for listener in listeners]
    gevent.joinall(joins, timeout=PATIENCE_SECONDS)
    joined = sum(1 for join in joins if join.successful() and join.value)
    _say({"joined": joined, "seconds": round(time.monotonic() - began, 3)})
    commands.readline()
    gevent.killall(ears)
    _say({"frames": frames})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
