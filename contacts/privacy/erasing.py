"""What is erased of a person, and what stays: told by each package, shown before, done in short steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.extensions import db
from app.phones import show_phone
from contacts.models import Contact


@dataclass(frozen=True)
class Going:
    """A line of what goes."""

    label: str
    count: int


class Staying(NamedTuple):
    """A line of what stays, and the reason why."""

    label: str
    reason: str


Preview = Callable[[Contact], Iterable[Going]]
# Erases some of what it finds and answers how much that was; 0 when nothing is left. Harmless twice.
Step = Callable[[Contact], int]
Blocks = Callable[[Contact], Iterable[str]]
Stays = Callable[[Contact], Iterable[Staying]]


@dataclass(frozen=True)
class Part:
    """What one package erases. `order`: what others still need to find their share goes later."""

    key: str
    order: int
    preview: Preview
    step: Step


_parts: dict[str, Part] = {}
_blocks: list[Blocks] = []
_stays: list[Stays] = []
BATCH = 200
# Shorter values would be found in other people's data.
SHORTEST = 5


def add(key: str, order: int, *, preview: Preview, step: Step) -> None:
    """Let a package erase what it holds of a person."""
    _parts[key] = Part(key, order, preview, step)


def block_with(fn: Blocks) -> None:
    """Refuse an erasure while the function has reasons, as whole sentences."""
    if fn not in _blocks:
        _blocks.append(fn)


def stay_with(fn: Stays) -> None:
    """Say what stays."""
    if fn not in _stays:
        _stays.append(fn)


def preview(contact: Contact) -> list[Going]:
    """What would go; what there is none of is left out."""
    return [going for part in _ordered() for going in part.preview(contact) if going.count]


def staying(contact: Contact) -> list[Staying]:
    """What would stay."""
    return [line for stays in _stays for line in stays(contact)]


def blocks(contact: Contact) -> list[str]:
    """Why it cannot be done yet."""
    return [sentence for find in _blocks for sentence in find(contact)]


def run(contact_id: int, note: Callable[[dict[str, int]], None]) -> dict[str, int]:
    """Erase everything, part by part; each step is a transaction of its own, with `note` told of the counts inside it.

    Begun again after a crash it goes on where it was: what is gone is not found any more.
    """
    counts: dict[str, int] = {}
    for part in _ordered():
        while True:
            contact = db.session.get_one(Contact, contact_id, populate_existing=True)
            done = part.step(contact)
            counts[part.key] = counts.get(part.key, 0) + done
            note(counts)
            db.session.commit()
            if not done:
                break
    return counts


def keys() -> list[str]:
    """The parts in the order in which they go."""
    return [part.key for part in _ordered()]


def _ordered() -> list[Part]:
    return sorted(_parts.values(), key=lambda part: part.order)


def values_of(contact: Contact) -> list[str]:
    """What names this person wherever it was copied to: names and points in the spellings they are written in."""
    found: dict[str, Any] = dict.fromkeys((contact.name, contact.name_en, contact.external_id or ""))
    for point in contact.points:
        found |= dict.fromkeys((point.raw, point.normalised))
        if point.kind in {"mobile", "phone"}:
            shown = show_phone(point.normalised)
            found |= dict.fromkeys((shown, shown.replace(" ", ""), point.normalised.removeprefix("+98")))
    return [text for text in found if len(text) >= SHORTEST]
