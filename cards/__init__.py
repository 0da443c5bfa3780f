"""Cards."""

from flask import Flask

from cards import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Register this package."""
