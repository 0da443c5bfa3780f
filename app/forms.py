"""Forms: what people send is normalised before fields read it, and refused with a sentence beside the field.

Nothing that is sent makes a form raise: wrong types, repeated parameters, endless texts and nonsense become errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

import wtforms
from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import fields, validators
from wtforms.meta import DefaultMeta

from app.dates import in_digits
from app.errors import DomainError, problem, wants_json
from app.form_fields import (
    CodeField,
    DigitsField,
    DigitsIntegerField,
    EmailField,
    JalaliDateField,
    MoneyField,
    PhoneField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TagsField,
    TimeField,
)
from app.form_sentences import WTFormsSentences
from app.i18n import _
from app.text import ascii_digits, clean, clean_line

__all__ = [
    "CodeField",
    "DigitsField",
    "DigitsIntegerField",
    "EmailField",
    "Form",
    "JalaliDateField",
    "MoneyField",
    "PhoneField",
    "RadioField",
    "SelectField",
    "SelectMultipleField",
    "TagsField",
    "TimeField",
    "refuse",
    "wants_json",
]

LONGEST_LINE = 255
LONGEST_TEXT = 20_000
LONGEST_PASSWORD = 1024
LONGEST_JSON = 1024 * 1024
LARGEST_INTEGER = 2**31 - 1

_NUMERIC = (fields.IntegerField, fields.DecimalField, fields.FloatField)
_SEVERAL = (
    fields.SelectMultipleField,
    fields.MultipleFileField,
    fields.FieldList,
    fields.FormField,
    fields.BooleanField,
    TagsField,
)


def wrong_kind() -> str:
    """The sentence for a list where a text belongs, a text where a number belongs, and the like."""
    return _("This kind of value does not belong here.")


def unreadable() -> str:
    """The sentence for a body that is no JSON object, or nests too deep."""
    return _("The request does not hold one readable JSON object.")


def uncharactered() -> str:
    """The sentence for a text with a NUL in it."""
    return _("This holds a character that cannot be kept. Please type it again.")


class Answers(MultiDict[str, Any]):
    """What was sent, normalised for the fields of one form; remembers what was wrong with the shape of it."""

    def __init__(self, form: Form, sent: Any) -> None:
        super().__init__()
        self.problems: dict[str, str] = dict(getattr(sent, "problems", {}))
        arrays: frozenset[str] = getattr(sent, "arrays", frozenset())
        own = {field.name: field for field in form}
        for name in list(sent.keys()):
            field = own.get(name)
            values = sent.getlist(name)
            if field is not None and (len(values) > 1 or name in arrays) and not isinstance(field, _SEVERAL):
                self.problems.setdefault(name, _("Send one value here, not several."))
            if isinstance(field, fields.StringField) and any(isinstance(value, bool) for value in values):
                self.problems.setdefault(name, wrong_kind())
            if any(isinstance(value, str) and "\x00" in value for value in values):
                self.problems[name] = uncharactered()
            self.setlist(name, [_normalised(value, field) for value in values])


def _normalised(value: Any, field: fields.Field | None) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    if isinstance(field, fields.PasswordField):
        return ascii_digits(value)
    if field is None or isinstance(field, fields.TextAreaField | TagsField):
        return clean(value)
    line = clean_line(value)
    return ascii_digits(line).replace("\u066c", "").replace(",", "") if isinstance(field, _NUMERIC) else line


class JsonAnswers(MultiDict[str, Any]):
    """A JSON object as if a form had sent it. `refusal` is a sentence when the body as a whole is unusable."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.problems: dict[str, str] = {}
        self.arrays: frozenset[str] = frozenset()
        self.refusal: str | None = None
        try:
            content = json.loads(body) if len(body) <= LONGEST_JSON else None
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            self.refusal = unreadable()
            return
        self.arrays = frozenset(name for name, value in content.items() if isinstance(value, list))
        for name, value in content.items():
            values = value if isinstance(value, list) else [value]
            if not all(value is None or isinstance(value, str | int | float) for value in values):
                self.problems[name] = wrong_kind()
                values = []
            self.setlist(name, [_as_sent(value) for value in values])


def _as_sent(value: str | int | float | None) -> str | bool:
    if isinstance(value, bool):
        return value
    return "" if value is None else str(value)


