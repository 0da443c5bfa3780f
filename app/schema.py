"""The way from the database as it is to the tables this code expects."""

from alembic import command
from alembic.config import Config

from app.config import ROOT

MIGRATIONS = ROOT / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration; its commands then work on the database of the current app."""
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade() -> None:
    """Run the migrations that the current app's database has not seen. Raises what a migration raises."""
    command.upgrade(alembic_config(), "head")
