"""Questions about the health of an installation: a list that every package adds its own to.

`kariz check` asks them, the page "Health" of the settings, and a restore of what it has brought back. A check only
reads, on the connection that it is given, so that it can be asked of a restored copy as well.
"""

from flask import Flask

from app.checks.registry import BAD, OK, WARN, Check, Finding, House, Result, add_repair, all_checks, ask, check, fine

__all__ = [
    "BAD",
    "OK",
    "WARN",
    "Check",
    "Finding",
    "House",
    "Result",
    "add_repair",
    "all_checks",
    "ask",
    "check",
    "fine",
]


def init_app(app: Flask) -> None:
    """Add the kernel's questions, `kariz check`, and the page "Health"."""
    from app import settings_nav
    from app.checks import commands, configuration, database, pages, store, work  # noqa: F401  # some only add theirs
    from app.i18n import _l

    app.cli.add_command(commands.check)
    app.register_blueprint(pages.bp)
    settings_nav.add("data", 90, _l("Health"), "checkup.show")
