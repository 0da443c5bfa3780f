"""The process that an operator starts and signals. It holds the address; what serves comes and goes below it.

A generation is a master and its web processes that share one application. It is a program of its own, so that a new
one loads the code, the libraries and the Python of this moment; it serves before the old one is asked to leave.
"""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

BOOT_SECONDS = 60
ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
# Told to a generation that another one has taken its place: it need not tell load balancers first.
SUCCEEDED = signal.SIGUSR2


@dataclass
class Generation:
    """A running master. Each of its processes writes one byte into the pipe once it serves."""

    process: "subprocess.Popen[bytes]"
    pipe: int
    started_at: float
    ready: int = 0

    def count_ready(self) -> int:
        """How many of its processes have begun to serve."""
        with contextlib.suppress(BlockingIOError):
            self.ready += len(os.read(self.pipe, 512))
        return self.ready

    @property
    def is_late(self) -> bool:
        return time.monotonic() - self.started_at > BOOT_SECONDS

    def has_ended(self) -> bool:
        if self.process.poll() is None:
            return False
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1
        return True


class Front:
    """Runs one generation, and a second one while the first is replaced. `command` is given two file numbers more."""

    def __init__(
        self, command: list[str], listener: socket.socket, processes: int, on_ready: Callable[[], None]
    ) -> None:
        self.command, self.listener, self.processes, self.on_ready = command, listener, processes, on_ready
        self.heard: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.serving: Generation | None = None
        self.coming: Generation | None = None
        self.leaving: list[Generation] = []
        self.wants_another = False

    def run(self) -> int:
        """Serve until told to stop; the exit code."""
        for number in (signal.SIGHUP, signal.SIGCHLD, *ENDS):
            signal.signal(number, lambda number, _frame: self.heard.put(number))
        self.coming = self._start("first")
        while True:
            asked = self._hear()
            if asked in ENDS:
                return self._end(asked)
            self.wants_another |= asked == signal.SIGHUP
            code = self._look()
            if code is not None:
                self._end(signal.SIGTERM)
                return code

    def _start(self, which: str) -> Generation:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        numbers = (self.listener.fileno(), writing)
        # In a session of its own: what a terminal sends is meant for the front, which passes it on.
        process = subprocess.Popen(  # noqa: S603  # our own program
            [*self.command, which, *map(str, numbers)], pass_fds=numbers, start_new_session=True
        )
        os.close(writing)
        return Generation(process, reading, time.monotonic())

    def _hear(self) -> int:
        with contextlib.suppress(queue.Empty):
            return self.heard.get(timeout=0.05 if self.coming else 1)
        return 0

    def _look(self) -> int | None:
        """Take in what has happened; the exit code when nothing is left that could serve."""
        self.leaving = [one for one in self.leaving if not one.has_ended()]
        if self.serving and self.serving.has_ended():
            return self.serving.process.returncode or 1
        if self.coming:
            code = self._look_at(self.coming)
            if code is not None:
                return code
        if self.wants_another and not self.coming:
            self.wants_another, self.coming = False, self._start("next")
        return None

    def _look_at(self, coming: Generation) -> int | None:
        if coming.count_ready() >= self.processes:
            if self.serving:
                self.serving.process.send_signal(SUCCEEDED)
                self.leaving.append(self.serving)
            else:
                self.on_ready()
            self.serving, self.coming = coming, None
        elif coming.has_ended() or (self.serving and coming.is_late):
            self.coming = None
            if self.serving is None:
                return coming.process.returncode or 1
            coming.process.kill()
            self.leaving.append(coming)
            print("A new web process did not start. The old ones go on.", file=sys.stderr, flush=True)  # noqa: T201
        return None

    def _end(self, asked: int) -> int:
        """Stop them all, more urgently when asked again; 0 when each of them ended well."""
        self.listener.close()
        generations = [one for one in (self.serving, self.coming, *self.leaving) if one]
        told = {-asked}
        while alive := [one for one in generations if not one.has_ended()]:
            for one in alive if asked in ENDS else ():
                one.process.send_signal(asked)
                told.add(-asked)
            asked = self._hear()
        # One that had not begun to serve ends by the signal itself.
        return max(
            (abs(one.process.returncode) for one in generations if one.process.returncode not in told), default=0
        )
