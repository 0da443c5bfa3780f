"""An import begins: files are kept, their layout is found out, the columns are guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app import events
from app.errors import Conflict, DomainError, NotFound
from app.events import Actor
from app.extensions import db
from app.files import StoredFile
from app.i18n import _
from app.text import clean_line
from imports.kinds import KINDS
from imports.kinds.ticket_answers import usual_answers
from imports.models import Import
from imports.plans import LINES, MAIN, Options, Plan, Source
from imports.reading import ENCODINGS, SEPARATORS, Layout, Table, read_layout, survey

events.define("import.started", "import.finished")
NAME_LENGTH = 120


def create_import(kind: str, files: Mapping[str, tuple[StoredFile, str]], *, by: Actor | None) -> Import:
    """An import of these files (stored, with their names) by role. The answers that an earlier import of the same
    columns got are taken over.

    Raises a `DomainError` on the role of a file that cannot be used. Reads the files before it asks the database.
    """
    if kind not in KINDS:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field="kind")
    sources = {role: _begin(kind, role, stored, name) for role, (stored, name) in files.items()}
    draft = Import(kind=kind, sources=sources, by_id=by.id if by else None)
    earlier = _earlier(draft)
    for role in sources:
        _guess(draft, role, earlier.sources[role]["mapping"] if earlier else None)
    options = dict(earlier.options) if earlier else Options(match=_first_mark(draft)).as_json()
    draft.options = options | (_of_tickets(draft, options) if kind == "tickets" else {})
    db.session.add(draft)
    db.session.flush()
    return draft


def read_again(draft: Import, role: str, layout: Layout) -> None:
    """Read a file in another encoding or with another separator; its columns are guessed anew."""
    hold(draft)
    if layout.encoding not in ENCODINGS or layout.separator not in SEPARATORS or role not in draft.sources:
        raise DomainError(_("Please choose one of the choices."), code="unknown", field=role)
    seen = _seen(draft.kind, Table(_path(draft.sources[role]), layout))
    read = {"encoding": layout.encoding, "separator": layout.separator, **seen}
    draft.sources = {**draft.sources, role: draft.sources[role] | read}
    _guess(draft, role, None)
    draft.state, draft.counts, draft.error = "draft", {}, ""
    db.session.flush()


def hold(draft: Import) -> None:
    """Lock the import. Raises a `Conflict` when it is under way or done: then its answers stay as they are."""
    db.session.refresh(draft, with_for_update=True)
    if draft.is_settled:
        raise Conflict(_("This import is on its way already."), code="under_way")


def plan_of(draft: Import) -> Plan:
    """What the import is to do, as it is answered so far."""
    sources = {role: _source(source) for role, source in draft.sources.items()}
    return Plan(KINDS[draft.kind], sources, Options(**draft.options))


def _source(source: Mapping[str, Any]) -> Source:
    layout = Layout(source["encoding"], source["separator"])
    return Source(_path(source), source["name"], layout, source["mapping"], source.get("values", {}),
                  source.get("day_order", ""))  # fmt: skip


def _path(source: Mapping[str, Any]) -> Any:
    stored = db.session.get(StoredFile, source["file"]) if source["file"] else None
    if stored is None or not stored.path.exists():
        raise NotFound(_("This file is missing from the store."))
    return stored.path


def _of_tickets(draft: Import, known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that only tickets need; those of an earlier import hold for the words that they were given for."""
    source = _source(draft.sources[MAIN])
    usual = usual_answers(source, source.day_order, known.get("pipeline_id"))
    return {
        **usual, "as_of": "", "day_order": usual["day_order"] if source.day_order != "any" or not known["day_order"]
        else known["day_order"],
        "states": usual["states"] | {word: target for word, target in known["states"].items()
                                     if word in usual["states"] and usual["pipeline_id"] == known["pipeline_id"]},
        "priorities": usual["priorities"] | {word: level for word, level in known["priorities"].items()
                                             if word in usual["priorities"]},
    }  # fmt: skip


def _seen(kind: str, table: Table) -> dict[str, Any]:
    """How many rows there are, and of tickets what stands in their columns."""
    if kind != "tickets":
        return {"rows": table.count()}
    found = survey(table)
    return {"rows": found.rows, "values": found.values, "day_order": found.day_order}


def _begin(kind: str, role: str, stored: StoredFile, name: str) -> dict[str, Any]:
    try:
        layout = read_layout(stored.path)
        seen = _seen(kind, Table(stored.path, layout))
        if not seen["rows"]:
            raise DomainError(_("There are no rows under the header."), code="empty")
    except DomainError as error:
        raise DomainError(error.message, code=error.code, field=role) from error
    return {"file": stored.id, "name": clean_line(name)[-NAME_LENGTH:], "encoding": layout.encoding,
            "separator": layout.separator, "mapping": {}, **seen}  # fmt: skip


def _guess(draft: Import, role: str, known: Mapping[str, str] | None) -> None:
    source = draft.sources[role]
    table = Table(_path(source), Layout(source["encoding"], source["separator"]))
    guessed = KINDS[draft.kind].guess(table.columns, role, has_lines_file=LINES in draft.sources)
    source["mapping"] = dict(known) if known else guessed


def _first_mark(draft: Import) -> str:
    """The first field by which records can be recognised, of those that are mapped."""
    mapped = set(draft.sources[MAIN]["mapping"].values())
    fields = KINDS[draft.kind].fields_of(MAIN, has_lines_file=LINES in draft.sources)
    return next((field.key for field in fields if field.identifies and field.key in mapped), "")


def _earlier(draft: Import) -> Import | None:
    """The newest finished import of this kind whose files had the same columns."""
    query = sa.select(Import).where(Import.kind == draft.kind, Import.state == "done").order_by(Import.id.desc())
    columns = {role: Table(_path(source), Layout(source["encoding"], source["separator"])).columns
               for role, source in draft.sources.items()}  # fmt: skip
    for earlier in db.session.scalars(query.limit(20)):
        known = {role: list(source["mapping"]) for role, source in earlier.sources.items()}
        if known == columns:
            return earlier
    return None
