"""The process that works with gevent: an open page costs it a few kilobytes, where a thread costs a place."""

from types import FrameType
from typing import Any

import gevent
from gevent import hub, monkey, socket
from gunicorn.workers.ggevent import GeventWorker

from app.serving import farewell
from app.serving.workers import Flags


def patch_master() -> None:
    """Change the standard library before the application is loaded; the forks inherit both.

    The master itself forks, waits and hears signals as Python has it.
    """
    monkey.patch_all(os=False, signal=False, subprocess=False)


class CooperativeWorker(Flags, GeventWorker):  # type: ignore[misc]
    """Gunicorn's gevent worker, forked from a master that is changed already."""

    def init_process(self) -> None:
        # What the master did with its sockets must not be done in its name again.
        hub.reinit()
        super().init_process()

    def patch(self) -> None:
        monkey.patch_os()
        monkey.patch_signal()
        monkey.patch_subprocess()
        self.sockets: list[Any] = [
            socket.socket(one.FAMILY, socket.SOCK_STREAM, fileno=one.sock.detach()) for one in self.sockets
        ]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = self.alive
        super().handle_exit(sig, frame)
        if is_first:
            self.announce_leaving()
            # Signals are handled in gevent's own loop, which must not wait.
            gevent.spawn(farewell.part, self.parting_seconds)
