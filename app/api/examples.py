"""An example of each operation: a body made from its schema, and the request with curl and in Python."""

from __future__ import annotations

import json
import re
from typing import Any

from app.api.document import document
from app.links import external

BEARER = "$KARIZ_TOKEN"


def example_of(schema: dict[str, Any], *, deep: bool = True) -> Any:
    """A value of this schema: what it names as an example, else one that is made up. Only required fields and those
    with an example are in objects."""
    schema = resolved(schema)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], deep=deep)
    if schema.get("type") == "object":
        return _object(schema) if deep else {}
    made = {"string": "…", "integer": schema.get("minimum", 1), "boolean": False, "array": [], "null": None}
    return made.get(schema.get("type", "null"))


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    required, fields = schema.get("required", []), schema.get("properties", {})
    wanted = [name for name in fields if name in required or fields[name].get("examples")] or list(fields)[:2]
    return {name: example_of(fields[name]) for name in wanted}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference names."""
    found: dict[str, Any] = schema
    while "$ref" in found:
        found = document()["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]]
    return found


def requests_of(method: str, path: str, operation: dict[str, Any]) -> dict[str, str]:
    """{"curl", "python"}: the same request for a shell and with the library requests."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = re.sub(rf"{{{parameter['name']}}}", str(parameter["example"]), path)
    url, body = external(f"/api/v1{path}"), _body(operation)
    return {"curl": _curl(method, url, body), "python": _python(method, url, body)}


def _body(operation: dict[str, Any]) -> Any:
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return example_of(schema)


def _curl(method: str, url: str, body: Any) -> str:
    lines = [f"curl -X {method} {url}" if method != "GET" else f"curl {url}", f'-H "Authorization: Bearer {BEARER}"']
    if method != "GET":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        quoted = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    return " \\\n  ".join(lines)


def _python(method: str, url: str, body: Any) -> str:
    headers = ['"Authorization": f"Bearer {token}"']
    if method != "GET":
        headers.append('"Idempotency-Key": str(uuid.uuid4())')
    arguments = [f'"{url}"', f"headers={{{', '.join(headers)}}}"]
    if body is not None:
        arguments.append(f"json={body!r}")
    inner = ",\n    ".join(arguments)
    return f"answer = requests.{method.lower()}(\n    {inner},\n)\nanswer.raise_for_status()\nprint(answer.json())"
