"""Cards for programs."""

from flask import Flask

from cards.api import acts, cards, feed  # noqa: F401  # acts are operations too, and what is told of events


def init_app(app: Flask) -> None:
    """Register the operations."""
    app.register_blueprint(cards.bp)
