"""Calendars: the usual week, who keeps it, and weeks that are worked for a time."""

from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import calendars as kept
from app.calendars import services as verbs
from app.calendars.holidays import HolidayName
from app.calendars.models import Calendar, CalendarWeek, ClosedTime
from app.calendars.reading import parse_week
from app.calendars.words import describe
from app.dates import WEEKDAYS, today
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _, viewer
from app.users.models import Team
from cards.calendars.blueprint import bp, carry_out
from cards.calendars.forms import CalendarForm, DatedWeekForm, WeekForm, week_fields
from pipelines.models import Department

ONE, WEEK = "cards/hours/calendar.html", "cards/hours/week.html"
CALENDAR = {"reason": "calendar"}
COMING_DAYS = 45


def get_calendar(calendar_id: int) -> Calendar:
    """The calendar in use with this number; the house's own is made from its settings the first time it is changed."""
    calendar = db.session.get(Calendar, calendar_id)
    if calendar is None or calendar.archived_at is not None:
        raise NotFound
    return calendar


def get_week(calendar: Calendar, week_id: int) -> CalendarWeek:
    """A dated week of this calendar."""
    week = next((week for week in calendar.weeks if week.id == week_id and week.from_on is not None), None)
    if week is None:
        raise NotFound
    return week


def in_use() -> list[Calendar]:
    """Calendars in use, the house's own first."""
    query = sa.select(Calendar).where(Calendar.archived_at.is_(None))
    return list(db.session.scalars(query.order_by(Calendar.is_default.desc(), Calendar.id)))


@bp.get("/calendars")
def index() -> ResponseReturnValue:
    query = sa.select(ClosedTime).where(ClosedTime.removed_at.is_(None), ClosedTime.until_on >= today())
    coming: dict[Any, HolidayName] = kept().holidays.after(today(), COMING_DAYS)
    return render_template(
        "cards/hours/index.html", rows=[(row, describe_row(row), keepers(row)) for row in in_use()],
        house=kept().default.describe(today()), coming=coming,
        closings=list(db.session.scalars(query.order_by(ClosedTime.from_on, ClosedTime.id))),
    )  # fmt: skip


def describe_row(row: Calendar) -> str:
    """The week of today in words."""
    return kept().of(row.id).describe(today())


def keepers(row: Calendar) -> list[str]:
    """Who keeps these hours, by name."""
    found = [*db.session.scalars(sa.select(Department).where(Department.calendar_id == row.id))]
    return [each.name for each in (*found, *db.session.scalars(Team.in_use().where(Team.calendar_id == row.id)))]


@bp.get("/calendars/new")
def new() -> ResponseReturnValue:
    form = offer(CalendarForm(data=week_fields(kept().default.to_json())))
    return render_template(ONE, form=form, **page_of(form, None))


@bp.post("/calendars")
def create() -> ResponseReturnValue:
    form = offer(CalendarForm.from_request())
    if not form.validate():
        return refuse(form, ONE, **page_of(form, None))

    def change() -> None:
        calendar = verbs.create(form.name_fa.data or "", form.name_en.data or "", form.week, by=current_user)
        _save(calendar, form)

    return _carry_out(change, form, None, said=_("The calendar is kept."))


@bp.get("/calendars/house")
def house() -> ResponseReturnValue:
    """The house's own calendar, also before somebody has changed it for the first time."""
    found = db.session.scalar(sa.select(Calendar).where(Calendar.is_default))
    if found is not None:
        return redirect(url_for("calendars.show", calendar_id=found.id))
    hours = kept().default
    data = {**week_fields(hours.to_json()), "name_fa": "ساعت کاری کسب‌وکار", "name_en": "Hours of the business"}
    form = offer(CalendarForm(data={**data, "keeps_holidays": hours.keeps_holidays}))
    return render_template(ONE, form=form, is_house=True, **page_of(form, None))


@bp.post("/calendars/house")
def begin_house() -> ResponseReturnValue:
    form = offer(CalendarForm.from_request())
    if not form.validate():
        return refuse(form, ONE, is_house=True, **page_of(form, None))
    return _carry_out(lambda: _save(verbs.house_calendar(by=current_user), form), form, None,
                      said=_("The calendar is kept."))  # fmt: skip


@bp.get("/calendars/<int:calendar_id>")
def show(calendar_id: int) -> ResponseReturnValue:
    calendar = get_calendar(calendar_id)
    holders = {"departments": _ids(Department, calendar), "teams": _ids(Team, calendar)}
    names = {"name_fa": calendar.name_fa, "name_en": calendar.name_en, "keeps_holidays": calendar.keeps_holidays}
    form = offer(CalendarForm(data={**names, **holders, **week_fields(verbs.base_week(calendar).days)}))
    return render_template(ONE, form=form, **page_of(form, calendar))


@bp.post("/calendars/<int:calendar_id>")
def update(calendar_id: int) -> ResponseReturnValue:
    calendar = get_calendar(calendar_id)
    form = offer(CalendarForm.from_request())
    if not form.validate():
        return refuse(form, ONE, **page_of(form, calendar))
    return _carry_out(lambda: _save(get_calendar(calendar_id), form), form, calendar, said=_("The calendar is kept."))


