"""Knowledge: answers before a question is asked."""

from flask import Flask

from knowledge import models  # noqa: F401
from knowledge.routes import bp


def init_app(app: Flask) -> None:
    """Register the pages of the frequent questions."""
    from knowledge import audit  # noqa: F401
    app.register_blueprint(bp)
