"""A provider that is away is not asked by every message: the first to find out lets the others wait."""

import random
from datetime import UTC, datetime, timedelta

from app.clock import utcnow

SHORTEST, LONGEST = timedelta(seconds=15), timedelta(minutes=10)


class Breaker:
    """Open while a provider is believed to be away. Kept per process: each finds out by one message of its own."""

    def __init__(self) -> None:
        self._wait = timedelta(0)
        self.until = datetime.min.replace(tzinfo=UTC)

    def is_open(self) -> bool:
        return utcnow() < self.until

    def trip(self) -> datetime:
        """The provider did not answer: ask again at this time, each time a little later and never all at once."""
        self._wait = min(self._wait * 2, LONGEST) if self._wait else SHORTEST
        self.until = utcnow() + self._wait * random.uniform(0.8, 1.2)
        return self.until

    def close(self) -> None:
        """The provider answered."""
        self._wait, self.until = timedelta(0), datetime.min.replace(tzinfo=UTC)
