"""How long an answer may take: a table of departments and priorities, and what it means in a sentence."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import CalendarError
from app.clock import utcnow
from app.dates import weekday
from app.extensions import db
from app.forms import Form, refuse
from app.i18n import _
from cards.calendars.blueprint import bp
from cards.calendars.forms import LengthField
from cards.models import PRIORITIES
from cards.promises.clock import USUAL_PRIORITY, due
from cards.promises.rules import HOUSE_MINUTES, hours_for, rules
from cards.promises.words import by_when
from cards.services.targeting import set_targets
from pipelines.models import Department

PAGE = "cards/hours/targets.html"
LEVELS = (4, 3, 2, 1)
WEDNESDAY = 4
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Row:
    """A line of the table: the house or a department, its fields by priority (None: all others), and an example."""

    name: str
    fields: dict[int | None, LengthField]
    example: str


@bp.get("/targets")
def targets() -> ResponseReturnValue:
    departments = _departments()
    form = _form(departments)(data={_name(key): minutes for key, minutes in _present().items()})
    return render_template(PAGE, form=form, **_page(form, departments))


@bp.post("/targets")
def update_targets() -> ResponseReturnValue:
    departments = _departments()
    form = _form(departments)(request.form)
    if not form.validate():
        return refuse(form, PAGE, **_page(form, departments))
    keys: list[Key] = [(None, level) for level in LEVELS]
    keys += [(row.id, level) for row in departments for level in (*LEVELS, None)]
    wanted = {key: form[_name(key)].data for key in keys if form[_name(key)].data}
    set_targets({**{(None, level): HOUSE_MINUTES[level] for level in LEVELS}, **wanted}, by=current_user)
    db.session.commit()
    flash(_("The targets are kept. They count for promises that are made from now on."))
    return redirect(url_for("calendars.targets"), 303)


def _departments() -> list[Department]:
    query = sa.select(Department).where(Department.is_active).order_by(Department.position, Department.id)
    return list(db.session.scalars(query))


def _present() -> dict[Key, int]:
    return {**{(None, level): HOUSE_MINUTES[level] for level in LEVELS}, **rules().targets}


def _name(key: Key) -> str:
    department_id, priority = key
    return f"t-{department_id or 0}-{priority or 0}"


def _form(departments: list[Department]) -> type[Form]:
    """A form with a field for each cell; the cells of departments may stay empty."""
    names = [_name((None, level)) for level in LEVELS]
    names += [_name((row.id, level)) for row in departments for level in (*LEVELS, None)]
    return type("TargetsForm", (Form,), {name: LengthField() for name in names})


def _page(form: Any, departments: list[Department]) -> dict[str, Any]:
    house = Row(_("Every department"), {level: form[_name((None, level))] for level in LEVELS}, example(None))
    rows = [Row(row.name, {level: form[_name((row.id, level))] for level in (*LEVELS, None)}, example(row))
            for row in departments]  # fmt: skip
    return {"rows": [house, *rows], "levels": {level: str(PRIORITIES[level]) for level in LEVELS}}


def example(department: Department | None) -> str:
    """What the table means for a request of normal priority at half past four on Wednesday."""
    department_id, board_id = (department.id, department.pipeline_id) if department else (None, 0)
    hours, minutes = hours_for(department_id, board_id), rules().minutes(department_id, USUAL_PRIORITY)
    day = utcnow().astimezone(ZoneInfo(hours.timezone)).date()
    day += timedelta(days=(WEDNESDAY - weekday(day)) % 7 or 7)
    asked = datetime.combine(day, time(16, 30), ZoneInfo(hours.timezone))
    try:
        return _("A request of normal priority on %(asked)s is promised for %(when)s.", asked=by_when(asked),
                 when=by_when(due(hours, asked, minutes * 60)))  # fmt: skip
    except CalendarError:
        return ""
