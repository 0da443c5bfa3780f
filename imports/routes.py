"""Imports in the settings: choose files, say what the columns are, check, start, watch, read the report."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import events
from app.auth.guards import require_admin
from app.clock import utcnow
from app.dates import example_date, format_time
from app.errors import DomainError, NotFound
from app.events import record
from app.extensions import db
from app.files import StoredFile, store
from app.forms import refuse
from app.i18n import _
from app.paging import mark, older_than
from imports import cells
from imports.facts import joined
from imports.forms import ReadingForm, UploadForm, answers_form, answers_of, asks_the_same, column_name, with_guesses
from imports.kinds import KINDS
from imports.models import STATES, Import, ImportFault, tally_of
from imports.plans import Plan
from imports.reading import Layout
from imports.reports import FILES, as_csv, figures, news, undo_figures
from imports.services.drafts import create_import, plan_of, read_again
from imports.services.passes import start_check, start_run
from imports.services.undoing import start_undo
from imports.undo import can_be_undone, preview, staying

bp = Blueprint("imports", __name__, url_prefix="/settings/import")
bp.before_request(require_admin)
events.define("import.errors_fetched")

PAGE = 30
FAULTS_SHOWN = 100
SAMPLES = 3
MAPPING = "imports/mapping.html"


def get_import(import_id: int) -> Import:
    """The import with this number; 404 when there is none."""
    found = db.session.scalar(Import.visible_to(current_user).where(Import.id == import_id))
    if found is None:
        raise NotFound
    return found


def back_to(draft: Import) -> ResponseReturnValue:
    return redirect(url_for("imports.show", import_id=draft.id), 303)


@bp.get("")
def index() -> ResponseReturnValue:
    after = request.args.get("after")
    query = Import.visible_to(current_user).where(older_than(after, Import.created_at, Import.id))
    rows = list(db.session.scalars(query.order_by(Import.created_at.desc(), Import.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    next_url = url_for("imports.index", after=mark(last.created_at, last.id)) if last else None
    return render_template("imports/index.html", rows=rows[:PAGE], next_url=next_url, kinds=KINDS, states=STATES,
                           news=news)  # fmt: skip


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("imports/new.html", form=UploadForm(), kinds=KINDS)


@bp.post("")
def create() -> ResponseReturnValue:
    form = UploadForm.from_request()
    if not form.validate():
        return refuse(form, "imports/new.html", kinds=KINDS)
    try:
        files = {role: (_stored(role, upload), upload.filename or "") for role, upload in form.uploads.items()}
        # Reading takes a while, and nobody should wait for it.
        db.session.commit()
        draft = create_import(form.kind.data, files, by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "imports/new.html", error=error, kinds=KINDS)
    db.session.commit()
    return redirect(url_for("imports.mapping", import_id=draft.id), 303)


def _stored(role: str, upload: Any) -> StoredFile:
    try:
        return store(upload)
    except DomainError as error:
        raise DomainError(error.message, code=error.code, field=role) from error


@bp.get("/<int:import_id>/mapping")
def mapping(import_id: int) -> ResponseReturnValue:
    draft = get_import(import_id)
    if draft.is_settled:
        return back_to(draft)
    plan = plan_of(draft)
    return render_template(MAPPING, form=answers_form(plan)(data=answers_of(plan)), **_context(draft, plan))


@bp.post("/<int:import_id>/reading")
def create_reading(import_id: int) -> ResponseReturnValue:
    draft, form = get_import(import_id), ReadingForm.from_request()
    if not form.validate():
        return refuse(form)
    try:
        read_again(draft, form.role.data, Layout(form.encoding.data, form.separator.data))
    except DomainError as error:
        db.session.rollback()
        plan = plan_of(draft)
        return refuse(answers_form(plan)(data=answers_of(plan)), MAPPING, error=error, **_context(draft, plan))
    db.session.commit()
    return redirect(url_for("imports.mapping", import_id=draft.id), 303)


@bp.post("/<int:import_id>/check")
def create_check(import_id: int) -> ResponseReturnValue:
    draft = get_import(import_id)
    known = plan_of(draft)
    form = answers_form(known).from_request()
    if not form.validate():
        return refuse(form, MAPPING, **_context(draft, known))
    plan = form.plan(known)
    if not asks_the_same(plan, known):
        # Another column or another board: what it asks was not answered yet.
        plan = with_guesses(plan)
        form = answers_form(plan)(data=answers_of(plan))
        form.form_errors = [_("Look through the states and priorities once more: the column or the board is another.")]
        return refuse(form, MAPPING, **_context(draft, plan))
    if problems := plan.problems():
        form.show(problems, plan)
        return refuse(form, MAPPING, **_context(draft, known))
    start_check(draft, plan, by=current_user)
    db.session.commit()
    return back_to(draft)


@bp.post("/<int:import_id>/run")
def create_run(import_id: int) -> ResponseReturnValue:
    draft = get_import(import_id)
    start_run(draft, by=current_user)
    db.session.commit()
    return back_to(draft)


@bp.get("/<int:import_id>")
def show(import_id: int) -> ResponseReturnValue:
    draft = get_import(import_id)
    if draft.state == "draft":
        return redirect(url_for("imports.mapping", import_id=draft.id), 303)
    if draft.state == "undone":
        return render_template("imports/undone.html", draft=draft, kind=KINDS[draft.kind],
                               figures=undo_figures(tally_of(draft.undo_counts)),
                               staying=staying(draft.id, is_over=True))  # fmt: skip
    faults = db.session.scalars(_faults(draft).limit(FAULTS_SHOWN))
    is_over = draft.state in {"done", "failed"} or draft.has_broken_off
    return render_template(
        "imports/show.html", draft=draft, kind=KINDS[draft.kind], figures=figures(draft.kind, draft.tally),
        faults=list(faults), files=FILES, news=news(draft.tally), can_undo=is_over and can_be_undone(draft.id),
    )  # fmt: skip


@bp.get("/<int:import_id>/undo")
def undo(import_id: int) -> ResponseReturnValue:
    """What an undo would take back, and what would stay."""
    draft = get_import(import_id)
    if (draft.is_under_way and not draft.has_broken_off) or not can_be_undone(draft.id):
        return back_to(draft)
    return render_template("imports/undo.html", draft=draft, kind=KINDS[draft.kind],
                           figures=undo_figures(preview(draft.id)), staying=staying(draft.id))  # fmt: skip


@bp.post("/<int:import_id>/undo")
def create_undo(import_id: int) -> ResponseReturnValue:
    draft = get_import(import_id)
    start_undo(draft, by=current_user)
    db.session.commit()
    return back_to(draft)


@bp.get("/<int:import_id>/progress")
def progress(import_id: int) -> ResponseReturnValue:
    """How far it is; when it has come to its end, the page opens anew with the result."""
    draft = get_import(import_id)
    if draft.is_under_way and not draft.has_broken_off:
        return render_template("imports/_progress.html", draft=draft)
    answer = current_app.make_response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/<int:import_id>/error-file")
def create_error_file(import_id: int) -> ResponseReturnValue:
    """The faulty rows with what stands in them. Not by its address alone: that somebody took it is a fact."""
    draft = get_import(import_id)
    # Read before the answer leaves: by then the session is closed. There are not so many that it would matter.
    rows = db.session.execute(_faults(draft).with_only_columns(*ImportFault.__table__.columns)).all()
    data = {"import": draft.id, "kind": draft.kind, "file": draft.name}
    record("import.errors_fetched", None, by=current_user, data=data)
    db.session.commit()
    answer = Response(stream_with_context(as_csv(rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}-errors.csv"'
    return answer


def _faults(draft: Import) -> sa.Select[ImportFault]:
    return sa.select(ImportFault).where(ImportFault.import_id == draft.id).order_by(ImportFault.id)


def _context(draft: Import, plan: Plan) -> dict[str, Any]:
    """What the page of columns shows of each file: its columns with some of what stands in them."""
    tables = []
    for role, source in plan.sources.items():
        rows = source.table.head(SAMPLES * 4)
        columns = [
            {"name": column, "field": column_name(role, place), "sample": _sample(rows, place)}
            for place, column in enumerate(source.table.columns)
        ]
        layout = {"role": role, "encoding": source.layout.encoding, "separator": source.layout.separator}
        tables.append({"role": role, "label": FILES[role], "name": source.name, "rows": draft.sources[role]["rows"],
                       "columns": columns, "reading": ReadingForm(data=layout)})  # fmt: skip
    words = {key: plan.main.words(key) for key in ("state", "priority")} if plan.kind.key == "tickets" else {}
    example = f"{example_date()} {format_time(utcnow())}"
    return {"draft": draft, "kind": KINDS[draft.kind], "tables": tables, "words": words, "as_of_example": example}


def _sample(rows: list[Any], place: int) -> str:
    """The first different texts of a column."""
    said = (cells.text(row.cells[place]) for row in rows if place < len(row.cells))
    return joined(list(dict.fromkeys(text for text in said if text))[:SAMPLES])
