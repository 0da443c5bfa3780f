"""What somebody is worth to us in a few numbers, at the head of their page: each package adds its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from contacts.models import Contact


class Figure(NamedTuple):
    """A name, a value and small print under it, ready to be shown."""

    name: str
    value: object
    small: object = ""


Provider = Callable[[Contact], list[Figure]]
_providers: dict[str, tuple[int, Provider]] = {}


def add(key: str, order: int, provider: Provider) -> None:
    """Offer figures; lower orders come first, added twice they are replaced."""
    _providers[key] = (order, provider)


def of(contact: Contact) -> list[Figure]:
    """All figures of a contact in their order."""
    ordered = sorted(_providers.values(), key=lambda entry: entry[0])
    return [figure for _order, provider in ordered for figure in provider(contact)]
