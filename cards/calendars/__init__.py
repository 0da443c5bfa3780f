"""The settings of time: calendars, dated weeks, days off, closures, and how long an answer may take."""

from flask import Flask

from app import settings_nav
from app.dates import in_digits
from app.i18n import _l
from cards.calendars.blueprint import bp
from cards.calendars.routes import calendars, closings, holidays, targets  # noqa: F401  # they add to the blueprint


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.filters["clock"] = clock
    settings_nav.add("business", 10, _l("Working hours"), "calendars.index")
    settings_nav.add("work", 10, _l("Targets for answers"), "calendars.targets")


def clock(minute: int) -> str:
    """Minutes after midnight as a time of day."""
    return in_digits(f"{minute // 60:02d}:{minute % 60:02d}")
