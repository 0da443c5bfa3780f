"""The process that works with gevent: an open page costs it a few kilobytes, where a thread costs a place."""

from types import FrameType

import gevent
from gunicorn.workers.ggevent import GeventWorker

from app.serving import farewell
from app.serving.workers import Flags


class CooperativeWorker(Flags, GeventWorker):  # type: ignore[misc]
    """Gunicorn's gevent worker; it changes the standard library after the fork, before the application is loaded."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = self.alive
        super().handle_exit(sig, frame)
        if is_first:
            self.announce_leaving()
            # Signals are handled in gevent's own loop, which must not wait.
            gevent.spawn(farewell.part, self.parting_seconds)
