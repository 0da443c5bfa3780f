"""Days and times in both calendars and languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import dates
from app.clock import freeze
from app.i18n import as_viewer

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # شنبه ۳۰ آبان ۱۴۰۵، ۱۶:۳۰ in Tehran
quick = settings(deadline=None, max_examples=300, derandomize=True)
days = st.dates(date(1950, 1, 1), date(2120, 12, 31))


@pytest.fixture(autouse=True)
def _now():
    with freeze(NOW):
        yield


@pytest.fixture
def persian():
    with as_viewer("fa"):
        yield


@pytest.fixture
def english():
    with as_viewer("en"):
        yield


@pytest.mark.parametrize(
    ("style", "fa", "en"),
    [
        ("long", "شنبه ۳۰ آبان ۱۴۰۵", "Saturday, 21 November 2026"),
        ("medium", "۳۰ آبان ۱۴۰۵", "21 November 2026"),
        ("short", "۳۰ آبان", "21 Nov"),
        ("numeric", "۱۴۰۵/۰۸/۳۰", "2026-11-21"),
    ],
)
def test_a_day_in_every_style(style, fa, en):
    with as_viewer("fa"):
        assert dates.format_date(NOW, style) == fa
    with as_viewer("en"):
        assert dates.format_date(NOW, style) == en


def test_calendar_and_digits_are_chosen_apart_from_the_language():
    with as_viewer("en", calendar="jalali"):
        assert dates.format_date(NOW) == "Saturday, 30 Aban 1405"
        assert dates.format_date(NOW, "numeric") == "1405/08/30"
    with as_viewer("fa", calendar="gregorian"):
        assert dates.format_date(NOW) == "شنبه ۲۱ نوامبر ۲۰۲۶"
    with as_viewer("fa", digits="latin"):
        assert dates.format_datetime(NOW) == "شنبه 30 آبان 1405، 16:30"


@pytest.mark.usefixtures("persian")
def test_another_year_is_named_even_when_short():
    assert dates.format_date(date(2025, 3, 21), "short") == "۱ فروردین ۱۴۰۴"
    assert dates.format_date(None) == dates.format_datetime(None) == dates.format_time(None) == ""


@pytest.mark.usefixtures("persian")
def test_the_day_is_that_of_the_viewers_clock():
    late = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    assert dates.format_datetime(late) == "شنبه ۳۰ آبان ۱۴۰۵، ۰۰:۳۰"
    with as_viewer("fa", timezone="UTC"):
        assert dates.format_datetime(late, "numeric") == "۱۴۰۵/۰۸/۲۹ ۲۱:۰۰"


@pytest.mark.usefixtures("persian")
def test_old_summers_were_an_hour_ahead():
    assert dates.to_local(datetime(2021, 7, 1, tzinfo=UTC)).utcoffset() == timedelta(hours=4, minutes=30)
    assert dates.to_local(datetime(2026, 7, 1, tzinfo=UTC)).utcoffset() == timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    "typed",
    [
        "1405/1/5", "۱۴۰۵-۰۱-۰۵", "١٤٠٥/٠١/٠٥", "14050105", "۱۴۰۵۰۱۰۵", "1405.01.05", "5/1/1405", "۵ فروردین ۱۴۰۵",
        "چهارشنبه ۵ فروردین ۱۴۰۵", "۵ فروردین، ۱۴۰۵", "5 Farvardin 1405", "2026-03-25", "2026/3/25", "20260325",
        "۲۰۲۶/۰۳/۲۵", "2026-03-25T23:59", "2026-03-24T23:30:00Z", "2026-03-25 03:00:00+03:30", "25 March 2026",
        "March 25, 2026", "Wednesday, 25 March 2026", "25 Mar 2026", "۲۵ مارس ۲۰۲۶", "\u200e1405/1/5 ",
        "1405/01/05 14:30", "1405/01/05، 14:30",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("persian")
def test_the_ways_to_type_a_day(typed):
    assert dates.parse_date(typed) == date(2026, 3, 25)


@pytest.mark.parametrize(
    "typed", ["سه‌شنبه ۲۶ آبان ۱۴۰۵", "سه شنبه ۲۶ آبان ۱۴۰۵", "۲۶ ابان ۱۴۰۵", "26 aban 1405", "1405/8/26"]
)
@pytest.mark.usefixtures("persian")
def test_names_of_days_and_months_are_read_in_any_spelling(typed):
    assert dates.parse_date(typed) == date(2026, 11, 17)


@pytest.mark.parametrize(
    "typed",
    [
        None, "", "  ", "1405", "1405/13/1", "1405/0/1", "1405/7/31", "1405/12/30", "1404/12/30",
        "2026-02-29", "2026-13-01", "05/01/05", "3/25/2026", "1405/1-5", "۱۴۰۵/۱/۵/۶", "1700-01-01",
        "9999-12-31", "3026/01/01",
        "abc", "۳۰ اسفند ۱۴۰۵", "۵ مارس ۱۴۰۵", "5 Aban 2026", "آبان ۱۴۰۵", "⑤ آبان ①④⓪⑤", "1405/01/05 xx",
        "\x00", "1" * 5000, "0001-01-01T00:00:00Z", "1405-01-05T99:99Z",
        "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("persian")
def test_what_is_no_day(typed):
    """A07 and 30 Esfand of a common year: None, never an exception."""
    assert dates.parse_date(typed) is None


@pytest.mark.usefixtures("persian")
def test_leap_years_have_30_esfand():
    leap = [year for year in range(1395, 1421) if dates.from_jalali(year, 12, 30)]
    assert leap == [1395, 1399, 1403, 1408, 1412, 1416, 1420]
    assert dates.parse_date("1403/12/30") == date(2025, 3, 20)


@quick
@given(days)
def test_jalali_days_come_back(day):
    with as_viewer("fa"):
        assert dates.from_jalali(*dates.jalali(day)) == day


@quick
@given(
    days,
    st.sampled_from(["fa", "en"]),
    st.sampled_from(["jalali", "gregorian"]),
    st.sampled_from(["long", "medium", "numeric"]),
)
def test_what_is_shown_is_read_back(day, locale, calendar, style):
    with as_viewer(locale, calendar=calendar):
        assert dates.parse_date(dates.format_date(day, style)) == day


@quick
@given(st.text())
def test_no_text_raises(text):
    with as_viewer("fa"):
        dates.parse_date(text)


def test_the_week_starts_on_saturday():
    assert [dates.weekday(date(2026, 11, 21) + timedelta(days=number)) for number in range(7)] == list(range(7))


@pytest.mark.parametrize(
    ("distance", "fa", "en"),
    [
        ({"seconds": -30}, "همین حالا", "just now"),
        ({"minutes": -20}, "۲۰ دقیقه پیش", "20 min ago"),
        ({"hours": -3}, "۳ ساعت پیش", "3 h ago"),
        ({"hours": -16}, "امروز ۰۰:۳۰", "today 00:30"),
        ({"days": -1}, "دیروز ۱۶:۳۰", "yesterday 16:30"),
        ({"days": -4}, "۲۶ آبان", "17 Nov"),
        ({"days": -400}, "۲۵ مهر ۱۴۰۴", "17 Oct 2025"),
        ({"minutes": 20}, "۲۰ دقیقه دیگر", "in 20 min"),
        ({"hours": 2}, "۲ ساعت دیگر", "in 2 h"),
        ({"days": 1}, "فردا ۱۶:۳۰", "tomorrow 16:30"),
        ({"days": 3}, "۳ آذر", "24 Nov"),
    ],
)
def test_times_are_told_from_now(distance, fa, en):
    moment = NOW + timedelta(**distance)
    with as_viewer("fa"):
        assert dates.relative(moment) == fa
    with as_viewer("en"):
        assert dates.relative(moment) == en


def test_just_before_midnight_is_still_minutes_ago():
    with as_viewer("fa"), freeze(datetime(2026, 11, 21, 20, 40, tzinfo=UTC)):
        assert dates.relative(datetime(2026, 11, 21, 20, 20, tzinfo=UTC)) == "۲۰ دقیقه پیش"
        assert dates.relative(datetime(2026, 11, 21, 19, 20, tzinfo=UTC)) == "دیروز ۲۲:۵۰"


@pytest.mark.parametrize(
    ("distance", "fa", "en"),
    [
        ({"seconds": 5}, "اکنون", "now"),
        ({"minutes": 20}, "۲۰ دقیقه", "20 min"),
        ({"hours": 5, "minutes": 59}, "۵ ساعت", "5 h"),
        ({"days": 2}, "۲ روز", "2 d"),
        ({"days": 70}, "۲ ماه", "2 mo"),
        ({"days": 800}, "۲ سال", "2 y"),
    ],
)
def test_card_faces_say_the_distance_alone(distance, fa, en):
    with as_viewer("fa"):
        assert dates.relative(NOW - timedelta(**distance), short=True) == fa
    with as_viewer("en"):
        assert dates.relative(NOW - timedelta(**distance), short=True) == en
        assert dates.relative(None) == ""
