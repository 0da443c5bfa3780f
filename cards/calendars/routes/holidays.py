"""Days off of a Jalali year."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import calendars as kept
from app.calendars import services as verbs
from app.calendars.holidays import HolidayName
from app.dates import JALALI_MONTHS, jalali, today
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _, viewer
from cards.calendars.blueprint import bp, carry_out
from cards.calendars.forms import HolidayDayForm, HolidayForm

PAGE = "cards/hours/holidays.html"
# What the package of holidays knows, with room on both sides for what people enter themselves.
YEARS = range(1380, 1451)
CALENDAR = {"reason": "calendar"}


@bp.get("/holidays")
def this_year() -> ResponseReturnValue:
    return redirect(url_for("calendars.holidays", year=jalali(today()).year))


@bp.get("/holidays/<int:year>")
def holidays(year: int) -> ResponseReturnValue:
    return render_template(PAGE, form=HolidayForm(), **_page(year))


@bp.post("/holidays/<int:year>")
def create_holiday(year: int) -> ResponseReturnValue:
    """Add a day off, or write another name over it."""
    page, form = _page(year), HolidayForm.from_request()
    if form.validate() and jalali(form.day.data).year != year:
        form.take(DomainError(_("This day lies in another year."), field="day"))
    if form.errors or form.form_errors or form.day.data is None:
        return refuse(form, PAGE, **page)
    day, named = form.day.data, (form.name_fa.data or "", form.name_en.data or "")
    return carry_out(
        lambda: verbs.put_holiday(year, day, *named, is_tentative=form.is_tentative.data, by=current_user),
        why=CALENDAR, said=_("The day off is kept."), back=url_for("calendars.holidays", year=year),
    )  # fmt: skip


@bp.post("/holidays/<int:year>/confirmation")
def create_holiday_confirmation(year: int) -> ResponseReturnValue:
    """The date of a tentative day is announced: it is sure from now on."""
    day, name = _known(year)
    verbs.put_holiday(year, day, name.fa, name.en, by=current_user)
    db.session.commit()
    return redirect(url_for("calendars.holidays", year=year), 303)


@bp.post("/holidays/<int:year>/removal")
def create_holiday_removal(year: int) -> ResponseReturnValue:
    day, _name = _known(year)
    return carry_out(lambda: verbs.remove_holiday(year, day, by=current_user), why=CALENDAR,
                     said=_("This is a working day now."), back=url_for("calendars.holidays", year=year))  # fmt: skip


def _known(year: int) -> tuple[date, HolidayName]:
    """The day off that the form names. Raises `NotFound` when there is none."""
    form = HolidayDayForm.from_request()
    days = _of(year)
    if not form.validate() or form.day.data not in days:
        raise NotFound
    return form.day.data, days[form.day.data]


def _of(year: int) -> dict[date, HolidayName]:
    if year not in YEARS:
        raise NotFound
    return dict(kept().holidays.of_year(year))


def _page(year: int) -> dict[str, Any]:
    names = JALALI_MONTHS[viewer().locale]
    days = _of(year)
    months = [(names[month - 1], [(day, jalali(day).day, days[day]) for day in run])
              for month, run in groupby(days, key=lambda day: jalali(day).month)]  # fmt: skip
    return {"year": year, "months": months, "is_kept": year in kept().holidays.kept, "years": YEARS,
            "tentative": sum(name.is_tentative for name in days.values())}  # fmt: skip
