"""Open work that a colleague holds: packages that know of some tell where it is and who may take it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.errors import DomainError
from app.events import Actor
from app.i18n import _n
from app.users.models import User


@dataclass(frozen=True)
class Holding:
    """What a colleague holds in one place, say a board. `candidates`: who may take it over, by name."""

    key: str
    name: str
    count: int
    candidates: tuple[User, ...]


Find = Callable[[User], list[Holding]]
HandOver = Callable[[User, str, User | None, Actor], None]
_keepers: list[tuple[Find, HandOver]] = []


def add(find: Find, hand_over: HandOver) -> None:
    """Tell of open work: `find(user)`, and `hand_over(user, key, to, by)` gives one holding away, or to nobody."""
    if (find, hand_over) not in _keepers:
        _keepers.append((find, hand_over))


def holdings_of(user: User) -> list[Holding]:
    """Everything that waits for this user, place by place."""
    return [holding for find, _hand_over in _keepers for holding in find(user)]


def hand_over_all(user: User, takers: Mapping[str, User | None], *, by: Actor) -> None:
    """Give every holding to its taker; None leaves it to whoever picks it up first.

    Raises a `DomainError` that names the holding when nobody was chosen, or somebody who does not work there.
    """
    for find, hand_over in _keepers:
        for holding in find(user):
            if holding.key not in takers:
                raise DomainError(
                    _n("Say who takes the %(num)s open card of %(place)s.",
                       "Say who takes the %(num)s open cards of %(place)s.", holding.count, place=holding.name),
                    code="holder_missing", field=holding.key,
                )  # fmt: skip
            hand_over(user, holding.key, takers[holding.key], by)
