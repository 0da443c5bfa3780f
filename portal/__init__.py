"""The customers' side: what they see and do."""

from flask import Flask

from portal import access, routes, sockets, tasks  # noqa: F401
from portal.blueprint import bp


def init_app(app: Flask) -> None:
    """Register the pages, the reader of portal pages, live news and the sweep of old codes."""
    from portal import privacy  # noqa: F401  # says what it holds of a person

    access.init_app(app)
    app.register_blueprint(bp)
