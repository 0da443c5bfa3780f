"""Installations in processes of their own: filled, served, stopped, and asked as people ask."""

from tests.houses.house import PATIENCE_SECONDS, ROOT, Answer, House, until

__all__ = ["PATIENCE_SECONDS", "ROOT", "Answer", "House", "until"]
