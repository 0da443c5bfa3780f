"""A part of the API: a blueprint whose routes are operations, each with its scope, shapes and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.api import access, idempotency
from app.api.shapes import Shape, read_body, read_query
from app.errors import problem
from app.extensions import csrf, db, limiter
from app.i18n import _
from app.links import API_PATH

# Requests of one token, or of somebody without one.
LIMIT = "600 per minute"
# More wrong tokens than this from one address are not looked up.
REFUSALS = "120 per minute"


@dataclass(frozen=True)
class Answer:
    """What a view gives back beside a plain shape: where a new thing is, and the version of what is shown."""

    shape: Shape
    location: str = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One line of the document. `scope` None: any token. `status` is that of success."""

    method: str
    path: str
    name: str
    tag: str
    summary: str
    about: str
    scope: str | None
    answer: type[Shape]
    status: int = 200
    query: type[Shape] | None = None
    body: type[Shape] | None = None
    # Statuses of refusal, apart from those that every operation has.
    refusals: Sequence[int] = ()
    takes_version: bool = False
    gives_version: bool = False

    @property
    def writes(self) -> bool:
        return self.method != "GET"


OPERATIONS: dict[str, Operation] = {}
View = Callable[..., "Shape | Answer"]


class Resource(Blueprint):
    """Operations on one kind of thing. `tag` heads them in the document."""

    def __init__(self, name: str, import_name: str, *, tag: str) -> None:
        super().__init__(f"api_{name}", import_name, url_prefix=API_PATH.rstrip("/"))
        self.tag = tag
        self.before_request(access.authenticate)
        self.teardown_request(access.note_use)
        self.register_error_handler(IntegrityError, _met)
        # Nothing here is opened by a cookie, so no page of others can send anything in somebody's name.
        csrf.exempt(self)
        limiter.limit(LIMIT, key_func=access.key_of_limit)(self)
        limiter.limit(REFUSALS, deduct_when=lambda answer: answer.status_code == 401)(self)

    def operation(self, method: str, path: str, *, scope: str | None, summary: str, answer: type[Shape],
                  **more: Any) -> Callable[[View], View]:  # fmt: skip
        """Make a function an operation: it takes the path's arguments, `query` and `body` in their shapes, answers a
        shape or an `Answer`, and its docstring is the document's. What it changed is committed here."""

        def register(fn: View) -> View:
            # A view may not bear the name of the verb that it calls.
            endpoint = fn.__name__.rstrip("_")
            operation = Operation(method=method, path=path, name=endpoint, tag=self.tag, summary=summary,
                                  about=(fn.__doc__ or "").strip(), scope=scope, answer=answer, **more)  # fmt: skip
            OPERATIONS[f"{self.name}.{endpoint}"] = operation
            self.add_url_rule(path, endpoint, _view(operation, fn), methods=[method])
            return fn

        return register


def _view(operation: Operation, fn: View) -> Callable[..., ResponseReturnValue]:
    @wraps(fn)
    def view(**arguments: Any) -> ResponseReturnValue:
        access.require_scope(operation.scope)
        query = read_query(operation.query or Shape)
        if operation.query is not None:
            arguments["query"] = query
        if operation.body is not None:
            arguments["body"] = read_body(operation.body)
        if not operation.writes:
            return _response(operation, fn(**arguments))
        return _perform(operation, fn, arguments)

    return view


def _perform(operation: Operation, fn: View, arguments: dict[str, Any]) -> Response:
    """Do it once for its key, keep the answer, commit both."""
    key = idempotency.key_of_request()
    if key is not None and (known := idempotency.claim(key, arguments.get("body"))) is not None:
        return known
    answer = _response(operation, fn(**arguments))
    if key is not None:
        idempotency.keep(key, answer)
    db.session.commit()
    return answer


def _response(operation: Operation, result: Shape | Answer) -> Response:
    given = result if isinstance(result, Answer) else Answer(result)
    response: Response = current_app.response_class(
        given.shape.model_dump_json(), status=operation.status, mimetype="application/json"
    )
    if given.location:
        response.headers["Location"] = given.location
    if given.version is not None:
        response.headers["ETag"] = f'"{given.version}"'
    return response


def _met(_error: IntegrityError) -> ResponseReturnValue:
    """Two requests at once wanted what only one can have; the database decided."""
    db.session.rollback()
    return problem(409, "met", _("Somebody did the same just now. Please send it again."))