class Form(wtforms.Form):
    """Base of all forms. Construct with `request.form`, or use `from_request` where JSON is welcome too."""

    class Meta(DefaultMeta):
        def get_translations(self, form: Any) -> Any:
            return WTFormsSentences()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is None:
                return None
            sent = formdata if hasattr(formdata, "getlist") else MultiDict(formdata)
            form.refusal = getattr(sent, "refusal", None)
            answers = Answers(form, sent)
            form.problems = {
                field.name: answers.problems[field.name] for field in form if field.name in answers.problems
            }
            return answers

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        self.refusal: str | None = None
        # What is wrong with the shape of the answer to each field; no validator may take it back.
        self.problems: dict[str, str] = {}
        super().__init__(formdata, **kwargs)

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """The form filled with what was sent: the query of a GET, else form data with files, or a JSON object."""
        if request.method in {"GET", "HEAD"}:
            return cls(request.args, **kwargs)
        if request.is_json:
            return cls(JsonAnswers(request.get_data()), **kwargs)
        return cls(CombinedMultiDict([request.form, request.files]), **kwargs)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        for field in self:
            if field.name not in self.problems and (problem := _too_much(field)) is not None:
                self.problems[field.name] = problem

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether all is well. Errors are whole sentences with digits as the viewer reads them."""
        valid = super().validate(extra_validators)
        if self.refusal:
            self.form_errors = [self.refusal]
        for field in self:
            if field.name in self.problems:
                field.errors = [self.problems[field.name]]
            elif field.process_errors and field.errors:
                # What could not be read at all needs no second sentence about its value.
                field.errors = list(field.process_errors[:1])
            if isinstance(field.errors, list | tuple):
                field.errors = [shown(error) for error in field.errors]
        return valid and not self.form_errors and not self.problems

    def take(self, error: DomainError) -> None:
        """Show what a verb refused beside the field it names, or above the form."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, shown(error.message)]
        else:
            self.form_errors = [*self.form_errors, shown(error.message)]

    @property
    def sentences(self) -> dict[str, str]:
        """The first error of each field, by the field's name."""
        return {field.name: sentence for field in self if (sentence := _first_sentence(field.errors))}


def shown(error: Any) -> Any:
    """A sentence, lazy ones too, with its numbers (not its codes) in the viewer's digits; nested errors as they are."""
    if isinstance(error, dict | list | tuple):
        return error
    return re.sub(r"(?<!\S)[^\sA-Za-z]+(?!\S)", lambda word: in_digits(word[0]), str(error))


def _first_sentence(errors: Any) -> str | None:
    """The first sentence of a field's errors, which nest in lists and forms within forms."""
    if isinstance(errors, str):
        return errors
    for inner in errors.values() if isinstance(errors, Mapping) else errors or ():
        if sentence := _first_sentence(inner):
            return sentence
    return None


def _too_much(field: fields.Field) -> str | None:
    """The sentence for a value that no column holds, where the field sets no limit of its own."""
    value = field.data
    if isinstance(field, fields.IntegerField):
        if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            field.data = None
            return _("This number is too large.")
        return None
    if not isinstance(field, fields.StringField) or not isinstance(value, str):
        return None
    if any(isinstance(rule, validators.Length) and rule.max >= 0 for rule in field.validators):
        return None
    most = LONGEST_LINE
    if isinstance(field, fields.TextAreaField):
        most = LONGEST_TEXT
    elif isinstance(field, fields.PasswordField):
        most = LONGEST_PASSWORD
    return _("This is too long. Use at most %(max)s characters.", max=most) if len(value) > most else None


def refuse(
    form: Form, template: str | None = None, *, error: DomainError | None = None, **context: Any
) -> ResponseReturnValue:
    """Answer 422: the page again with what was typed and a sentence beside each field, or JSON for scripts.

    `error` is what a verb refused; it stands beside its field, or above the form, and its status is answered.
    Without a template the answer is JSON.
    """
    if error is not None:
        form.take(error)
    status = error.status if error else 422
    if template is not None and not wants_json():
        return render_template(template, form=form, **context), status
    message = error.message if error else form.refusal or _("Something in the form needs another look.")
    return problem(status, error.code if error else "invalid", message, fields=form.sentences)
