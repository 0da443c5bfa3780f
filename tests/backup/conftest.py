"""Houses for the tests of backups, and the mail server of both."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.backup.houses import House, databases
from tests.channels.test_delivery import Mailbox

HAS_SERVERS = bool(os.environ.get("KARIZ_TEST_DATABASE_URL"))
# Where a backup is made, and where it is restored.
WAYS = [
    ("postgresql", "postgresql"),
    pytest.param("sqlite", "postgresql", marks=pytest.mark.long),
    pytest.param("postgresql", "sqlite", marks=pytest.mark.long),
] if HAS_SERVERS else [("sqlite", "sqlite")]  # fmt: skip


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on the loopback address, and its port."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes an empty house; what it runs ends with the test."""
    with ExitStack() as stack:

        def make(name: str, kind: str = "sqlite") -> House:
            url = stack.enter_context(contextmanager(databases)(kind))
            house = House(folder=tmp_path / name, database_url=url)
            stack.callback(house.end)
            return house

        yield make
