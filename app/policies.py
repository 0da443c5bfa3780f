"""Asking a policy."""

from app.errors import Denied


def require(allowed: bool) -> None:
    """Raise `Denied` (403) unless the policy said yes."""
    if not allowed:
        raise Denied
