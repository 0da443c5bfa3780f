"""The OpenAPI 3.1 document, made from the operations and their shapes. It is in English, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.arguments import ARGUMENTS, TAGS
from app.api.resource import OPERATIONS, Operation
from app.api.scopes import SCOPES
from app.api.shapes import ASKED, Shape
from app.i18n import as_viewer

VERSION = "1.0.0"
ABOUT = """The same verbs as the pages, for programs: a request loads what the token's user reaches (404), asks what \
they may do (403), takes the input (422) and answers. Sentences come in the language of `Accept-Language`.

Instants are RFC 3339 in UTC, amounts whole rials. Lists have pages: follow `next` until it is null. Refusals are \
problem details (RFC 9457): programs read `code`, people `detail` and `fields`."""
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457). Nothing was changed.",
    "required": ["type", "title", "status", "detail", "code", "fields"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:problem-type:kariz:invalid"]},
        "title": {"type": "string", "examples": ["Unprocessable Entity"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "description": "A sentence for people.", "examples": ["Please write a title."]},
        "code": {"type": "string", "description": "For programs.", "examples": ["empty"]},
        "fields": {
            "type": "object",
            "description": "The sentence for each field that is wrong.",
            "additionalProperties": {"type": "string"},
            "examples": [{"title": "Please write a title."}],
        },
    },
}
REFUSALS = {
    401: "No token, or one that is unknown, revoked or expired.",
    403: "The token's scopes, or the rights of its user, do not allow this.",
    404: "There is nothing here that the token's user reaches.",
    409: "Somebody else changed the same thing first, or its state does not allow this.",
    412: "The card is not in the stage any more that `If-Match` speaks of.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The input is wrong; `fields` says where.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "The service is busy; send the same request again in a moment.",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of this request, new for each. Sent again within 7 days, the request is answered as it was "
    "the first time and done once; with another body it is refused with 422.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "order-10234-created",
}
MATCH_HEADER = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of the card as it was read: if its stage changed since, the move is refused with 412.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "example": '"7"',
}


@cache
def document() -> dict[str, Any]:
    """The whole document. Made once in a process."""
    with as_viewer("en"):
        return {
            "openapi": "3.1.0",
            "info": {"title": "Kariz API", "version": VERSION, "description": ABOUT},
            "servers": [{"url": "/api/v1"}],
            "security": [{"token": []}],
            "tags": [{"name": name, "description": about} for name, about in TAGS.items() if name in _tags()],
            "paths": _paths(),
            "components": {
                "schemas": {**_schemas(), "Problem": PROBLEM},
                "responses": {str(status): _refusal(text) for status, text in REFUSALS.items()},
                "securitySchemes": {"token": _security()},
            },
        }  # fmt: skip


def _tags() -> set[str]:
    return {operation.tag for operation in OPERATIONS.values()}


def _security() -> dict[str, Any]:
    scopes = "\n".join(f"- `{scope}`: {label}" for scope, label in SCOPES.items())
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A personal or a service token. Its scopes:\n\n{scopes}",
    }


def _refusal(text: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": text, "content": content}


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS.values():
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return paths


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _description(operation),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": _responses(operation),
    }
    if operation.body is not None:
        content = {"application/json": {"schema": _ref(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _description(operation: Operation) -> str:
    needs = f"Scope: `{operation.scope}`." if operation.scope else "Any token."
    text = re.sub(r"\s*\n\s*", " ", operation.about)
    return f"{text}\n\n{needs}".strip()


def _headers(operation: Operation) -> list[dict[str, Any]]:
    return [*([KEY_HEADER] if operation.writes else []), *([MATCH_HEADER] if operation.takes_version else [])]


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, **ARGUMENTS[name]}
        for name in re.findall(r"<(?:[^:<>]+:)?(\w+)>", operation.path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    return [_query_parameter(name, found) for name, found in schema["properties"].items()]


def _query_parameter(name: str, found: dict[str, Any]) -> dict[str, Any]:
    described = {key: value for key, value in found.items() if key not in {"title", "description", "default"}}
    choices = [choice for choice in described.pop("anyOf", []) if choice.get("type") != "null"]
    schema = {**described, **(choices[0] if choices else {})}
    if found.get("default") is not None:
        schema["default"] = found["default"]
    about = found.get("description") or schema.pop("description", "")
    schema.pop("description", None)
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


def _responses(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": HTTPStatus(operation.status).phrase,
        "content": {"application/json": {"schema": _ref(operation.answer)}},
    }
    headers: dict[str, Any] = {}
    if operation.gives_version:
        headers["ETag"] = {"description": "The version of the card, for `If-Match`.", "schema": {"type": "string"}}
    if operation.status == 201:
        headers["Location"] = {"description": "The address of what is new.", "schema": {"type": "string"}}
    if headers:
        success["headers"] = headers
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _refusals(operation)}
    return {str(operation.status): success, **refused}


def _refusals(operation: Operation) -> list[int]:
    found = {401, 403, 422, 429, 503, *operation.refusals}
    if "<" in operation.path:
        found.add(404)
    if operation.writes:
        found |= {404, 409}
    if operation.body is not None:
        found |= {413, 415}
    if operation.takes_version:
        found.add(412)
    return sorted(found)


def _ref(shape: type[Shape]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _shapes() -> Iterable[tuple[type[Shape], Any]]:
    bodies = {operation.body for operation in OPERATIONS.values() if operation.body is not None}
    answers = {operation.answer for operation in OPERATIONS.values()}
    both = [(shape, "validation") for shape in bodies] + [(shape, "serialization") for shape in answers]
    return sorted(both, key=lambda pair: pair[0].__name__)


def _schemas() -> dict[str, Any]:
    _names, found = models_json_schema(list(_shapes()), ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    for schema in schemas.values():
        _say_what_is_asked(schema)
    return schemas


def _say_what_is_asked(schema: dict[str, Any]) -> None:
    """Texts whose lack the verb tells are required, whatever the class says of them."""
    for name, found in schema.get("properties", {}).items():
        found.pop("title", None)
        if found.pop(ASKED, False):
            found.pop("default", None)
            found["minLength"] = 1
            schema["required"] = [*schema.get("required", []), name]
