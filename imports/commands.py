"""`kariz import`: the same imports without a browser, with a report in plain text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app import schema
from app.db import reading
from app.errors import DomainError
from app.extensions import db
from app.i18n import LOCALES, _, as_viewer
from app.money import RIALS_PER, format_number
from imports import cells
from imports.facts import Fault
from imports.kinds import KINDS
from imports.kinds.base import Counts
from imports.kinds.ticket_answers import as_of, find_board, said_priorities, said_states, usual_answers
from imports.models import Import
from imports.plans import CARRIERS, DISCOUNTS, LINES, MAIN, MODES, Options, Plan, Source
from imports.reading import ENCODINGS, Layout, read_layout, survey
from imports.reports import Wrong, as_csv, as_text, undo_figures
from imports.services.passes import carry_out_by_command
from imports.services.running import Step, run
from imports.services.undoing import undo_by_command
from imports.undo import preview

HINTS = {"match": "--match", "mode": "--mode", "unit": "--unit, --unit-rials", "discount": "--discount",
         "pipeline_id": "--pipeline", "day_order": "--days"}  # fmt: skip
NAMED_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "persian-comma": "،"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--map", "maps", multiple=True, metavar="JSON|COLUMN=FIELD",
                 help="A JSON file with columns and answers, or one column; FIELD may be empty."),
    click.option("--match", help="The field by which known records are recognised."),
    click.option("--mode", type=click.Choice(list(MODES)), help="Create, update, or both (as usual)."),
    click.option("--unit", type=click.Choice(list(RIALS_PER)), help="The unit of amounts that name none."),
    click.option("--unit-rials", type=click.IntRange(1, 10**9), help="Rials of one unit, for another currency."),
    click.option("--vat", help="VAT rate in percent where no column says it; without it a product's own rate."),
    click.option("--discount", type=click.Choice(list(DISCOUNTS)), help="How discounts are written."),
    click.option("--encoding", type=click.Choice(list(ENCODINGS)), help="Otherwise it is found out."),
    click.option("--separator", type=click.Choice(list(NAMED_SEPARATORS)), help="Otherwise it is found out."),
    click.option("--dry-run", is_flag=True, help="Read everything, change nothing."),
    click.option("--errors", type=click.Path(dir_okay=False, writable=True, path_type=Path),
                 help="Write all errors to this CSV file."),
    click.option("--language", type=click.Choice(LOCALES), default="en", help="The language of the report."),
)  # fmt: skip

imports = AppGroup("import", help="Companies, contacts, products, orders and tickets from CSV files.")


def answers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the file and all options of an import."""
    for option in reversed(OPTIONS):
        command = option(command)
    return click.argument("file", type=FILE)(command)


