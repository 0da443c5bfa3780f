"""Pipelines."""

from flask import Flask

from pipelines import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Register this package."""
