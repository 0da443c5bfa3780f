"""Lists that go on where the last page ended, however long they are: never by counting rows off."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row")


class Page(NamedTuple, Generic[Row]):
    """Rows of a list, and the mark after which the next page begins; None at the end."""

    rows: Sequence[Row]
    after: str | None


def mark(at: datetime, row_id: int) -> str:
    """Where a page of a list by time ends, for the address of the next one."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}.{row_id}"


def parse_mark(text: str | None) -> tuple[datetime, int] | None:
    """The instant and id of a mark; None for what is none."""
    match = re.fullmatch(r"([0-9]{1,17})\.([0-9]{1,18})", text or "")
    return (EPOCH + timedelta(microseconds=int(match[1])), int(match[2])) if match else None


def older_than(text: str | None, at: Any, row_id: Any) -> ColumnElement[bool]:
    """Whether a row comes after the mark in a list by time, newest first; without a mark every row does."""
    found = parse_mark(text)
    return sa.or_(at < found[0], sa.and_(at == found[0], row_id < found[1])) if found else sa.true()
