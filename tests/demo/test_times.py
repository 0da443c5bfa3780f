"""The demo's past lies in the past, in order, by daylight, whatever the hour of the first start."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.clock import utcnow
from demo.story import FIRST, LAST, Story, Times

TEHRAN = ZoneInfo("Asia/Tehran")
MIDNIGHT = datetime(2026, 11, 21, tzinfo=TEHRAN)
STARTS = [MIDNIGHT + timedelta(minutes=minutes) for minutes in (0, 1, 95, 8 * 60 + 20, 13 * 60, 23 * 60 + 59)]


@pytest.fixture(params=STARTS, ids=lambda start: start.strftime("%H:%M"))
def times(request: pytest.FixtureRequest) -> Times:
    return Times(request.param.astimezone(UTC), TEHRAN)


def test_moments_keep_their_order_and_lie_in_the_past(times):
    hours = [step / 8 for step in range(8 * 80, -1, -1)]
    moments = [times.at(hour) for hour in hours]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert moments[-1] <= times.now


def test_nobody_works_at_night(times):
    """But somebody who starts Kariz at night finds what came in a moment ago."""
    for hour in range(5, 15000):
        local = times.at(hour / 3).astimezone(TEHRAN)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        assert midnight + FIRST <= local
        assert local <= midnight + LAST or local.date() == times.now.astimezone(TEHRAN).date()


def test_yesterday_is_yesterday_at_any_hour(times):
    """Who writes "it is tomorrow now" on the second day does so on the next day, also when it is loaded at night."""
    days = [times.at(hours).astimezone(TEHRAN).date() for hours in (22, 6)]
    assert days[1] - days[0] == timedelta(days=1)


def test_a_series_is_moved_a_little_and_always_in_the_same_way(times):
    hours = [50.0, 49.9, 30.0, 29.5, 2.0, 0.1]
    moments = times.spread("a card", hours)
    assert moments == times.spread("a card", hours)
    assert moments != times.spread("another card", hours)
    assert all(earlier < later for earlier, later in pairwise([*moments, times.now]) if earlier != times.now)


def test_acts_happen_in_the_order_of_time_and_may_lead_to_others():
    now = datetime(2026, 11, 21, tzinfo=UTC)
    story, seen = Story(now), []

    def note(name):
        return lambda: seen.append((name, utcnow()))

    def first():
        note("first")()
        story.tell(now - timedelta(hours=1), note("third"))
        story.tell(now + timedelta(hours=1), note("never"))

    story.tell(now - timedelta(hours=2), note("second"))
    story.tell(now - timedelta(hours=3), first)
    story.run()
    assert seen == [(name, now - timedelta(hours=hours)) for name, hours in (("first", 3), ("second", 2), ("third", 1))]
