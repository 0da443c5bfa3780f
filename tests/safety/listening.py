"""A page with an open socket, as the tests of attacks see it."""

import contextvars
from collections.abc import Callable
from typing import Any

from app.extensions import db
from tests.conftest import Client


class Page:
    """A connected page, or one that was refused. Handlers run apart from the test's own database session."""

    def __init__(self, client: Any, namespace: str, browser: Client) -> None:
        self.client, self.namespace, self.browser = client, namespace, browser

    @property
    def is_connected(self) -> bool:
        return bool(self.client.is_connected(self.namespace))

    def _apart(self, fn: Callable[..., Any], *args: Any, **more: Any) -> Any:
        db.session.commit()
        answer = contextvars.Context().run(fn, *args, namespace=self.namespace, **more)
        db.session.expire_all()
        return answer

    def ask(self, signal: str, said: object) -> Any:
        """Say something and wait for the answer."""
        return self._apart(self.client.emit, signal, said, callback=True)

    def say(self, signal: str, said: object) -> None:
        self._apart(self.client.emit, signal, said)

    def heard(self) -> list[tuple[str, Any]]:
        """(signal, frame) of everything since the last time."""
        if not self.is_connected:
            return []
        return [(frame["name"], frame["args"][0]) for frame in self.client.get_received(self.namespace)]

    def close(self) -> None:
        if self.is_connected:
            self._apart(self.client.disconnect)
