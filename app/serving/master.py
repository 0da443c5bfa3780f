"""Gunicorn's master, for deploys that nobody notices: new processes serve before the old ones are asked to leave."""

import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

BOOT_SECONDS = 60


class Master(Arbiter):  # type: ignore[misc]
    """On SIGHUP it starts processes with the code as it is now, and keeps the old ones when the new do not start."""

    drain_seconds = 0.0

    def manage_workers(self) -> None:
        if len(self.WORKERS) <= self.num_workers or self._are_new_ready():
            super().manage_workers()

    def _are_new_ready(self) -> bool:
        deadline = time.monotonic() + BOOT_SECONDS
        while len(self.WORKERS) > self.num_workers:
            newest = sorted(self.WORKERS.values(), key=lambda worker: worker.age)[-self.num_workers :]
            if all(worker.has_booted for worker in newest):
                break
            if time.monotonic() > deadline:
                return False
            self.reap_workers()
            time.sleep(0.05)
        return True

    def reap_workers(self) -> None:
        try:
            super().reap_workers()
        except HaltServer:
            if not any(worker.has_booted for worker in self.WORKERS.values()):
                raise
            self.log.error("A new web process did not start. The old ones go on.")

    def stop(self, graceful: bool = True) -> None:
        if graceful and self.drain_seconds:
            for worker in self.WORKERS.values():
                worker.announce_leaving()
            time.sleep(self.drain_seconds)
        super().stop(graceful)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and not by files or the command line. `make`: gives the application, in each worker."""

    def __init__(self, make: Any, *, drain_seconds: float = 0.0, **options: Any) -> None:
        self.make, self.options, self.drain_seconds = make, options, drain_seconds
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.make()

    def run(self) -> None:
        """Serve until stopped."""
        master = Master(self)
        master.drain_seconds = self.drain_seconds
        master.run()
