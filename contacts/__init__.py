"""Contacts."""

from flask import Flask

from contacts import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Register this package."""
