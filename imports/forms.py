"""What people answer about a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.dates import format_date, format_time
from app.errors import DomainError
from app.form_fields import TypedField
from app.forms import DigitsIntegerField, Form, RadioField, SelectField
from app.i18n import _, _l
from app.money import RIALS_PER, format_number
from cards.models import PRIORITIES
from imports import cells
from imports.kinds import KINDS
from imports.kinds.ticket_answers import as_of, usual_answers
from imports.kinds.ticket_words import boards, state_choices
from imports.plans import CARRIERS, DISCOUNTS, LINES, MAIN, MODES, Options, Plan, Problem
from imports.reading import ENCODINGS, SEPARATORS

OTHER = "other"
DAY_ORDERS = {"dmy": _l("3 April: the day comes first"), "mdy": _l("4 March: the month comes first")}
UNITS = (("", _l("Please choose")), ("toman", _l("Toman")), ("rial", _l("Rial")), (OTHER, _l("Another currency")))


def _number(text: Any) -> int | None:
    return int(text) if str(text).isdecimal() else None


class UploadForm(Form):
    """The kind of records, and the files. Lines and carriers come with orders only."""

    kind = RadioField(
        _l("What is in the file?"), [InputRequired()], choices=lambda: [(k.key, k.label) for k in KINDS.values()]
    )
    main = FileField(_l("File"), id="file-main")
    lines = FileField(_l("File of the order lines"), id="file-lines")
    carriers = FileField(_l("File of the carriers"), id="file-carriers")

    def validate_main(self, field: FileField) -> None:
        if not _is_file(field.data):
            raise ValidationError(_("Please choose a file."))

    @property
    def uploads(self) -> dict[str, FileStorage]:
        """The chosen files by role."""
        roles = (MAIN, *KINDS[self.kind.data].more)
        return {role: self[role].data for role in roles if _is_file(self[role].data)}


def _is_file(data: Any) -> bool:
    return isinstance(data, FileStorage) and bool(data.filename)


class ReadingForm(Form):
    """How a file is written."""

    role = SelectField(_l("File"), choices=[(role, role) for role in (MAIN, LINES, CARRIERS)])
    encoding = SelectField(_l("Encoding"), choices=list(ENCODINGS.items()))
    separator = SelectField(_l("Separator"), choices=list(SEPARATORS.items()))


class PercentField(TypedField):
    """A rate typed in percent, in hundredths of a percent."""

    def parse(self, text: str) -> int:
        return cells.rate(text, percent=True)

    def show(self, data: int) -> str:
        whole, rest = divmod(data, 100)
        return format_number(f"{whole}.{rest:02d}".rstrip("0").rstrip("."))


class AnswersForm(Form):
    """What the file cannot say itself. Selects of the columns are added by `answers_form`."""

    match = SelectField(_l("Known records are recognised by"), choices=[])
    mode = RadioField(_l("What may happen"), choices=list(MODES.items()))
    unit = SelectField(_l("Unit of the amounts"), choices=list(UNITS))
    unit_rials = DigitsIntegerField(_l("Rials of one unit"), least=1, most=10**9)
    vat_rate = PercentField(_l("VAT rate in percent"))
    discount = SelectField(_l("Discounts are written as"), choices=[("", _l("Please choose")), *DISCOUNTS.items()])
    pipeline_id = SelectField(_l("Board"), coerce=_number, choices=[])
    as_of = StringField(_l("As of"))
    day_order = SelectField(_l("Dates like 03-04-2016 mean"), choices=list(DAY_ORDERS.items()))

    def validate_as_of(self, field: StringField) -> None:
        try:
            as_of(field.data or "")
        except DomainError as error:
            raise ValidationError(error.message) from error

    def options(self) -> Options:
        """The answers as the plan takes them; what was not asked is open."""
        said = {
            name: self[name].data if name in self else None for name in ("unit", "unit_rials", "vat_rate", "discount")
        }
        rials = said["unit_rials"] if said["unit"] == OTHER else RIALS_PER.get(said["unit"] or "")
        if "pipeline_id" in self:
            return self._of_tickets()
        return Options(mode=self.mode.data or "", match=self.match.data or "", unit_rials=rials,
                       vat_rate=said["vat_rate"], discount=said["discount"] or "")  # fmt: skip

    def _of_tickets(self) -> Options:
        """The words of states and priorities are the labels of their fields."""
        said = {
            part: {field.label.text: field.data for field in self if field.name.startswith(f"{part}-")}
            for part in ("state", "priority")
        }
        return Options(
            mode=self.mode.data or "", match=self.match.data or "", pipeline_id=self.pipeline_id.data,
            as_of=as_of(self.as_of.data or ""), states=said["state"],
            priorities={word: int(level) for word, level in said["priority"].items() if level},
            day_order=self.day_order.data if "day_order" in self else "",
        )  # fmt: skip

    def plan(self, known: Plan) -> Plan:
        """The plan with these answers."""
        sources = {
            role: replace(source, mapping={
                column: self[column_name(role, place)].data or "" for place, column in enumerate(source.table.columns)
            }) for role, source in known.sources.items()
        }  # fmt: skip
        options = self.options()
        if "pipeline_id" in self and "day_order" not in self:
            options = replace(options, day_order=known.options.day_order)
        return Plan(known.kind, sources, options)

    def show(self, problems: list[Problem], plan: Plan) -> None:
        """Put each open answer beside its field."""
        for problem in problems:
            place = problem.place
            if isinstance(place, tuple):
                role, column = place
                name = column_name(role, plan.sources[role].table.columns.index(column))
                self[name].errors = [*self[name].errors, problem.sentence]
            elif place in self._fields:
                self[place].errors = [*self[place].errors, problem.sentence]
            else:
                self.form_errors = [*self.form_errors, problem.sentence]


def column_name(role: str, place: int) -> str:
    """The name of the select of a column."""
    return f"{role}-{place}"


def answers_form(plan: Plan) -> type[AnswersForm]:
    """The form for the columns of these files, with the questions that these records ask."""
    selects: dict[str, Any] = {}
    for role, source in plan.sources.items():
        choices = [("", _("Leave out")), *((field.key, str(field.label)) for field in plan.fields(role))]
        for place, column in enumerate(source.table.columns):
            selects[column_name(role, place)] = SelectField(column, choices=choices)
    marks = [(field.key, str(field.label)) for field in plan.fields(MAIN) if field.identifies]
    selects["match"] = SelectField(_("Known records are recognised by"), choices=marks)
    kinds = {field.kind for role in plan.sources for field in plan.fields(role)}
    if "money" not in kinds:
        selects |= {"unit": None, "unit_rials": None, "vat_rate": None}
    if "discount" not in kinds:
        selects["discount"] = None
    selects |= _of_tickets(plan) if plan.kind.key == "tickets" else dict.fromkeys(("pipeline_id", "as_of", "day_order"))
    return type("AnswersForm", (AnswersForm,), selects)


def _of_tickets(plan: Plan) -> dict[str, Any]:
    """The questions that only tickets ask: each state and each priority of the file is one."""
    open_choice = ("", _("Please choose"))
    boards_there = [(board.id, board.name) for board in boards()]
    targets = [open_choice, *state_choices(plan.options.pipeline_id)]
    levels = [open_choice, *((str(level), str(name)) for level, name in reversed(PRIORITIES.items()))]
    found: dict[str, Any] = {"pipeline_id": SelectField(_("Board"), coerce=_number, choices=boards_there)}
    for place, state in enumerate(plan.main.words("state")):
        found[f"state-{place}"] = SelectField(state, choices=targets)
    for place, word in enumerate(plan.main.words("priority")):
        found[f"priority-{place}"] = SelectField(word, choices=levels)
    if plan.main.day_order != "any":
        found["day_order"] = None
    return found


def with_guesses(plan: Plan) -> Plan:
    """The plan with guesses for what was not asked yet: states of another column, or stages of another board."""
    usual = usual_answers(plan.main, plan.main.day_order, plan.options.pipeline_id)
    choices = {key for key, _label in state_choices(usual["pipeline_id"])}
    known = {word: target for word, target in plan.options.states.items() if target in choices}
    states = {word: known.get(word, target) for word, target in usual["states"].items()}
    priorities = {word: plan.options.priorities.get(word, level) for word, level in usual["priorities"].items()}
    return replace(plan, options=replace(plan.options, pipeline_id=usual["pipeline_id"], states=states,
                                         priorities=priorities))  # fmt: skip


def asks_the_same(plan: Plan, known: Plan) -> bool:
    """Whether the questions of both plans are the same ones."""

    def questions(each: Plan) -> tuple[Any, ...]:
        return each.options.pipeline_id, *(tuple(each.main.words(key)) for key in ("state", "priority"))

    return plan.kind.key != "tickets" or questions(plan) == questions(known)


def answers_of(plan: Plan) -> dict[str, Any]:
    """The plan as the form's data."""
    options = plan.options
    units = {rials: unit for unit, rials in RIALS_PER.items()}
    unit = units.get(options.unit_rials, OTHER) if options.unit_rials else ""
    columns = {
        column_name(role, place): source.mapping.get(column, "")
        for role, source in plan.sources.items()
        for place, column in enumerate(source.table.columns)
    }
    return columns | {
        "match": options.match, "mode": options.mode, "unit": unit, "discount": options.discount,
        "unit_rials": options.unit_rials if unit == OTHER else None, "vat_rate": options.vat_rate,
        "pipeline_id": options.pipeline_id, "day_order": options.day_order or "dmy",
        "as_of": f"{format_date(options.until, 'numeric')} {format_time(options.until)}" if options.until else "",
        **(_answered_words(plan) if plan.kind.key == "tickets" else {}),
    }  # fmt: skip


def _answered_words(plan: Plan) -> dict[str, str]:
    """What the file's words for states and priorities mean, by the fields that ask for them."""
    states, priorities = plan.options.states, plan.options.priorities
    return {f"state-{place}": states.get(word, "") for place, word in enumerate(plan.main.words("state"))} | {
        f"priority-{place}": str(priorities.get(word, "")) for place, word in enumerate(plan.main.words("priority"))
    }
