"""Addresses of the settings of the kernel, a file for each noun."""

from app.settings_pages.routes import account, business, index, people, security, setup, sign_in_rules, teams, users
from app.settings_pages.routes.index import settings_item
from app.settings_pages.routes.setup import steps_item

BLUEPRINTS = (index.bp, business.bp, users.bp, teams.bp, account.bp, security.bp, people.bp, sign_in_rules.bp, setup.bp)

__all__ = ["BLUEPRINTS", "settings_item", "steps_item"]
