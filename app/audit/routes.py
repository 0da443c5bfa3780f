"""The audit page, its export, and how long sources are kept."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import events, settings
from app.audit import export, queries, things
from app.audit.acts import GROUPS
from app.audit.forms import FilterForm, RetentionForm
from app.audit.lines import lines_of
from app.audit.queries import Wanted
from app.auth.guards import require_admin
from app.auth.recent import require_recent
from app.clock import utcnow
from app.events import record
from app.extensions import db
from app.forms import refuse
from app.i18n import _, viewer

bp = Blueprint("audit", __name__, url_prefix="/settings/audit")
bp.before_request(require_admin)
events.define("audit.exported")
TEMPLATE = "app/audit.html"


@bp.get("")
def index() -> ResponseReturnValue:
    form = FilterForm.offered(request.args)
    wanted = form.wanted if form.validate() else Wanted(thing=form.thing.data or "")
    page = queries.page(wanted, request.args.get("after"))
    shown = {"lines": lines_of(page.rows), "groups": GROUPS, "next_url": _next_url(form, page.after)}
    status = 422 if form.errors else 200
    return render_template(TEMPLATE, filters=form, **shown, **_context(form)), status


def _next_url(form: FilterForm, after: str | None) -> str | None:
    arguments: dict[str, Any] = {**form.arguments, "after": after}
    return url_for("audit.index", **arguments) if after else None


def _context(form: FilterForm, retention: RetentionForm | None = None) -> dict[str, Any]:
    mark = form.thing.data or ""
    kind, _colon, number = mark.partition(":")
    found = things.load({kind: {int(number)}}) if things.concerning(mark) is not None else {}
    kept = retention or RetentionForm(data={"days": settings.get("audit.source_days")})
    return {"about": next(iter(found.values()), None), "retention": kept, "is_filtered": bool(form.arguments)}


@bp.post("/export")
def create_export() -> ResponseReturnValue:
    """Everything that the filter finds, as a file; that it was taken is a fact too."""
    require_recent()
    form = FilterForm.offered(request.form)
    if not form.validate():
        return refuse(form, TEMPLATE, filters=form, lines=[], groups=GROUPS, next_url=None, **_context(form))
    record("audit.exported", None, by=current_user, data={"filter": form.arguments})
    db.session.commit()
    name = f"audit-{utcnow():%Y%m%d-%H%M}.csv"
    answer = Response(stream_with_context(export.rows(form.wanted)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Language"] = viewer().locale
    return answer


@bp.post("/retention")
def update_retention() -> ResponseReturnValue:
    form = RetentionForm.from_request()
    if not form.validate():
        filters = FilterForm.offered(None)
        page = queries.page(Wanted())
        return refuse(form, TEMPLATE, lines=lines_of(page.rows), groups=GROUPS, next_url=_next_url(filters, page.after),
                      **_context(filters, form), filters=filters)  # fmt: skip
    settings.put("audit.source_days", form.days.data, by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("audit.index"), 303)
