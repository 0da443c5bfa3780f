"""The way from the database as it is to the tables this code expects."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection

from app.config import ROOT

MIGRATIONS = ROOT / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; its commands then work on the database of the current app, or on `connection`."""
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(revision: str = "head", connection: Connection | None = None) -> None:
    """Run the migrations up to `revision` that the database has not seen. Raises what a migration raises.

    With a `connection` they are part of its transaction, which the caller commits; SQLite must not watch foreign keys.
    """
    command.upgrade(alembic_config(connection), revision)


def downgrade(revision: str, connection: Connection | None = None) -> None:
    """Go back to `revision`; "base" is no table at all."""
    command.downgrade(alembic_config(connection), revision)


def head() -> str:
    """The revision that this code expects."""
    return ScriptDirectory(str(MIGRATIONS)).get_heads()[0]


def knows(revision: str) -> bool:
    """Whether this code has the migration, and so the way from there."""
    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False
