"""The page on which people read the document."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.api.document import document
from app.api.examples import requests_of, resolved
from app.auth.guards import require_staff

bp = Blueprint("api_docs", __name__, url_prefix="/api/docs")
bp.before_request(require_staff)


@bp.get("")
def show() -> ResponseReturnValue:
    found = document()
    return render_template("app/api_docs.html", info=found["info"], groups=_groups(found))


def _groups(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each group of operations: {"name", "about", "operations"}, in the order of the document."""
    operations = [
        _operation(method.upper(), path, operation)
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    ]
    return [
        {"name": tag["name"], "about": tag["description"],
         "operations": [operation for operation in operations if operation["tag"] == tag["name"]]}
        for tag in found["tags"]
    ]  # fmt: skip


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    about, _blank, scope = operation["description"].rpartition("\n\n")
    success = next(status for status in operation["responses"] if status < "300")
    answer = operation["responses"][success]["content"]["application/json"]["schema"]
    return {
        "id": operation["operationId"], "method": method, "path": path, "summary": operation["summary"],
        "about": about, "scope": scope.replace("`", ""), "tag": operation["tags"][0], "status": success,
        "parameters": [_row(row["name"], row["schema"], row.get("description", ""), row.get("required", False),
                            row["in"]) for row in operation["parameters"]],
        "body": _fields(operation["requestBody"]["content"]["application/json"]["schema"])
        if "requestBody" in operation else [],
        "answer": _fields(answer), "refusals": [status for status in operation["responses"] if status >= "300"],
        "examples": requests_of(method, path, operation),
    }  # fmt: skip


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an object's table."""
    shape = resolved(schema)
    required = shape.get("required", [])
    return [
        _row(name, found, found.get("description") or resolved(found).get("description", ""), name in required)
        for name, found in shape.get("properties", {}).items()
    ]  # fmt: skip


def _row(name: str, schema: dict[str, Any], about: str, required: bool, place: str = "") -> dict[str, Any]:
    return {"name": name, "type": type_of(schema), "about": about, "is_required": required, "place": place}


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a word or two: `string`, `integer 1–100`, `list of LineAnswer`, `open | closed`, `… or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(type_of(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) or '""' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    bounds = [str(schema[key]) for key in ("minimum", "maximum") if key in schema]
    kind = str(schema.get("format") or schema.get("type", "any"))
    return f"{kind} {'–'.join(bounds)}" if len(bounds) == 2 else kind
