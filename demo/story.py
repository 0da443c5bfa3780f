"""The past of the shop, told in the order of time: every act is done by the verbs with the clock at its moment."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise
from random import Random
from zoneinfo import ZoneInfo

from app.clock import freeze
from app.hooks import unheard

Act = Callable[[], None]

# People write and work between these hours; the content knows nothing of nights.
FIRST, LAST = timedelta(hours=8, minutes=10), timedelta(hours=21, minutes=5)
# The content is told at three in the afternoon, so that its yesterdays are yesterdays whenever it is loaded. Before ten
# in the morning there is not enough of a day yet: then the day before is the one it speaks of, all but its end.
TOLD_AT, EARLIEST, END = timedelta(hours=15), timedelta(hours=10), timedelta(minutes=90)
# How far a moment is moved so that not everything happens on the hour, as a share of the gap beside it.
SHARE, MOST_HOURS = 0.3, 0.4


class Times:
    """From "hours before now" to instants: in the same order, in waking hours, never in the future."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone
        local = now.astimezone(zone)
        today = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self.is_early = local - today < EARLIEST
        # Midnight before the day on which the story ends.
        self.midnight = today - timedelta(days=1) if self.is_early else today

    def at(self, hours_ago: float) -> datetime:
        """The instant that long before the end of the story, moved into the waking hours of its day."""
        told = TOLD_AT - timedelta(hours=hours_ago)
        days, rest = divmod(told, timedelta(days=1))
        first, last, length = FIRST, LAST, timedelta(days=1)
        if days == 0 and self.is_early:
            if told > TOLD_AT - END:
                return self.now - timedelta(hours=hours_ago)
            length = TOLD_AT - END
        elif days == 0:
            last, length = self.now.astimezone(self.zone) - self.midnight, TOLD_AT
        moment = self.midnight + timedelta(days=days) + first + rest / length * (last - first)
        return moment.astimezone(self.now.tzinfo)

    def spread(self, key: str, hours_ago: Sequence[float]) -> list[datetime]:
        """The instants of a falling series, each moved a little; the same key is moved in the same way every time."""
        chance = Random(key)
        edges = [hours_ago[0] + MOST_HOURS, *hours_ago, 0.0]
        moved = []
        for (before, here), (_here, after) in pairwise(pairwise(edges)):
            reach = min(before - here, here - after, MOST_HOURS) * SHARE
            moved.append(here + chance.uniform(-reach, reach))
        return [self.at(hours) for hours in moved]


class Story:
    """Acts waiting for their moments. An act may add later ones; what lies after now is left to real life."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = count()

    def tell(self, at: datetime, act: Act) -> None:
        """Do `act` at this moment, after whatever was told for the same moment before."""
        if at <= self.now:
            heapq.heappush(self._acts, (at, next(self._number), act))

    def run(self) -> None:
        """Do everything in the order of time. Nobody hears of it live, and no worker is woken."""
        with freeze(self.now) as clock, unheard():
            while self._acts:
                at, _number, act = heapq.heappop(self._acts)
                clock.move_to(at)
                act()
