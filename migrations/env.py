"""How migrations reach the database: through the application, one runner at a time."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from app.db import UTCDateTime
from app.extensions import Model, db

# Held while migrating, so that two processes that start at once do not both run.
LOCK = 4_215_001
PATIENCE = "4s"


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Types of ours are written as what the database knows: old migrations must not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def same_type(_context: Any, _inspected: Any, _column: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    """JSON on SQLite and our instants are reported differently and are the same."""
    return False if isinstance(metadata_type, UTCDateTime) and isinstance(inspected_type, sa.DateTime) else None


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The search keeps its words in tables that SQLite makes beside it, and in an index that only PostgreSQL has."""
    return not (kind == "table" and (name or "").startswith("search_fts")) and name != "ix_search_docs_words"


def run(connection: Connection) -> None:
    """Run what Alembic was asked for in one transaction; on SQLite without foreign keys, which are checked after it.

    A batch migration drops and makes a table anew: with foreign keys on, its children would go with it.
    """
    context.configure(connection=connection, target_metadata=Model.metadata, render_as_batch=True,
                      compare_type=same_type, render_item=render_item, include_name=is_ours)  # fmt: skip
    is_sqlite = connection.dialect.name == "sqlite"
    with context.begin_transaction():
        if not is_sqlite:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            # A change of a table that waits for a long transaction would let everybody wait behind it.
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
        context.run_migrations()
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration would leave rows that point nowhere")


def main() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        # Its owner has begun, and commits.
        run(given)
        return
    engine = db.engine
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            connection.rollback()
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
            connection.commit()
        finally:
            connection.rollback()
            if connection.dialect.name == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")


with current_app.app_context():
    main()
