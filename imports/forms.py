"""What people answer about a file."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from app.form_fields import TypedField
from app.forms import DigitsIntegerField, Form, RadioField, SelectField
from app.i18n import _, _l
from app.money import RIALS_PER, format_number
from imports import cells
from imports.kinds import KINDS
from imports.plans import CARRIERS, DISCOUNTS, LINES, MAIN, MODES, Options, Plan, Problem, Source
from imports.reading import ENCODINGS, SEPARATORS

OTHER = "other"
UNITS = (("", _l("Please choose")), ("toman", _l("Toman")), ("rial", _l("Rial")), (OTHER, _l("Another currency")))


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

    def options(self) -> Options:
        """The answers as the plan takes them; what was not asked is open."""
        said = {
            name: self[name].data if name in self else None for name in ("unit", "unit_rials", "vat_rate", "discount")
        }
        rials = said["unit_rials"] if said["unit"] == OTHER else RIALS_PER.get(said["unit"] or "")
        return Options(mode=self.mode.data or "", match=self.match.data or "", unit_rials=rials,
                       vat_rate=said["vat_rate"], discount=said["discount"] or "")  # fmt: skip

    def plan(self, known: Plan) -> Plan:
        """The plan with these answers."""
        sources = {
            role: Source(source.path, source.name, source.layout, {
                column: self[column_name(role, place)].data or "" for place, column in enumerate(source.table.columns)
            }) for role, source in known.sources.items()
        }  # fmt: skip
        return Plan(known.kind, sources, self.options())

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
    return type("AnswersForm", (AnswersForm,), selects)


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
    }  # fmt: skip
