"""Holding a row, so that what is compared and changed is what is there."""

import sqlalchemy as sa

from app.extensions import Model, db


def hold(row: Model) -> None:
    """Lock a stored row until the transaction ends, and read it again.

    Two statements: rows remember with which joins they came, and PostgreSQL refuses a lock on an outer join.
    """
    state = sa.inspect(row)
    key, values = state.mapper.primary_key, state.identity or ()
    is_row = sa.and_(*(column == value for column, value in zip(key, values, strict=True)))
    db.session.execute(sa.select(*key).where(is_row).with_for_update())
    db.session.refresh(row)
