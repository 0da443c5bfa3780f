"""Boards for programs."""

from flask import Flask

from pipelines.api import boards, feed, services  # noqa: F401  # what is told of events, what services reach


def init_app(app: Flask) -> None:
    """Register the operations."""
    app.register_blueprint(boards.bp)
