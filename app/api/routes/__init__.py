"""The kernel's own part of the API, and its pages."""

from app.api.routes import bearer, document, events

BLUEPRINTS = (document.bp, bearer.bp, events.bp)
