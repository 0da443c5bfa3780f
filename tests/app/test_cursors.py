"""What the driver tells of a result is enough to read it by name, whether it has rows or none."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.world import World

pytestmark = pytest.mark.servers


def test_columns_are_read_by_name_even_where_there_are_no_rows(world: World) -> None:
    for condition in ("1 = 1", "1 = 0"):
        found = db.session.execute(sa.text(f"SELECT 7 AS number, 'x' AS word WHERE {condition}"))
        assert list(found.keys()) == ["number", "word"]
    assert db.session.execute(sa.text("SELECT 7 AS number, 'x' AS word")).one().number == 7


def test_what_answers_no_rows_describes_none(world: World) -> None:
    found = db.session.connection().execute(sa.text("CREATE TEMPORARY TABLE described (id integer)"))
    assert not found.returns_rows
