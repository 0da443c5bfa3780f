"""Whose page it is, as parameters: statements of hot pages are built once, and asked for each customer."""

from typing import Any

import sqlalchemy as sa

READER = sa.bindparam("reader", type_=sa.Integer)
COMPANIES = sa.bindparam("companies", type_=sa.Integer, expanding=True)


def companies(has_any: bool) -> Any:
    """The parameter, or None for a customer who sees no company: the database then has one index to look in."""
    return COMPANIES if has_any else None
