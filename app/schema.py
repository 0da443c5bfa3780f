"""The way from the database as it is to the tables this code expects.

Alembic is loaded where it is used: a process that finds the tables as they should be does without it.
"""

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.config import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = ROOT / "migrations"
_NAMED = re.compile(r'^(down_)?revision = "(\w+)"$', re.MULTILINE)


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration; its commands then work on the database of the current app, or on `connection`."""
    from alembic.config import Config

    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(revision: str = "head", connection: Connection | None = None) -> None:
    """Run the migrations up to `revision` that the database has not seen. Raises what a migration raises.

    With a `connection` they are part of its transaction, which the caller commits; SQLite must not watch foreign keys.
    """
    from alembic import command

    command.upgrade(alembic_config(connection), revision)


def downgrade(revision: str, connection: Connection | None = None) -> None:
    """Go back to `revision`; "base" is no table at all."""
    from alembic import command

    command.downgrade(alembic_config(connection), revision)


def head() -> str:
    """The revision that this code expects: the one that no other comes after. Reads the files, runs none."""
    named = [found for path in (MIGRATIONS / "versions").glob("*.py") for found in _NAMED.findall(path.read_text())]
    last: str
    (last,) = {name for is_before, name in named if not is_before} - {name for is_before, name in named if is_before}
    return last


def is_current(engine: sa.Engine) -> bool:
    """Whether the database has the tables this code expects. False too when it cannot be asked."""
    try:
        with engine.connect() as connection:
            found = connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
    except SQLAlchemyError:
        return False
    return list(found) == [head()]


def knows(revision: str) -> bool:
    """Whether this code has the migration, and so the way from there."""
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False
