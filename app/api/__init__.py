"""The JSON API: tokens, shapes, answers kept for repeated requests, and the document. Each package adds its part."""

from flask import Flask

from app import settings_nav
from app.api import models  # noqa: F401
from app.api.routes import BLUEPRINTS
from app.i18n import _l


def init_app(app: Flask) -> None:
    """Register the kernel's operations and pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    settings_nav.add("data", 80, _l("Programs and tokens"), "services.index")
