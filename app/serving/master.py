"""Gunicorn's master: it has loaded the application, and the web processes that it forks share it."""

import os
import time
from _queue import SimpleQueue
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer


class Master(Arbiter):  # type: ignore[misc]
    """It lets load balancers know before it stops. `front`: the process whose end is its end too, if there is one."""

    drain_seconds = 0.0
    front: int | None = None

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        # A signal may come at any moment: the queue of the interpreter, not the one that gevent puts in its place.
        self.SIG_QUEUE: SimpleQueue[int] = SimpleQueue()

    def manage_workers(self) -> None:
        if self.front and os.getppid() != self.front:
            raise StopIteration
        super().manage_workers()

    def reap_workers(self) -> None:
        try:
            super().reap_workers()
        except HaltServer:
            if not any(worker.has_booted for worker in self.WORKERS.values()):
                raise
            self.log.error("A new web process did not start. The old ones go on.")

    def handle_usr2(self) -> None:
        """Others serve already: leave, and let no load balancer think that the server goes."""
        self.drain_seconds = 0.0
        raise StopIteration

    def stop(self, graceful: bool = True) -> None:
        if graceful and self.drain_seconds:
            for worker in self.WORKERS.values():
                worker.announce_leaving()
            time.sleep(self.drain_seconds)
        super().stop(graceful)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and not by files or the command line. `application`: loaded and warm."""

    def __init__(
        self, application: Any, *, drain_seconds: float = 0.0, front: int | None = None, **options: Any
    ) -> None:
        self.application, self.options = application, options
        self.drain_seconds, self.front = drain_seconds, front
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.application

    def run(self) -> None:
        """Serve until stopped."""
        master = Master(self)
        master.drain_seconds, master.front = self.drain_seconds, self.front
        master.run()
