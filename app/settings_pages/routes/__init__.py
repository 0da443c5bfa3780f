"""Addresses of the settings of the kernel, a file for each noun."""

from app.settings_pages.routes import account, business, index, setup, teams, users
from app.settings_pages.routes.index import settings_item
from app.settings_pages.routes.setup import steps_item

BLUEPRINTS = (index.bp, business.bp, users.bp, teams.bp, account.bp, setup.bp)

__all__ = ["BLUEPRINTS", "settings_item", "steps_item"]
