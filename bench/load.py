"""A load client that costs little itself: threads with one kept connection each, raw requests, counted in memory.

python -m bench.load < PLAN   PLAN: {"address": [host, port], "connections", "seconds", "requests": [raw request, ...]}
Prints {"count", "failures", "seconds", "p50", "p95", "p99", "bytes", "statuses"}; times in milliseconds. Every loop
ends by itself, after `seconds` or when each request was sent once ("once": true).
"""

import json
import queue
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30
WARM_UP = 0.15


@dataclass
class Tally:
    """What one connection saw: times in seconds, statuses, bytes of bodies."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0


class Connection:
    """One kept HTTP connection; opened again when the server closes it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, int]:
        """Status and size of the body; status 0 when the connection broke."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, PATIENCE_SECONDS)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(request)
            return self._read()
        except OSError:
            self._close()
            return 0, 0

    def _read(self) -> tuple[int, int]:
        assert self.socket
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _blank, body = data.partition(b"\r\n\r\n")
        lower = head.lower()
        size = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]) if b"content-length:" in lower else 0
        left = size - len(body)
        while left > 0:
            left -= len(self._more())
        if b"connection: close" in lower:
            self._close()
        return int(head.split(b" ", 2)[1]), size

    def _more(self) -> bytes:
        assert self.socket
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionResetError
        return chunk

    def _close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None


def run(
    address: tuple[str, int], requests: list[bytes], connections: int, seconds: float, *, once: bool
) -> list[Tally]:
    """Ask over `connections` at once; each takes every n-th request, round and round."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for request in requests if once else ():
        waiting.put(request)
    tallies = [Tally() for _ in range(connections)]
    began = time.monotonic()

    def work(number: int) -> None:
        connection, tally, position = Connection(address), tallies[number], number
        while time.monotonic() - began < seconds:
            if once:
                try:
                    request = waiting.get_nowait()
                except queue.Empty:
                    return
            else:
                request = requests[position % len(requests)]
                position += connections
            started = time.perf_counter()
            status, size = connection.ask(request)
            took = time.perf_counter() - started
            if once or time.monotonic() - began > seconds * WARM_UP:
                tally.times.append(took)
                tally.statuses[status] += 1
                tally.size += size

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + PATIENCE_SECONDS)
    return tallies


def summary(tallies: list[Tally], seconds: float) -> dict[str, object]:
    """The figures of a run; `seconds` is the measured time."""
    times = sorted(took for tally in tallies for took in tally.times)
    statuses = sum((tally.statuses for tally in tallies), Counter())
    count = len(times)

    def at(share: float) -> float:
        return round(times[min(count - 1, int(count * share))] * 1000, 2) if times else 0.0

    return {
        "count": count,
        "failures": sum(number for status, number in statuses.items() if not 200 <= status < 400),
        "seconds": round(seconds, 3),
        "p50": at(0.5),
        "p95": at(0.95),
        "p99": at(0.99),
        "bytes": sum(tally.size for tally in tallies) // max(count, 1),
        "statuses": {str(status): number for status, number in statuses.items()},
    }


def main() -> None:
    plan = json.load(sys.stdin)
    requests = [request.encode() for request in plan["requests"]]
    once = bool(plan.get("once"))
    began = time.monotonic()
    tallies = run(tuple(plan["address"]), requests, plan["connections"], plan["seconds"], once=once)
    spent = time.monotonic() - began
    json.dump(summary(tallies, spent if once else plan["seconds"] * (1 - WARM_UP)), sys.stdout)


if __name__ == "__main__":
    main()
