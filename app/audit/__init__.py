"""Audit: the events of the house, read as sentences. Who did what, when, from where, and what it was before."""

from flask import Flask

from app import settings_nav
from app.i18n import _l


def init_app(app: Flask) -> None:
    """Register the page, the kernel's own words, and the sweep that forgets addresses."""
    from app.audit import retention, words, words_of_security  # noqa: F401
    from app.audit.routes import bp

    app.register_blueprint(bp)
    settings_nav.add("data", 50, _l("Audit"), "audit.index")
