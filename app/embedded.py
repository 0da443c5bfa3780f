"""Celery worker and beat as threads of the web process, for the mode that needs no other server."""

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import IO, Any

import structlog
from celery import Celery, beat
from celery.worker import WorkController, state

from app.startup import StartupRefused

log = structlog.get_logger()


class _Worker(WorkController):  # type: ignore[misc]
    """The plain controller: unlike the command's worker it installs no signal handlers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ready = threading.Event()
        super().__init__(*args, **kwargs)

    def on_consumer_ready(self, consumer: Any) -> None:
        # The loop looks whether to stop only between waits, and would wait two seconds twice.
        drain = consumer.connection.drain_events
        consumer.connection.drain_events = lambda timeout=None: drain(timeout=min(timeout or 0.1, 0.1))
        self.ready.set()


class EmbeddedCelery:
    """The running worker and beat of one process. Made after the fork: threads do not survive one."""

    def __init__(self, celery: Celery, concurrency: int = 4) -> None:
        celery.finalize()
        self.worker = _Worker(
            app=celery,
            pool="threads",
            concurrency=concurrency,
            hostname="embedded@local",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            loglevel="WARNING",
            quiet=True,
        )
        self.beat = beat.EmbeddedService(celery, thread=True, max_interval=1, scheduler_cls=beat.Scheduler)
        self.thread = threading.Thread(target=self._run, name="celery-worker", daemon=True)

    def start(self, timeout_seconds: float = 60) -> "EmbeddedCelery":
        """Begin to take tasks; raises RuntimeError when the worker is not ready in time."""
        self.thread.start()
        if not self.worker.ready.wait(timeout_seconds):
            raise RuntimeError("the embedded worker did not become ready")
        self.beat.daemon = True
        self.beat.start()
        return self

    @property
    def is_running(self) -> bool:
        """Whether tasks are taken and the clock ticks."""
        return self.thread.is_alive() and self.beat.is_alive()

    def stop(self, timeout_seconds: float = 10) -> bool:
        """Let running tasks end, then stop. False when they did not end in time."""
        self.beat.stop()
        # Celery's consumer loop leaves at its next turn when this is set; it is module state, so it is put back.
        state.should_stop = 0
        self.thread.join(timeout_seconds)
        state.should_stop = None
        return not self.thread.is_alive()

    def _run(self) -> None:
        try:
            self.worker.start()
        except Exception:
            log.exception("embedded.worker_failed")


def claim_instance(folder: Path, wait_seconds: float = 30) -> IO[str]:
    """Hold the instance folder for this process and its children; raises `StartupRefused` when another one has it.

    The file that comes back must stay open. Where the holder was killed its children may need a moment to be gone:
    they are waited for.
    """
    file = (folder / "running.lock").open("a+")
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _is_holder_alive(file) and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            file.close()
            raise StartupRefused(
                f"Another Kariz is running on {folder}: stop it, or set INSTANCE_DIR to a folder of its own, or set "
                "DATABASE_URL and REDIS_URL to run several."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file


def _is_holder_alive(file: IO[str]) -> bool:
    file.seek(0)
    holder = file.read()
    try:
        os.kill(int(holder), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
