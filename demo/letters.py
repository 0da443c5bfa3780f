"""The messages of the story: written as they would have been, kept on the page of sent messages, sent to nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import sqlalchemy as sa
import structlog

from app.clock import freeze
from app.extensions import db
from app.outbox import Outbox, carry_out_past


def write_letters() -> None:
    """Carry out every waiting row, a few seconds after it was written."""
    chance = Random("letters")
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.state == "waiting").order_by(Outbox.id)).all()
    with _quietly():
        for row in rows:
            with freeze(row.created_at + timedelta(seconds=chance.uniform(1, 9))):
                carry_out_past(row)
    db.session.flush()


@contextmanager
def _quietly() -> Iterator[None]:
    """Without a line in the log for each of them: at the first start they would bury the sign-ins."""
    before = structlog.get_config()
    structlog.configure(**{**before, "wrapper_class": structlog.make_filtering_bound_logger(logging.WARNING)})
    try:
        yield
    finally:
        structlog.configure(**before)
