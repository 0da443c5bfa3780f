"""People and companies: who they are, how to reach them, everything that happened with them on one page."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from app import navigation
from app.i18n import _
from app.users.models import User
from contacts import models  # noqa: F401


@dataclass
class Everybody(navigation.Item):
    """The entry for people, current on the pages of companies too."""

    @property
    def is_current(self) -> bool:
        return request.path.startswith(("/contacts", "/companies"))


def _entries(_user: User) -> list[navigation.Item]:
    return [Everybody(_("Contacts"), url_for("contacts.index"), "people")]


def init_app(app: Flask) -> None:
    """Register the pages, their tabs and words, and the entry of the side navigation."""
    from contacts import api, audit, pages, searching, tasks, words  # noqa: F401
    from contacts.privacy import own  # noqa: F401
    from contacts.routes import companies_bp, people_bp

    app.register_blueprint(people_bp)
    app.register_blueprint(companies_bp)
    api.init_app(app)
    navigation.add("everywhere", 10, _entries)
