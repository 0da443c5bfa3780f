"""Backup and restore: one archive of database, files and key, from and to SQLite and PostgreSQL alike."""

from flask import Flask

from app.backup import commands


def init_app(app: Flask) -> None:
    """Add `kariz backup` and `kariz restore`."""
    app.cli.add_command(commands.backup)
    app.cli.add_command(commands.restore)
