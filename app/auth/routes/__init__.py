"""Addresses of signing in, a file for each noun."""

from app.auth.routes import addresses, confirmation, second_step, sign_in

BLUEPRINTS = (sign_in.bp, second_step.bp, confirmation.bp, addresses.bp)

__all__ = ["BLUEPRINTS"]
