"""Addresses: those that leave the house are of the base URL that the operator set, never of a request's Host header."""

import re

from flask import current_app, request

API_PATH = "/api/v1/"

# A browser drops tabs and line ends and reads a backslash as a slash: "/\t/host" would lead to another host.
_OWN_PATH = re.compile(r"/(?!/)[^\x00-\x1f\x7f\\]*")


def is_api() -> bool:
    """Whether a program asks, which shows a token and never a cookie."""
    return request.path.startswith(API_PATH)


def external(path: str) -> str:
    """The full address of one of our paths."""
    base = current_app.config["BASE_URL"]
    if not base:
        base = f"http://{current_app.config['HOST']}:{current_app.config['PORT']}"
    return f"{base}/{path.lstrip('/')}"


def own_path(target: str | None, default: str) -> str:
    """The path to go back to when it is one of ours, else the default. `target` is what a browser sent."""
    return target if target and _OWN_PATH.fullmatch(target) else default
