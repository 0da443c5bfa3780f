"""Addresses of signing in, a file for each noun."""

from app.auth.routes import confirmation, sign_in

BLUEPRINTS = (sign_in.bp, confirmation.bp)

__all__ = ["BLUEPRINTS"]
