"""Lists of the API: each page begins where the last one ended, by the id of its last row."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select

from app.api.shapes import Listing
from app.errors import DomainError
from app.extensions import db
from app.i18n import _
from app.links import external

Row = TypeVar("Row")
_MARK = re.compile(r"(newest|oldest)\.([0-9]{1,18})")


def rows_of(query: Select[Any], row_id: Any, asked: Listing) -> tuple[list[Any], str | None]:
    """One page of a query, and the address of the next one; None at the end. One query, and those of eager loads."""
    if asked.cursor is not None:
        last = _id_of(asked.cursor, asked.sort)
        query = query.where(row_id > last if asked.sort == "oldest" else row_id < last)
    query = query.order_by(None).order_by(row_id if asked.sort == "oldest" else row_id.desc())
    found = list(db.session.scalars(query.limit(asked.limit + 1)).unique())
    rows = found[: asked.limit]
    return rows, next_page(f"{asked.sort}.{rows[-1].id}") if len(found) > asked.limit else None


def items(rows: Sequence[Row], show: Callable[[Row], Any]) -> list[Any]:
    """Each row as it is shown."""
    return [show(row) for row in rows]


def next_page(mark: str) -> str:
    """The address of the page after a mark, with everything else that this one was asked with."""
    cursor = base64.urlsafe_b64encode(mark.encode()).decode().rstrip("=")
    return external(f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': cursor})}")


def _id_of(cursor: str, order: str) -> int:
    """Raises a `DomainError` for a cursor that is none, or of a list in the other order."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    match = _MARK.fullmatch(text)
    if match is None or match[1] != order:
        raise DomainError(_("This page of the list is unknown."), code="unknown_cursor", field="cursor")
    return int(match[2])
