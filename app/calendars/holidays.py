"""The public holidays of Iran: those of the package until somebody keeps a year by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from app.dates import Jalali, from_jalali, jalali
from app.i18n import localised

_ESTIMATED = re.compile(r"\s*\((?:estimated|تخمینی)\)")
# For such a day the package knows that it was off, and not why.
_NAMELESS = ("تعطیلی عمومی", "Public holiday")


class HolidayName(NamedTuple):
    """What a day off is called, and whether its date is still an estimate from the moon."""

    fa: str
    en: str
    is_tentative: bool = False

    @property
    def name(self) -> str:
        return localised(self.fa, self.en)


@cache
def _iran() -> Any:
    """The package's class for Iran, alone: asked for by name it comes with those of all other countries."""
    import holidays

    path = Path(holidays.__file__).parent / "countries" / "iran.py"
    module = ModuleType("holidays.countries.iran")
    SourceFileLoader(module.__name__, str(path)).exec_module(module)
    return module.Iran


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The days off of Iran in this Gregorian year. Those of the lunar calendar are estimates until announced."""
    return frozenset(_gregorian_year(year))


@lru_cache(maxsize=64)
def _gregorian_year(year: int) -> dict[date, HolidayName]:
    persian, english = (_iran()(years=year, language=code) for code in ("fa_IR", "en_US"))
    return {day: _named(persian[day], english.get(day, "")) for day in persian}


def _named(fa: str, en: str) -> HolidayName:
    is_tentative = _ESTIMATED.search(fa) is not None
    fa, en = (_ESTIMATED.sub("", text) for text in (fa, en))
    if en == "Public Holiday":
        fa, en = _NAMELESS
    return HolidayName(fa.replace("؛", "، ").replace("; ", "، "), en.replace("; ", ", "), is_tentative)


def first_day(year: int) -> date:
    """1 Farvardin of a Jalali year. Raises ValueError outside the years of the calendar."""
    day = from_jalali(year, 1, 1)
    if day is None:
        raise ValueError(year)
    return day


@lru_cache(maxsize=64)
def seeded(year: int) -> Mapping[date, HolidayName]:
    """The days off of a Jalali year as the package knows them, in order."""
    first, after = first_day(year), first_day(year + 1)
    known = {**_gregorian_year(first.year), **_gregorian_year(after.year)}
    return {day: known[day] for day in sorted(known) if first <= day < after}


@dataclass(frozen=True)
class Holidays:
    """Days off. `kept`: the Jalali years that somebody looks after; all others are as the package knows them."""

    kept: Mapping[int, Mapping[date, HolidayName]] = field(default_factory=dict)

    def on(self, day: date) -> HolidayName | None:
        """The holiday on this day; None on any other."""
        if not self.kept:
            return _gregorian_year(day.year).get(day)
        year = _jalali_year(day)
        return self.kept[year].get(day) if year in self.kept else _gregorian_year(day.year).get(day)

    def of_year(self, year: int) -> Mapping[date, HolidayName]:
        """The days off of a Jalali year, in order."""
        return dict(sorted((self.kept[year] if year in self.kept else seeded(year)).items()))

    def after(self, day: date, days: int) -> dict[date, HolidayName]:
        """The days off of the coming days, in order."""
        coming = (day + timedelta(days=number) for number in range(days))
        return {each: found for each in coming if (found := self.on(each)) is not None}


@lru_cache(maxsize=4096)
def _jalali_year(day: date) -> int:
    found: Jalali = jalali(day)
    return found.year
