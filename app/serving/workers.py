"""What every web process and its master know of each other, and the process that works with threads."""

import mmap
import threading
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from app.serving import farewell

# How long open pages may take to connect elsewhere; shorter where there is nowhere else.
PARTING_SECONDS = {"many": 4.0, "one": 0.5}


class Flags(Worker):  # type: ignore[misc]
    """What a worker and the master know of each other beside signals: two bytes of shared memory."""

    BOOTED, LEAVING = 0, 1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flags = mmap.mmap(-1, 2)

    def run(self) -> None:
        self.flags[self.BOOTED] = 1
        super().run()

    @property
    def has_booted(self) -> bool:
        """Whether it serves."""
        return self.flags[self.BOOTED] == 1

    @property
    def is_leaving(self) -> bool:
        """Whether load balancers should send nobody here any more."""
        return self.flags[self.LEAVING] == 1

    def announce_leaving(self) -> None:
        """From now on `/readyz` says that this process is about to go. Called by the master."""
        self.flags[self.LEAVING] = 1

    @property
    def parting_seconds(self) -> float:
        """How long its open pages are given."""
        return PARTING_SECONDS["many" if self.cfg.workers > 1 else "one"]


class ThreadedWorker(Flags, ThreadWorker):  # type: ignore[misc]
    """Threads: each open page holds one."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = self.alive
        super().handle_exit(sig, frame)
        if is_first:
            self.announce_leaving()
            threading.Thread(target=farewell.part, args=(self.parting_seconds,), daemon=True).start()

    def is_parent_alive(self) -> bool:
        is_alive: bool = super().is_parent_alive()
        if not is_alive:
            farewell.hang_up()
        return is_alive
