"""People at an installation of the fault tests: who moves cards, who watches boards, and what must hold afterwards."""

import json
import random
import selectors
import threading
import time
from typing import Any

import websocket

from tests.safety.house import PATIENCE_SECONDS, Answer, House


class Movers:
    """People who move cards one after the other until they are told to rest; every answer is kept."""

    def __init__(self, house: House, people: int = 4, pause_seconds: float = 0.05) -> None:
        self.house, self.pause_seconds = house, pause_seconds
        self.answers: list[Answer] = []
        self.failures: list[str] = []
        self._rest = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(people)]

    def __enter__(self) -> "Movers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._rest.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _work(self, number: int) -> None:
        chance = random.Random(number)
        while not self._rest.wait(self.pause_seconds):
            try:
                answer = self.house.move(chance)
            except OSError as error:
                self.failures.append(repr(error))
                continue
            self.answers.append(answer)
            # Two people at the same card: one of them is told.
            if answer.status not in {200, 409}:
                self.failures.append(f"{answer.status} {answer.text[:200]}")


class Pages:
    """Open boards, many of them in one thread. They come back as the browser's script does."""

    def __init__(self, house: House, count: int) -> None:
        self.house, self.chance = house, random.Random(5)
        self.heard: list[set[int]] = [set() for _ in range(count)]
        self.said: dict[str, int] = {}
        self.pids: list[int] = []
        self._open: dict[int, websocket.WebSocket] = {}
        self._due: dict[int, tuple[float, float]] = dict.fromkeys(range(count), (0.0, 1.0))
        self._joined: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._rest = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Pages":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._rest.set()
        self._thread.join(PATIENCE_SECONDS)
        for page in self._open.values():
            page.close()

    @property
    def joined(self) -> int:
        """How many are in the room of the board now."""
        return len(self._joined)

    def _run(self) -> None:
        while not self._rest.is_set():
            for number in [number for number, (at, _pause) in self._due.items() if at <= time.monotonic()][:20]:
                self._connect(number)
            for key, _events in self._selector.select(0.02):
                self._read(key.data)

    def _connect(self, number: int) -> None:
        _at, pause = self._due.pop(number)
        # A browser may have twenty pages open, so these are the pages of several.
        cookies = self.house.seed["cookies"]
        try:
            page = websocket.create_connection(
                f"ws://127.0.0.1:{self.house.port}/socket.io/?EIO=4&transport=websocket", timeout=10,
                cookie=cookies[number % len(cookies)], origin=f"http://127.0.0.1:{self.house.port}",
            )  # fmt: skip
            page.recv()
            page.send("40/staff,")
        except (OSError, websocket.WebSocketException):
            self._due[number] = (time.monotonic() + pause * (0.4 + 1.2 * self.chance.random()), min(20.0, pause * 2))
            return
        self._open[number] = page
        self._selector.register(page.sock, selectors.EVENT_READ, number)

    def _read(self, number: int) -> None:
        page = self._open[number]
        try:
            frame = page.recv()
        except (OSError, websocket.WebSocketException):
            frame = ""
        if not frame or frame[:1] == "1":
            self._leave(number, 0.4 + 1.2 * self.chance.random())
        elif frame == "2":
            page.send("3")
        elif frame.startswith("40/staff,"):
            page.send(f'42/staff,0["pipeline.join",{{"id":{self.house.seed["pipeline"]}}}]')
        elif frame.startswith("43/staff,0"):
            assert json.loads(frame[10:])[0]["ok"]
            self._joined.add(number)
        elif frame.startswith("42/staff,"):
            self._hear(number, *json.loads(frame[9:]))

    def _hear(self, number: int, name: str, payload: Any) -> None:
        self.said[name] = self.said.get(name, 0) + 1
        if name == "event":
            self.heard[number].add(payload["seq"])
        elif name == "server.leaving":
            self._due[number] = (time.monotonic() + self.chance.random() * payload["within_ms"] / 1000, 1.0)
            self._leave(number, None)

    def _leave(self, number: int, pause: float | None) -> None:
        page = self._open.pop(number)
        # A page that was cut off has dropped its socket already.
        self._selector.unregister(next(key.fileobj for key in self._selector.get_map().values() if key.data == number))
        self._joined.discard(number)
        page.close()
        if pause is not None:
            self._due[number] = (time.monotonic() + pause, 2.0)


def check_invariants(house: House) -> None:
    """I1, I2: each card is in one stage, the order of events has no hole and no fork."""
    (stays,) = house.query("SELECT count(*), count(DISTINCT card_id) FROM stage_transitions WHERE left_at IS NULL")
    assert stays[0] == stays[1]
    wrong = "SELECT c.id FROM cards c JOIN stage_transitions t ON t.card_id = c.id AND t.left_at IS NULL"
    assert house.query(f"{wrong} WHERE t.stage_id <> c.stage_id") == []
    (order,) = house.query("SELECT count(*), count(DISTINCT seq), max(seq) - min(seq) + 1 FROM events "
                           f"WHERE seq IS NOT NULL AND pipeline_id = {house.seed['pipeline']}")  # fmt: skip
    assert order[0] == order[1] == order[2]
    (ranks,) = house.query("SELECT count(*), count(DISTINCT (stage_id, rank)) FROM cards WHERE closed_at IS NULL")
    assert ranks[0] == ranks[1]
