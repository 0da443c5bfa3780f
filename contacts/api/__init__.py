"""People and companies for programs."""

from flask import Flask

from contacts.api import companies, feed, people  # noqa: F401  # what is told of events


def init_app(app: Flask) -> None:
    """Register the operations."""
    app.register_blueprint(people.bp)
    app.register_blueprint(companies.bp)
