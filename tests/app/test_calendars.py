"""Working hours: open or not, the next opening, time counted in open hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import DAYS, CalendarError, WorkingHours, business_hours, public_holidays
from app.i18n import as_viewer
from app.settings import default_of

TEHRAN = ZoneInfo("Asia/Tehran")
DAY = [["09:00", "18:00"]]
OFFICE = {"sat": DAY, "sun": DAY, "mon": DAY, "tue": DAY, "wed": DAY, "thu": [["9", "۱۳:۰۰"]]}
quick = settings(deadline=None, max_examples=150, derandomize=True)


def tehran(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


@pytest.fixture
def office():
    return WorkingHours.parse(OFFICE)


def test_open_from_the_first_to_before_the_last_minute(office):
    assert office.is_open(tehran(21, 9))
    assert office.is_open(tehran(21, 17, 59))
    assert not office.is_open(tehran(21, 18))
    assert not office.is_open(tehran(21, 8, 59))
    assert not office.is_open(tehran(27, 12))  # Friday


def test_the_next_opening(office):
    assert office.next_open(tehran(21, 10)) == tehran(21, 10)
    assert office.next_open(tehran(21, 18)) == tehran(22, 9)
    assert office.next_open(tehran(26, 13)) == tehran(28, 9)  # Thursday noon to Saturday


def test_time_is_counted_in_open_hours(office):
    assert office.add_working(tehran(21, 10), timedelta(hours=4)) == tehran(21, 14)
    assert office.add_working(tehran(21, 17), timedelta(hours=1)) == tehran(21, 18)
    assert office.add_working(tehran(21, 17), timedelta(hours=2)) == tehran(22, 10)
    assert office.add_working(tehran(26, 12), timedelta(hours=2)) == tehran(28, 10)
    assert office.add_working(tehran(27, 12), timedelta(0)) == tehran(28, 9)
    assert office.add_working(tehran(21, 10), timedelta(hours=4)).tzinfo is UTC


def test_several_spans_a_day():
    hours = WorkingHours.parse({"sat": [["16:00", "20:00"], ["09:00", "13:00"]]})
    assert hours.next_open(tehran(21, 14)) == tehran(21, 16)
    assert hours.add_working(tehran(21, 12), timedelta(hours=2)) == tehran(21, 17)


def test_public_holidays_and_closed_days_are_not_open():
    assert {date(2026, 3, 21), date(2026, 2, 11)} <= public_holidays(2026)
    nowruz = tehran(21, 10, month=3)
    assert not WorkingHours.parse(OFFICE).is_open(nowruz)
    assert WorkingHours.parse({**OFFICE, "holidays": False}).is_open(nowruz)
    closed = WorkingHours.parse({**OFFICE, "closed": ["۱۴۰۵/۰۸/۳۰"]})
    assert not closed.is_open(tehran(21, 10))
    assert not closed.is_working_day(date(2026, 11, 21))
    assert closed.next_open(tehran(21, 10)) == tehran(22, 9)


def test_the_stored_form_comes_back():
    hours = WorkingHours.parse({**OFFICE, "fri": [["00:00", "24:00"]], "closed": ["2026-11-21"]})
    assert WorkingHours.parse(hours.to_json()) == hours
    assert hours.to_json()["thu"] == [["09:00", "13:00"]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "The working hours cannot be read."),
        ({}, "Open at least one day of the week."),
        ({"sat": "9-17"}, "The hours of Saturday cannot be read."),
        ({"sat": [["9"]]}, "The hours of Saturday cannot be read."),
        ({"sat": [["9", "9"]]}, "On Saturday the end must be after the beginning."),
        ({"sat": [["22:00", "06:00"]]}, "On Saturday the end must be after the beginning."),
        ({"sat": [["9", "12"], ["11", "14"]]}, "The hours of Saturday overlap."),
        ({"sat": [["9:60", "12"]]}, "Write the hours of Saturday like 09:00."),
        ({"sat": [["9", "24:01"]]}, "Write the hours of Saturday like 09:00."),
        ({"sat": [[9, 12]]}, "Write the hours of Saturday like 09:00."),
        ({"sat": DAY, "closed": "x"}, "The list of closed days cannot be read."),
        ({"sat": DAY, "closed": ["1404/12/30"]}, "There is no such date: 1404/12/30."),
        ({"sat": DAY, "closed": [5]}, "There is no such date: 5."),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_a_sentence(data, sentence):
    with as_viewer("en"), pytest.raises(CalendarError, match=f"^{sentence}$"):
        WorkingHours.parse(data)


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc/passwd", "\x00", ""])
def test_an_unknown_time_zone_is_refused(zone):
    with as_viewer("en"), pytest.raises(CalendarError, match="time zone"):
        WorkingHours.parse(OFFICE, timezone=zone)


def test_a_calendar_that_never_opens_says_so():
    week = tuple(() for _day in range(7))
    with as_viewer("en"), pytest.raises(CalendarError, match="no open hours"):
        WorkingHours(week).next_open(tehran(21, 10))
    with pytest.raises(CalendarError):
        WorkingHours(week).add_working(tehran(21, 10), timedelta(hours=1))
    assert not WorkingHours(week).is_open(tehran(21, 10))


@pytest.mark.parametrize(
    ("data", "fa", "en"),
    [
        (
            OFFICE,
            "شنبه تا چهارشنبه ۹ تا ۱۸، پنجشنبه ۹ تا ۱۳",
            "Saturday to Wednesday 9:00 to 18:00, Thursday 9:00 to 13:00",
        ),
        (
            {"sat": [["9", "13"], ["16", "20:30"]], "sun": [["9", "13"], ["16", "20:30"]]},
            "شنبه و یکشنبه ۹ تا ۱۳ و ۱۶ تا ۲۰:۳۰",
            "Saturday and Sunday 9:00 to 13:00 and 16:00 to 20:30",
        ),
        (
            dict.fromkeys(("sat", "sun", "mon", "tue", "wed", "thu", "fri"), DAY),
            "هر روز ۹ تا ۱۸",
            "every day 9:00 to 18:00",
        ),
        (
            {day: [["0", "24"]] for day in DAYS},
            "شبانه‌روزی، همهٔ روزها",
            "Every day, around the clock",
        ),
        ({"fri": [["0", "24"]]}, "جمعه شبانه‌روزی", "Friday around the clock"),
    ],
)
def test_the_week_in_words(data, fa, en):
    hours = WorkingHours.parse(data)
    with as_viewer("fa"):
        assert hours.describe() == fa
    with as_viewer("en"):
        assert hours.describe() == en


def test_the_hours_of_the_business_are_on_its_own_clock(app, monkeypatch):
    stored = {"business.hours": {"sat": DAY}, "business.timezone": "Asia/Dubai"}
    known = {"calendars.version": "", **stored}
    monkeypatch.setattr("app.settings.get", lambda key: known[key] if key in known else default_of(key))
    assert business_hours().next_open(tehran(21, 8)) == tehran(21, 8, 30)


edges = st.lists(st.integers(0, 24), min_size=2, max_size=6, unique=True).map(sorted)
spans = edges.map(lambda at: [(a * 60, b * 60) for a, b in zip(at[::2], at[1::2], strict=False)])
weeks = (
    st.lists(st.one_of(st.just([]), spans), min_size=7, max_size=7)
    .filter(any)
    .map(lambda week: tuple(map(tuple, week)))
)
# Zones that skip an hour at night, at midnight, and never.
zones = st.sampled_from(["Asia/Tehran", "Europe/Berlin", "UTC", "America/Sao_Paulo"])
hours = st.builds(WorkingHours, weeks, zones, st.booleans())
moments = st.datetimes(datetime(2017, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.timedeltas(timedelta(0), timedelta(hours=60))


@quick
@given(hours, moments, lengths)
def test_counting_lands_in_open_time(hours, at, length):
    end = hours.add_working(at, length)
    assert end >= at + length
    assert hours.is_open(end) or (length and hours.is_open(end - timedelta(microseconds=1)))


@quick
@given(hours, moments, lengths, lengths, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_counting_is_monotonic(hours, at, one, other, later):
    short, long = sorted((one, other))
    assert hours.add_working(at, short) <= hours.add_working(at, long)
    assert hours.add_working(at, one) <= hours.add_working(at + later, one)


@quick
@given(hours, moments, lengths, lengths)
def test_counting_in_two_steps_is_counting_at_once(hours, at, one, other):
    if one and other:
        assert hours.add_working(hours.add_working(at, one), other) == hours.add_working(at, one + other)


@quick
@given(hours, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours, at):
    opening = hours.next_open(at)
    assert hours.is_open(opening)
    assert (opening == at) == hours.is_open(at)
    between = at + (opening - at) / 2
    assert opening == at or not hours.is_open(between)


@quick
@given(hours)
def test_every_calendar_survives_storing(hours):
    assert WorkingHours.parse({**hours.to_json()}, timezone=hours.timezone).week == tuple(hours.week)
