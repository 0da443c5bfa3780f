"""The one clock of the product. Tests stop it and move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Clock:
    """A stopped clock: it shows `now` until it is moved."""

    now: datetime

    def move_to(self, now: datetime) -> None:
        """Show this instant from here on. Needs an aware datetime."""
        self.now = _aware(now)

    def advance(self, **duration: float) -> None:
        """Go forward by the keywords of `timedelta`; negative values step back."""
        self.now += timedelta(**duration)


# Shared by all threads on purpose: a request served by another thread of a test sees the same time.
_stopped: Clock | None = None


def utcnow() -> datetime:
    """The present instant, aware, in UTC."""
    return _stopped.now if _stopped is not None else datetime.now(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)


@contextmanager
def freeze(moment: datetime) -> Iterator[Clock]:
    """Stop the clock at `moment` (aware) inside the block; nested blocks restore the outer time."""
    global _stopped
    before, _stopped = _stopped, Clock(_aware(moment))
    try:
        yield _stopped
    finally:
        _stopped = before
