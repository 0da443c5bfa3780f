"""Shapes of what programs send and get. A shape says which fields there are and of which kind; the rules are the
verbs', so that a wrong value is refused with the same sentence as on the page."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from textwrap import dedent
from typing import Annotated, Any, Literal, TypeVar

from flask import request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.errors import DomainError
from app.forms import LARGEST_INTEGER, LONGEST_JSON, shown, uncharactered, unreadable, wrong_kind
from app.i18n import _
from app.money import MOST_RIALS, format_number

LARGEST_ID = LARGEST_INTEGER


# No database column holds a NUL.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Line = Annotated[Text, Field(max_length=255)]
LongText = Annotated[Text, Field(max_length=20_000)]
Code = Annotated[Text, Field(max_length=20, examples=["7KQD3XHT4"], description="A code of nine characters.")]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Moment = AwareDatetime
Rials = Annotated[int, Field(ge=0, le=MOST_RIALS, description="An amount in whole rials.")]


def one_of(values: Iterable[str]) -> Any:
    """An answered text that is one of these: `Annotated[str, one_of(KINDS)]`."""
    return Field(json_schema_extra={"enum": list(values)})


# A text that is needed, and whose lack the verb tells in its own words.
ASKED = "asked"


def asked(**more: Any) -> Any:
    """A field that the document calls required; left out, it is empty and the verb says what it lacks."""
    return Field(default="", json_schema_extra={ASKED: True}, **more)


class Shape(BaseModel):
    """What is sent or answered, as one JSON object. Fields that it does not name are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema, with the sentence below each field as its description. Only the document reads the source."""
        schema = handler(core_schema)
        described = handler.resolve_ref_schema(schema)
        for name, sentence in _sentences(cls).items():
            if name in described["properties"]:
                described["properties"][name].setdefault("description", sentence)
        return schema

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name; what was left out is left alone."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _sentences(shape: type[Shape]) -> dict[str, str]:
    """Field names to the text that stands below the field in the class or in those it inherits from."""
    found: dict[str, str] = {}
    for kind in reversed(shape.__mro__[: shape.__mro__.index(Shape)]):
        (tree,) = ast.parse(dedent(inspect.getsource(kind))).body
        for field, below in pairwise(tree.body if isinstance(tree, ast.ClassDef) else ()):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(sentence))):
                    found[name] = inspect.cleandoc(sentence)
    return found


class Listing(Shape):
    """How much of a list is wanted, from where on, in which order."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    """How many items a page has."""
    cursor: Annotated[Text, Field(max_length=200)] | None = None
    """Where the page begins: taken from `next` of the page before."""
    sort: Literal["newest", "oldest"] = "newest"
    """Whether the newest or the oldest come first, by when they came into Kariz."""


S = TypeVar("S", bound=Shape)


def read_body(shape: type[S]) -> S:
    """What was sent as JSON, in this shape. Raises a `DomainError` with a sentence for each field otherwise."""
    if not request.is_json:
        raise UnsupportedMediaType
    body = request.get_data()
    if len(body) > LONGEST_JSON:
        raise RequestEntityTooLarge
    try:
        return shape.model_validate_json(body, strict=True)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    if any(problem["type"] == "json_invalid" or not problem["loc"] for problem in problems):
        raise DomainError(unreadable(), code="unreadable")
    raise _refusal(shape, problems)


def read_query(shape: type[S]) -> S:
    """What stands behind the question mark, in this shape; as `read_body`."""
    repeated = {name for name in request.args if len(request.args.getlist(name)) > 1}
    try:
        found = shape.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise _refusal(shape, error.errors(include_url=False)) from None
    if repeated:
        raise _invalid(dict.fromkeys(sorted(repeated), _("Send one value here, not several.")))
    return found


@contextmanager
def inside(*place: str | int) -> Iterator[None]:
    """What is refused in the block is told of a field below `place`: `points.0.value`."""
    try:
        yield
    except DomainError as error:
        error.field = ".".join(str(part) for part in (*place, *([error.field] if error.field else [])))
        raise


def _refusal(shape: type[Shape], problems: list[ErrorDetails]) -> DomainError:
    sentences: dict[str, str] = {}
    for problem in problems:
        sentences.setdefault(_place(shape, problem["loc"]), str(shown(sentence_of(problem))))
    return _invalid(sentences)


def _invalid(sentences: dict[str, str]) -> DomainError:
    return DomainError(_("Something in the form needs another look."), fields=sentences)


def _place(shape: type[Shape], loc: tuple[int | str, ...]) -> str:
    """Where in the body: `lines.0.quantity`. What pydantic adds for the members of a union is no place."""
    return ".".join(_parts(shape, loc))


def _parts(shape: type[Shape], loc: tuple[int | str, ...]) -> Iterator[str]:
    known: Any = shape
    for part in loc:
        if isinstance(part, int):
            yield str(part)
        elif "[" not in part and part not in _KINDS:
            yield part[:80]
        elif known is shape and part in shape.model_fields:
            yield part


_KINDS = frozenset({"str", "int", "bool", "none", "constrained-str", "constrained-int", "function-after"})


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _limits: _("Please fill this in."),
    "extra_forbidden": lambda _limits: _("There is no such field."),
    "string_pattern_mismatch": lambda _limits: uncharactered(),
    "string_too_long": lambda limits: _("This is too long. Use at most %(max)s characters.", max=limits["max_length"]),
    "too_long": lambda limits: _("Send at most %(max)s of these.", max=limits["max_length"]),
    "literal_error": lambda _limits: _("Please choose one of the choices."),
    "int_parsing": lambda _limits: _("Write a whole number in digits."),
    "int_parsing_size": lambda _limits: _("This number is too large."),
    "greater_than_equal": lambda limits: _("Write a number from %(least)s upwards.", least=format_number(limits["ge"])),
    "less_than_equal": lambda limits: _("Write a number up to %(most)s.", most=format_number(limits["le"])),
    "datetime": lambda _limits: _("This is not a moment. Write it like 2026-03-21T10:30:00Z."),
    "timezone": lambda _limits: _("This is not a moment. Write it like 2026-03-21T10:30:00Z."),
    "date": lambda _limits: _("This is not a day. Write it like 2026-03-21."),
}


def sentence_of(problem: ErrorDetails) -> str:
    """What is wrong with a value's shape, in the words that forms have for it."""
    kind = problem["type"]
    found = _SENTENCES.get(kind) or _SENTENCES.get(kind.partition("_")[0])
    return found(problem.get("ctx", {})) if found else wrong_kind()
