"""The pages of people and companies."""

from contacts.routes import memberships, points, privacy  # noqa: F401  # they add their addresses to the blueprints above
from contacts.routes.companies import bp as companies_bp
from contacts.routes.people import bp as people_bp

__all__ = ["companies_bp", "people_bp"]
