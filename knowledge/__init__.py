"""Knowledge."""

from flask import Flask

from knowledge import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Register this package."""
