"""The clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.clock import freeze, utcnow


def test_the_clock_is_aware_and_in_utc():
    assert utcnow().utcoffset() == timedelta(0)


def test_tests_stop_and_move_the_clock():
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=3, minutes=30)))
    with freeze(noon) as clock:
        assert utcnow() == datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
        clock.advance(minutes=5)
        assert utcnow() == noon + timedelta(minutes=5)
        with freeze(noon + timedelta(days=1)):
            assert utcnow() == noon + timedelta(days=1)
        assert utcnow() == noon + timedelta(minutes=5)
        clock.move_to(noon)
        assert utcnow() == noon
    assert utcnow() != noon


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), freeze(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
