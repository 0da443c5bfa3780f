"""Tabs of the page of a contact, and of a company: each package adds what it knows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from contacts.models import Company, Contact

Subject = TypeVar("Subject", Contact, Company)
Args = Mapping[str, str]


@dataclass(frozen=True)
class Section(Generic[Subject]):
    """One tab. `render` gets the arguments of the address and answers HTML, or None when there is nothing to offer."""

    key: str
    label: str
    order: int
    render: Callable[[Subject, Args], str | None]
    count: Callable[[Subject], int] | None = None
    # A tab without anything behind it is left out where it would only be noise.
    is_hidden_when_empty: bool = False


class Sections(Generic[Subject]):
    """The tabs of one kind of page, in their order."""

    def __init__(self) -> None:
        self._known: dict[str, Section[Subject]] = {}

    def add(self, section: Section[Subject]) -> None:
        self._known[section.key] = section

    def all(self) -> list[Section[Subject]]:
        return sorted(self._known.values(), key=lambda section: section.order)


of_contacts: Sections[Contact] = Sections()
of_companies: Sections[Company] = Sections()


def add(
    key: str,
    label: str,
    order: int,
    render: Callable[[Contact, Args], str | None],
    *,
    count: Callable[[Contact], int] | None = None,
    is_hidden_when_empty: bool = False,
) -> None:
    """Add a tab to the page of a contact; lower orders come first, added twice it is replaced."""
    of_contacts.add(Section(key, label, order, render, count, is_hidden_when_empty))


def add_to_companies(
    key: str,
    label: str,
    order: int,
    render: Callable[[Company, Args], str | None],
    *,
    count: Callable[[Company], int] | None = None,
) -> None:
    """Add a tab to the page of a company."""
    of_companies.add(Section(key, label, order, render, count))
