"""Calendars at their edges: dated weeks, closures, days off, ends of years, summer time; SAFETY F26, F27."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import Closed, DatedWeek, WorkingHours, calendars
from app.calendars import services as verbs
from app.calendars.holidays import Holidays, seeded
from app.dates import from_jalali
from app.errors import DomainError
from app.extensions import db
from app.i18n import as_viewer

TEHRAN = ZoneInfo("Asia/Tehran")
ALL_DAY = ((0, 1440),)
MORNING = ((540, 780),)
OFFICE = tuple([((540, 1020),)] * 5 + [MORNING, ()])
quick = settings(deadline=None, max_examples=40, derandomize=True)


def jalali_at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    found = from_jalali(year, month, day)
    assert found is not None
    return datetime(found.year, found.month, found.day, hour, minute, tzinfo=TEHRAN)


def test_the_end_of_a_leap_year_and_nowruz():
    """F26: 30 Esfand 1403 was a holiday and a Thursday; the next open hour is after Nowruz."""
    hours = WorkingHours(OFFICE)
    assert hours.add_working(jalali_at(1403, 12, 28, 16), timedelta(hours=2)) == jalali_at(1404, 1, 5, 10)
    assert not hours.is_working_day(jalali_at(1403, 12, 30, 9).date())


@pytest.mark.parametrize("year", [1403, 1408, 1412])
def test_the_thirtieth_of_esfand_is_a_day_of_leap_years(year):
    """F26."""
    day = jalali_at(year, 12, 30, 9)
    around = WorkingHours((ALL_DAY,) * 7, keeps_holidays=False)
    assert around.add_working(day, timedelta(days=1)) == jalali_at(year + 1, 1, 1, 9)


def test_summer_time_of_old_years_and_none_since():
    """F27: on 22 March 2022 an hour was skipped at midnight, on 21 September one came twice; 2023 knows neither."""
    around = WorkingHours((ALL_DAY,) * 7, keeps_holidays=False)
    spring = datetime(2022, 3, 21, 12, tzinfo=TEHRAN)
    assert around.between(spring, datetime(2022, 3, 22, 12, tzinfo=TEHRAN)) == timedelta(hours=23)
    autumn = datetime(2022, 9, 21, 12, tzinfo=TEHRAN)
    assert around.between(autumn, datetime(2022, 9, 22, 12, tzinfo=TEHRAN)) == timedelta(hours=25)
    later = datetime(2023, 3, 21, 12, tzinfo=TEHRAN)
    assert around.between(later, datetime(2023, 3, 22, 12, tzinfo=TEHRAN)) == timedelta(hours=24)


def test_a_shift_over_midnight_is_one_stretch():
    week = (((1320, 1440),), ((0, 120),), *[()] * 5)
    hours = WorkingHours(week, keeps_holidays=False)
    at = datetime(2026, 11, 21, 23, tzinfo=TEHRAN)
    assert hours.add_working(at, timedelta(hours=2)) == datetime(2026, 11, 22, 1, tzinfo=TEHRAN)


def test_a_week_with_an_end_stands_before_the_others():
    ramadan = DatedWeek(tuple([MORNING] * 5 + [(), ()]), date(2026, 2, 18), date(2026, 3, 19))
    new = DatedWeek(tuple([((600, 1080),)] * 5 + [(), ()]), date(2026, 2, 1))
    hours = WorkingHours(OFFICE, dated=(ramadan, new))
    assert hours.week_on(date(2026, 1, 31)) == OFFICE
    assert hours.week_on(date(2026, 2, 17)) == new.week
    assert hours.week_on(date(2026, 2, 18)) == ramadan.week
    assert hours.week_on(date(2026, 3, 20)) == new.week


def test_a_closure_names_itself_and_a_holiday_too():
    snow = Closed(date(2026, 11, 22), date(2026, 11, 22), "برف", "Snow", 540, 660)
    hours = WorkingHours(OFFICE, closed=(snow,))
    at = datetime(2026, 11, 22, 10, tzinfo=TEHRAN)
    assert hours.why_closed(at) == snow
    assert hours.next_open(at) == at.replace(hour=11)
    assert hours.why_closed(at.replace(hour=7)) is None
    nowruz = hours.reasons(jalali_at(1404, 12, 29, 8), jalali_at(1405, 1, 2, 8))
    assert [reason.is_holiday for reason in nowruz][:1] == [True]
    with as_viewer("fa"):
        assert "نوروز" in " ".join(reason.reason for reason in nowruz)


def test_days_of_the_moon_are_tentative_until_somebody_says_so():
    days = seeded(1406)
    assert any(name.is_tentative for name in days.values())
    assert not any("تخمین" in name.fa or "estimated" in name.en for name in days.values())
    assert min(days) == from_jalali(1406, 1, 1)


def test_a_year_that_is_kept_by_hand_replaces_the_known_one():
    day = from_jalali(1405, 1, 1)
    assert Holidays({1405: {}}).on(day) is None
    assert Holidays({1404: {}}).on(day) is not None


weeks = st.lists(
    st.sampled_from([(), MORNING, ALL_DAY, ((540, 780), (840, 1020)), ((1320, 1440),)]), min_size=7, max_size=7
).filter(any).map(tuple)  # fmt: skip
closures = st.lists(
    st.builds(lambda day, first: Closed(date(2022, 3, 10) + timedelta(day), date(2022, 3, 10) + timedelta(day), "", "",
                                        first, first + 120), st.integers(0, 30), st.integers(0, 1200)),
    max_size=3,
).map(tuple)  # fmt: skip
calendars_of_any_kind = st.builds(lambda week, closed: WorkingHours(week, keeps_holidays=False, closed=closed),
                                  weeks, closures)  # fmt: skip
# Around the nights on which Iran and Europe moved their clocks.
moments = st.datetimes(datetime(2022, 3, 12), datetime(2022, 3, 24), timezones=st.just(UTC))  # noqa: DTZ001


def slowly(hours: WorkingHours, at: datetime, minutes: int) -> datetime:
    """Walk minute by minute."""
    while minutes:
        minutes -= hours.is_open(at)
        at += timedelta(minutes=1)
    return at


@quick
@given(calendars_of_any_kind, moments, st.integers(1, 300))
def test_counting_equals_walking_minute_by_minute(hours, at, minutes):
    at = at.replace(second=0, microsecond=0)
    end = hours.add_working(at, timedelta(minutes=minutes))
    if end - at > timedelta(days=2):
        return
    assert slowly(hours, at, minutes) == end
    assert hours.between(at, end) == timedelta(minutes=minutes)


# What is kept.


def test_the_house_begins_with_the_hours_of_its_settings(world, admin):
    before = calendars().default
    house = verbs.house_calendar(by=admin)
    db.session.commit()
    assert calendars().default.week == before.week
    assert verbs.house_calendar(by=admin) is house


def test_what_is_rolled_back_is_not_remembered(world, admin):
    week = calendars().default.week
    verbs.set_house_hours({"sat": [["10:00", "11:00"]]}, by=admin)
    assert calendars().default.week != week
    db.session.rollback()
    from flask import g

    g.pop("settings", None)
    assert calendars().default.week == week


def test_the_first_change_of_a_year_keeps_all_of_it(world, admin):
    known = seeded(1406)
    day = from_jalali(1406, 6, 1)
    verbs.put_holiday(1406, day, "سالگرد فروشگاه", by=admin)
    kept = calendars().holidays.of_year(1406)
    assert kept.keys() == known.keys() | {day}
    verbs.remove_holiday(1406, day, by=admin)
    assert calendars().holidays.of_year(1406).keys() == known.keys()


def test_a_closure_in_the_wrong_order_is_refused(world, admin):
    closing = verbs.Closing(from_on=date(2026, 11, 22), until_on=date(2026, 11, 21), reason_fa="چون")
    with pytest.raises(DomainError) as refused:
        verbs.close_time(closing, by=admin)
    assert refused.value.field == "until_on"
