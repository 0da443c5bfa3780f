"""Knowledge: answers before a question is asked."""

from flask import Flask

from knowledge import models  # noqa: F401
from knowledge.routes import bp


def init_app(app: Flask) -> None:
    """Register the pages of the frequent questions, and what the search shows of them."""
    from knowledge import audit, searching  # noqa: F401

    app.register_blueprint(bp)
