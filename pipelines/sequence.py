"""The order of a pipeline's events, and the lock that keeps it: the pipeline's row.

Written in SQLAlchemy Core: it is the first statement of every move.
"""

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import table_of
from app.errors import Conflict, NotFound
from app.extensions import db
from app.i18n import _
from pipelines.models import Pipeline

PIPELINES = table_of(Pipeline)


class Turn(NamedTuple):
    """A place in the pipeline's order of events, held until the transaction ends."""

    seq: int
    epoch: int


def lock(pipeline_id: int, *, renews: bool = False) -> Turn:
    """Take the pipeline's lock and the next number of its order. A rolled-back turn leaves no hole.

    `renews` raises the epoch too: from the commit on, the board's rooms have new names.
    """
    row = db.session.execute(_next(renews), {"board": pipeline_id}).first()
    if row is None:
        raise NotFound
    return Turn(row.seq, row.access_epoch)


@cache
def _next(renews: bool) -> Any:
    changes = {"seq": PIPELINES.c.seq + 1}
    if renews:
        changes["access_epoch"] = PIPELINES.c.access_epoch + 1
    statement = sa.update(PIPELINES).where(PIPELINES.c.id == sa.bindparam("board")).values(changes)
    return statement.returning(PIPELINES.c.seq, PIPELINES.c.access_epoch)


def give_back(pipeline_id: int) -> None:
    """Return the number that was just taken, because nothing happened: the order of events has no holes.

    Only while its lock is held, and before anything was recorded under it.
    """
    row = sa.update(PIPELINES).where(PIPELINES.c.id == pipeline_id)
    db.session.execute(row.values(seq=PIPELINES.c.seq - 1))


def hold(pipeline: Pipeline, base_epoch: int | None = None) -> None:
    """Lock a pipeline that is about to be changed, without taking a number; what was read before is read anew.

    `base_epoch`: the epoch of the page that the change was made on. Raises `Conflict` when the board changed since.
    """
    db.session.expire_all()
    db.session.refresh(pipeline, with_for_update=True)
    if base_epoch is not None and base_epoch != pipeline.access_epoch:
        sentence = _("Somebody has just changed this board. Look at it as it is now, then send your change again.")
        raise Conflict(sentence, code="changed")