@bp.post("/calendars/<int:calendar_id>/archive")
def create_archive(calendar_id: int) -> ResponseReturnValue:
    get_calendar(calendar_id)
    return carry_out(lambda: verbs.archive(get_calendar(calendar_id), by=current_user), why=CALENDAR,
                     said=_("The calendar is put away; whoever kept it keeps the hours of the business."),
                     back=url_for("calendars.index"))  # fmt: skip


@bp.get("/calendars/<int:calendar_id>/weeks/new")
def new_week(calendar_id: int) -> ResponseReturnValue:
    calendar = get_calendar(calendar_id)
    form = DatedWeekForm(data=week_fields(verbs.base_week(calendar).days))
    return render_template(WEEK, form=form, calendar=calendar, week=None, days=named_days(form))


@bp.post("/calendars/<int:calendar_id>/weeks")
def create_week(calendar_id: int) -> ResponseReturnValue:
    return _put_week(calendar_id, None)


@bp.get("/calendars/<int:calendar_id>/weeks/<int:week_id>")
def show_week(calendar_id: int, week_id: int) -> ResponseReturnValue:
    calendar = get_calendar(calendar_id)
    week = get_week(calendar, week_id)
    names = {name: getattr(week, name) for name in ("name_fa", "name_en", "from_on", "until_on")}
    form = DatedWeekForm(data={**names, **week_fields(week.days)})
    return render_template(WEEK, form=form, calendar=calendar, week=week, days=named_days(form))


@bp.post("/calendars/<int:calendar_id>/weeks/<int:week_id>")
def update_week(calendar_id: int, week_id: int) -> ResponseReturnValue:
    return _put_week(calendar_id, week_id)


@bp.post("/calendars/<int:calendar_id>/weeks/<int:week_id>/removal")
def create_week_removal(calendar_id: int, week_id: int) -> ResponseReturnValue:
    get_week(get_calendar(calendar_id), week_id)
    return carry_out(lambda: verbs.remove_week(get_week(get_calendar(calendar_id), week_id), by=current_user),
                     why=CALENDAR, said=_("The usual hours count again."),
                     back=url_for("calendars.show", calendar_id=calendar_id))  # fmt: skip


def _put_week(calendar_id: int, week_id: int | None) -> ResponseReturnValue:
    calendar = get_calendar(calendar_id)
    week = get_week(calendar, week_id) if week_id else None
    form = DatedWeekForm.from_request()
    page: dict[str, Any] = {"calendar": calendar, "week": week, "days": named_days(form)}
    if not form.validate():
        return refuse(form, WEEK, **page)
    dated = verbs.Dated(name_fa=form.name_fa.data or "", name_en=form.name_en.data or "", from_on=form.from_on.data,
                        until_on=form.until_on.data, days=form.week)  # fmt: skip

    def change() -> None:
        here = get_calendar(calendar_id)
        verbs.put_week(here, dated, week=get_week(here, week_id) if week_id else None, by=current_user)

    try:
        return carry_out(change, why=CALENDAR, said=_("These hours are kept."),
                         back=url_for("calendars.show", calendar_id=calendar_id))  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, WEEK, error=error, **page)


def offer(form: CalendarForm) -> CalendarForm:
    """Fill the choices of departments and teams."""
    departments = db.session.scalars(sa.select(Department).order_by(Department.position, Department.id))
    form.departments.choices = [(row.id, row.name) for row in departments]
    form.teams.choices = [(row.id, row.name) for row in db.session.scalars(Team.in_use())]
    return form


def page_of(form: WeekForm, calendar: Calendar | None) -> dict[str, Any]:
    """What the page of a calendar needs beside its form."""
    dated = [week for week in calendar.weeks if week.from_on is not None] if calendar else []
    weeks = [(week, describe(parse_week(week.days))) for week in sorted(dated, key=lambda week: str(week.from_on))]
    return {"calendar": calendar, "days": named_days(form), "weeks": weeks}


def named_days(form: WeekForm) -> list[tuple[str, Any]]:
    """Each day of the form with its name."""
    return list(zip(WEEKDAYS[viewer().locale], form.days, strict=True))


def _ids(model: Any, calendar: Calendar) -> list[int]:
    return list(db.session.scalars(sa.select(model.id).where(model.calendar_id == calendar.id)))


def _save(calendar: Calendar, form: CalendarForm) -> None:
    verbs.change(calendar, form.name_fa.data or "", form.name_en.data or "", days=form.week,
                 keeps_holidays=form.keeps_holidays.data, by=current_user)  # fmt: skip
    departments, teams = list(db.session.scalars(sa.select(Department))), list(db.session.scalars(Team.in_use()))
    verbs.assign(
        calendar, departments=[row for row in departments if row.id in (form.departments.data or ())],
        teams=[row for row in teams if row.id in (form.teams.data or ())], everyone=[*departments, *teams],
        by=current_user,
    )  # fmt: skip


def _carry_out(change: Any, form: CalendarForm, calendar: Calendar | None, *, said: str) -> ResponseReturnValue:
    try:
        return carry_out(change, why=CALENDAR, said=said, back=url_for("calendars.index"))
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, **page_of(form, calendar))
