"""Closures: days and hours that are closed by decision."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.calendars import MINUTES_A_DAY
from app.calendars import services as verbs
from app.calendars.models import ClosedTime
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from cards.calendars.blueprint import bp, carry_out
from cards.calendars.forms import ClosingForm
from cards.calendars.routes.calendars import in_use

PAGE = "cards/hours/closing.html"


@bp.get("/closures/new")
def new_closure() -> ResponseReturnValue:
    return render_template(PAGE, form=offer(ClosingForm()))


@bp.post("/closures")
def create_closure() -> ResponseReturnValue:
    form = offer(ClosingForm.from_request())
    if not form.validate():
        return refuse(form, PAGE)
    closing, why = _read(form), {"reason": "closure", "fa": form.reason_fa.data, "en": form.reason_en.data}
    try:
        return carry_out(lambda: verbs.close_time(closing, by=current_user), why=why,
                         said=_("The closure is entered."), back=url_for("calendars.index"))  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(offer(form), PAGE, error=error)


@bp.post("/closures/<int:closure_id>/removal")
def create_closure_removal(closure_id: int) -> ResponseReturnValue:
    def change() -> None:
        row = db.session.get(ClosedTime, closure_id)
        if row is None:
            raise NotFound
        verbs.open_again(row, by=current_user)

    return carry_out(change, why={"reason": "calendar"}, said=_("The closure is taken back."),
                     back=url_for("calendars.index"))  # fmt: skip


def offer(form: ClosingForm) -> ClosingForm:
    """Fill the choices of calendars."""
    form.calendar_id.choices = [(0, _("Everybody")), *((row.id, row.name) for row in in_use())]
    return form


def _read(form: ClosingForm) -> verbs.Closing:
    part: dict[str, Any] = {}
    if form.from_time.data is not None:
        part = {"first_minute": form.from_time.data, "last_minute": form.to_time.data or MINUTES_A_DAY}
    return verbs.Closing(
        from_on=form.from_on.data, until_on=form.until_on.data or form.from_on.data,
        reason_fa=form.reason_fa.data or "", reason_en=form.reason_en.data or "",
        calendar_id=form.calendar_id.data or None, **part,
    )  # fmt: skip
