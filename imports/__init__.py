"""Imports: companies, contacts, products and orders from files, checked first and carried out in short steps."""

from flask import Flask

from app import settings_nav
from app.i18n import _l
from imports import models, tasks  # noqa: F401


def init_app(app: Flask) -> None:
    """Register the pages, the passes and the commands."""
    from imports import audit, privacy  # noqa: F401
    from imports.commands import imports
    from imports.routes import bp

    app.register_blueprint(bp)
    app.cli.add_command(imports)
    settings_nav.add("data", 0, _l("Import"), "imports.index")