def order_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the further files of orders."""
    command = click.option("--carriers", type=FILE, help="Numbers and names of the carriers.")(command)
    return click.option("--lines", type=FILE, help="The order lines, when they have a file of their own.")(command)


@imports.command("companies")
@answers
def import_companies(**given: Any) -> None:
    """Import companies, each with its contact person."""
    carry_out("companies", given)


@imports.command("contacts")
@answers
def import_contacts(**given: Any) -> None:
    """Import people and the companies they act for."""
    carry_out("contacts", given)


@imports.command("products")
@answers
def import_products(**given: Any) -> None:
    """Import products with prices and stock."""
    carry_out("products", given)


@imports.command("orders")
@answers
@order_files
def import_orders(**given: Any) -> None:
    """Import orders with their lines."""
    carry_out("orders", given)


@imports.command("tickets")
@answers
@click.option("--pipeline", help="The board, by its address or name; otherwise the first one for tickets.")
@click.option("--as-of", help="Bring the tickets as they stood then; later updates wait for a later import.")
@click.option("--days", type=click.Choice(["dmy", "mdy"]), help="Whether days or months come first in 03-04-2016.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="STATE=STAGE",
    help="Where tickets in a state stand: a stage's name, closed, or new:KIND for a stage of its own.",
)
@click.option("--priority", "priorities", multiple=True, metavar="WORD=LEVEL", help="low, normal, high or critical.")
def import_tickets(**given: Any) -> None:
    """Import tickets with their history; run again after a break it goes on."""
    carry_out("tickets", given)


@imports.command("undo")
@click.argument("number", type=int)
@click.option("--dry-run", is_flag=True, help="Say what would go and what would stay.")
@click.option("--language", type=click.Choice(LOCALES), default="en", help="The language of the report.")
def undo_import(number: int, *, dry_run: bool, language: str) -> None:
    """Take a whole import back, by its number in the list of imports."""
    with as_viewer(language):
        try:
            counts = preview(number) if dry_run else undo_by_command(number)
        except DomainError as error:
            db.session.rollback()
            raise click.ClickException(error.message) from error
        for figure in undo_figures(counts):
            click.echo(f"{figure.label}: {format_number(figure.count)}")


@imports.command("northwind-style")
@answers
@order_files
def import_northwind_style(**given: Any) -> None:
    """Import orders in dollars: 1 unit is 10,000 rials, no VAT, discounts are shares, unless said otherwise."""
    carry_out("orders", given, {"unit_rials": 10_000, "vat": "0", "discount": "rate"})


def carry_out(kind: str, given: dict[str, Any], usual: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Do it and report; `usual` are answers where nothing is said.

    Exit code 1 when rows were faulty, 2 when an answer is missing.
    """
    if not sa.inspect(db.engine).has_table(Import.__tablename__):
        schema.upgrade()
    with as_viewer(given["language"]):
        # Files are read without holding the database.
        db.session.rollback()
        try:
            with reading():
                plan = make_plan(kind, given, usual)
                _check(plan)
                db.session.rollback()
            counts, faults = _dry_run(plan) if given["dry_run"] else carry_out_by_command(plan)
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            raise click.ClickException(error.message) from error
        if given["errors"]:
            given["errors"].write_text("".join(as_csv(faults)), encoding="utf-8", newline="")
        click.echo(as_text(kind, counts, faults, is_dry=given["dry_run"]))
    if counts["rows", "faulty"]:
        raise click.exceptions.Exit(1)


def make_plan(kind: str, given: dict[str, Any], usual: Mapping[str, Any]) -> Plan:
    """The plan of the options, of a mapping file, and of what the headers mean, in this order."""
    said, columns = _mapping_file(given["maps"])
    said = {**usual, **said}
    paths = {MAIN: given["file"], LINES: given.get("lines"), CARRIERS: given.get("carriers")}
    sources: dict[str, Source] = {}
    for role, path in paths.items():
        if path is None:
            continue
        found = read_layout(path)
        separator = NAMED_SEPARATORS.get(_first(given["separator"], said.get("separator")) or "", found.separator)
        encoding = _first(given["encoding"], said.get("encoding")) or found.encoding
        source = Source(path, path.name, Layout(encoding, separator))
        fields = KINDS[kind].fields_of(role, has_lines_file=paths[LINES] is not None)
        own = dict(said.get({MAIN: "columns"}.get(role, role)) or {}) | (columns if role == MAIN else {})
        _check_names(own, source.table.columns, {field.key for field in fields})
        # What was said by hand is no longer free to be guessed.
        free = [column for column in source.table.columns if column not in own]
        joining = {field.key for field in fields if field.joins}
        guessed = KINDS[kind].guess(free, role, has_lines_file=paths[LINES] is not None)
        guessed = {column: "" if key in own.values() and key not in joining else key for column, key in guessed.items()}
        said_by_hand = {column: key or "" for column, key in own.items()}
        sources[role] = Source(path, path.name, source.layout, guessed | said_by_hand)
    if kind == "tickets":
        return _ticket_plan(given, said, sources[MAIN], _options(kind, given, said, sources))
    return Plan(KINDS[kind], sources, _options(kind, given, said, sources))


