"""Finding what was written: one table of words, one statement for every question.

Packages say what of theirs is found (`add_source`) and how hits look (`add_group`), and keep the index right in their
verbs (`put`, `renew`, `drop`).
"""

from flask import Flask

from app.search.rebuilding import Difference, rebuild, state
from app.search.sources import Doc, Found, Group, Hit, Reach, add_group, add_source
from app.search.writing import drop, put, renew

__all__ = ["Difference", "Doc", "Found", "Group", "Hit", "Reach", "add_group", "add_source", "drop", "init_app", "put",
           "rebuild", "renew", "state"]  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the pages, the commands and the words of the script."""
    from app.search import commands, routes, snippets

    app.register_blueprint(routes.bp)
    app.cli.add_command(commands.search)
    app.jinja_env.filters.update(found=snippets.marked, snippet=snippets.snippet)
