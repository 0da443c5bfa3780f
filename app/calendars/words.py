"""Working hours in words."""

from collections.abc import Sequence
from itertools import groupby

from app.calendars.reading import MINUTES_A_DAY, Span, Week
from app.dates import WEEKDAYS, in_digits
from app.i18n import _, viewer


def describe(week: Week) -> str:
    """The week in a sentence: «شنبه تا چهارشنبه ۹ تا ۱۸، پنجشنبه ۹ تا ۱۳»."""
    if all(spans == ((0, MINUTES_A_DAY),) for spans in week):
        return _("Every day, around the clock")
    parts = []
    for spans, run in groupby(range(7), key=lambda number: week[number]):
        days = list(run)
        if spans:
            parts.append(f"{_name_days(days)} {_name_spans(spans)}")
    return in_digits(_comma().join(parts))


def _comma() -> str:
    return "، " if viewer().locale == "fa" else ", "


def _name_days(days: Sequence[int]) -> str:
    names = WEEKDAYS[viewer().locale]
    if len(days) == 7:
        return _("every day")
    if len(days) == 1:
        return names[days[0]]
    sentence = _("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")
    return sentence % {"first": names[days[0]], "last": names[days[-1]]}


def _name_spans(spans: Sequence[Span]) -> str:
    if spans == ((0, MINUTES_A_DAY),):
        return _("around the clock")
    named = [_("%(first)s to %(last)s", first=_short_clock(start), last=_short_clock(end)) for start, end in spans]
    *before, last = named
    return _("%(first)s and %(last)s", first=_comma().join(before), last=last) if before else last


def _short_clock(minute: int) -> str:
    """«۹» on the hour and «۹:۳۰» between hours; English always writes the minutes."""
    hour, rest = divmod(minute, 60)
    return f"{hour}:{rest:02d}" if rest or viewer().locale == "en" else str(hour)
