"""What an application learns before it serves, once for all processes that are forked from it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def loading() -> Iterator[None]:
    """Nothing of what is loaded inside is rubbish: it is not looked through now, nor written to by a later look."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def warm(app: "Flask") -> None:
    """Relate the tables, read catalogues, calendars and holidays, compile the pages: no first visitor waits."""
    from flask_babel import force_locale, get_locale, get_translations
    from sqlalchemy.orm import configure_mappers

    from app.calendars.holidays import public_holidays
    from app.clock import utcnow
    from app.extensions import db

    configure_mappers()
    public_holidays(utcnow().year)
    with app.test_request_context():
        for language in ("fa", "en"):
            with force_locale(language):
                get_translations()
                locale = get_locale()
                locale._data  # noqa: B018, SLF001
        for name in app.jinja_env.list_templates(extensions=["html"]):
            app.jinja_env.get_template(name)
    with app.app_context():
        db.engine.dispose()
