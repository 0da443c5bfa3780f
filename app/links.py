"""Addresses that leave the house: always of the base URL that the operator set, never of a request's Host header."""

from flask import current_app


def external(path: str) -> str:
    """The full address of one of our paths."""
    base = current_app.config["BASE_URL"]
    if not base:
        base = f"http://{current_app.config['HOST']}:{current_app.config['PORT']}"
    return f"{base}/{path.lstrip('/')}"
