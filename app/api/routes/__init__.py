"""The kernel's own part of the API, and its pages."""

from app.api.routes import bearer, document, events, reading, tokens

BLUEPRINTS = (document.bp, bearer.bp, events.bp, reading.bp, tokens.own, tokens.services)
