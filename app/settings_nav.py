"""The pages of the settings: each package adds its own to one list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from app.users.models import User

GROUPS = ("business", "people", "work", "messages", "data")


@dataclass(frozen=True)
class Page:
    """One settings page. `shown_to` says who finds it in the list; the page guards itself."""

    group: str
    order: int
    label: Any
    endpoint: str
    shown_to: Callable[[User], bool]


_pages: dict[str, Page] = {}


def _is_admin(user: User) -> bool:
    return user.is_admin


def add(group: str, order: int, label: Any, endpoint: str, shown_to: Callable[[User], bool] = _is_admin) -> None:
    """Offer a page; by default to admins only."""
    if group not in GROUPS:
        raise LookupError(group)
    _pages[endpoint] = Page(group, order, label, endpoint, shown_to)


def settings_pages() -> list[dict[str, Any]]:
    """What the current user finds: `{"group", "label", "url", "is_current"}` in order."""
    pages = sorted(_pages.values(), key=lambda page: (GROUPS.index(page.group), page.order))
    user, path, found = current_user._get_current_object(), request.path, []  # noqa: SLF001  # asked once a page
    for page in pages:
        if page.shown_to(user):
            url = url_for(page.endpoint)
            is_current = path == url or path.startswith(url.rstrip("/") + "/")
            found.append({"group": page.group, "label": page.label, "url": url, "is_current": is_current})
    return found
