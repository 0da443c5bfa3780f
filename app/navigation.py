"""What the side navigation offers: each package adds its own entries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user

from app.users.models import User


@dataclass
class Item:
    """One link. `count` is shown beside it, `is_new` marks the count as unread."""

    label: str
    url: str
    icon: str
    count: int | None = None
    is_new: bool = False

    @property
    def is_current(self) -> bool:
        path = request.path
        return path == self.url or path.startswith(self.url.rstrip("/") + "/")


Provider = Callable[[User], list[Item]]
GROUPS = ("", "boards", "everywhere")
_providers: list[tuple[str, int, Provider]] = []
_start_pages: list[Callable[[User], str | None]] = []


def add(group: str, order: int, provider: Provider) -> None:
    """Offer entries in a group ("", "boards" or "everywhere"); lower orders come first."""
    if group not in GROUPS:
        raise LookupError(group)
    _providers[:] = [entry for entry in _providers if entry[2] is not provider]
    _providers.append((group, order, provider))


def add_start_page(choose: Callable[[User], str | None]) -> None:
    """Offer the page where a user's day begins; the last one that answers wins."""
    if choose not in _start_pages:
        _start_pages.append(choose)


def start_page(user: Any) -> str:
    """Where the user lands after signing in."""
    for choose in reversed(_start_pages):
        page = choose(user)
        if page:
            return page
    return url_for("pages.welcome")


def navigation() -> list[dict[str, Any]]:
    """Groups of links for the current user: `{"key", "items"}`, empty groups left out."""
    # The user itself: providers ask it often, and the proxy looks it up each time.
    user = current_user._get_current_object()  # noqa: SLF001
    if not user.is_authenticated:
        return []
    groups = []
    for group in GROUPS:
        providers = sorted((entry for entry in _providers if entry[0] == group), key=lambda entry: entry[1])
        items = [item for _group, _order, provider in providers for item in provider(user)]
        if items:
            groups.append({"key": group, "items": items})
    return groups


def has_endpoint(name: str) -> bool:
    """Whether a page exists in this installation."""
    return name in current_app.view_functions