def _options(kind: str, given: dict[str, Any], said: dict[str, Any], sources: dict[str, Source]) -> Options:
    unit = _first(given["unit"], said.get("unit"))
    vat = _first(given["vat"], said.get("vat"))
    fields = KINDS[kind].fields_of(MAIN, has_lines_file=LINES in sources)
    mapped = set(sources[MAIN].mapping.values())
    usual = next((field.key for field in fields if field.identifies and field.key in mapped), "")
    try:
        rate = cells.rate(str(vat), percent=True) if vat is not None else None
    except cells.Unreadable as error:
        raise click.UsageError(f"--vat: {error}") from error
    plain = {name: _first(given[name], said.get(name)) or "" for name in ("mode", "match", "discount")}
    rials = _first(given["unit_rials"], RIALS_PER.get(unit or ""), said.get("unit_rials"))
    return Options(mode=plain["mode"] or "both", match=plain["match"] or usual, unit_rials=rials, vat_rate=rate,
                   discount=plain["discount"])  # fmt: skip


def _ticket_plan(given: dict[str, Any], said: dict[str, Any], source: Source, options: Options) -> Plan:
    """The plan with what is asked of tickets alone; what nobody said is guessed."""
    seen = survey(source.table)
    source = replace(source, values=seen.values, day_order=seen.day_order)
    board = _first(given["pipeline"], said.get("pipeline"))
    usual = usual_answers(source, seen.day_order, find_board(board) if board else None)
    states = dict(said.get("states") or {}) | _pairs(given["states"], "--state")
    priorities = dict(said.get("priorities") or {}) | _pairs(given["priorities"], "--priority")
    usual["states"] |= said_states(states, usual["pipeline_id"])
    usual["priorities"] |= said_priorities(priorities)
    usual["day_order"] = _first(given["days"], said.get("days"), usual["day_order"])
    until = as_of(_first(given["as_of"], said.get("as_of")) or "")
    return Plan(KINDS["tickets"], {MAIN: source}, replace(options, as_of=until, **usual))


def _pairs(said: Iterable[str], option: str) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in said]
    if any(not sign for _name, sign, _value in pairs):
        raise click.UsageError(f"{option}: NAME=VALUE is expected")
    return {name: value for name, _sign, value in pairs}


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _mapping_file(maps: Iterable[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a JSON file says, and the columns that stand on the command line."""
    said: dict[str, Any] = {}
    columns: dict[str, str] = {}
    for text in maps:
        column, sign, field = text.rpartition("=")
        if sign and not Path(text).exists():
            columns[column] = field
            continue
        try:
            content = json.loads(Path(text).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise click.UsageError(f"--map {text}: {error}") from error
        if not isinstance(content, dict):
            raise click.UsageError(f"--map {text}: a JSON object is expected")
        said |= content
    return said, columns


def _check_names(mapping: dict[str, Any], columns: list[str], fields: set[str]) -> None:
    for column, field in mapping.items():
        if column not in columns:
            raise click.UsageError(f"--map: there is no column {column!r}; there are {', '.join(columns)}")
        if field and field not in fields:
            raise click.UsageError(f"--map: there is no field {field!r}; there are {', '.join(sorted(fields))}")


def _check(plan: Plan) -> None:
    """Refuse a plan with open answers, naming what to say."""
    problems = plan.problems()
    if not problems:
        return
    lines = []
    for problem in problems:
        place = problem.place[1] if isinstance(problem.place, tuple) else HINTS.get(problem.place, "--map")
        lines.append(f"{problem.sentence} ({place})")
    for role, source in plan.sources.items():
        known = ", ".join(field.key for field in plan.fields(role))
        said = ", ".join(f"{column}={field}" for column, field in source.mapping.items())
        lines.append(_("%(name)s is read as: %(said)s. Fields: %(known)s", name=source.name, said=said, known=known))
    raise click.UsageError("\n".join(lines))


def _dry_run(plan: Plan) -> tuple[Counts, Sequence[Wrong]]:
    counts: Counts = Counter()
    faults: list[Fault] = []

    def keep(step: Step) -> None:
        counts.update(step.counts)
        faults.extend(step.faults)

    run(plan, by=None, is_dry=True, keep=keep)
    return counts, faults
