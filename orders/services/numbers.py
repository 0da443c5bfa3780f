"""Numbers without holes, and acts that are done once however often they are sent."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from app.db import insert_missing
from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.text import ascii_digits, clean_line
from cards.models import BoardOp
from orders.models import NumberSeries

_NUMBER = re.compile(r"[\w\-.]{1,40}")


def next_number(series: str, *, first: int = 1) -> int:
    """The next number of a series, held until the transaction ends; rolled back, it is given again."""
    db.session.execute(insert_missing(NumberSeries, db.engine.dialect.name).values(name=series, last=first - 1))
    statement = sa.update(NumberSeries).where(NumberSeries.name == series).values(last=NumberSeries.last + 1)
    statement = statement.returning(NumberSeries.last).execution_options(synchronize_session=False)
    return int(db.session.execute(statement).scalar_one())


def checked_number(number: str) -> str:
    """A number that was given from outside, as it is stored. Raises a `DomainError` when an address can't hold it."""
    number = ascii_digits(clean_line(number))
    if not _NUMBER.fullmatch(number):
        sentence = _("A number has letters, digits, hyphens and dots, at most 40 of them.")
        raise DomainError(sentence, code="invalid", field="number")
    return number


def done_before(op_id: str | None) -> dict[str, Any] | None:
    """What an act with this number of the page answered before. Ask while holding the lock of what it changes."""
    return db.session.scalar(sa.select(BoardOp.answer).where(BoardOp.op_id == op_id)) if op_id else None


def keep_answer(op_id: str | None, answer: dict[str, Any], *, by: Actor | None) -> None:
    """Remember that the act was done, and what came of it."""
    if op_id:
        user_id = by.id if by and by.actor_kind == "user" else None
        db.session.add(BoardOp(op_id=op_id, user_id=user_id, answer=answer))
        db.session.flush()
