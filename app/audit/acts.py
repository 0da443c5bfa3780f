"""What can be done, in words: a sentence for each name of the vocabulary, and the kind of act it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.events import Event
from app.i18n import _l

GROUPS = {
    "sign_ins": _l("Sign-ins"),
    "settings": _l("Settings"),
    "rights": _l("Rights and accounts"),
    "exports": _l("Exports and imports"),
    "contacts": _l("Contacts"),
    "cards": _l("Cards"),
    "orders": _l("Orders and products"),
}
# A lazy sentence with places, or what chooses one by the event.
Sentence = str | Callable[[Event], str]


@dataclass(frozen=True)
class Act:
    """How events of a name are told.

    A sentence has the places %(who)s, %(thing)s (what the event is about), %(contact)s, %(card)s, %(board)s, %(old)s
    and %(new)s, and one for each key of the event's data. `refs`: data keys that hold the id of a thing, by its kind.
    `field`: which field it is that went from one plain value to another.
    """

    group: str
    sentence: Sentence
    refs: Mapping[str, str]
    field: str | Callable[[Event], str] = ""

    def words_for(self, event: Event) -> str:
        return str(self.sentence(event) if callable(self.sentence) else self.sentence)

    def field_of(self, event: Event) -> str:
        return self.field(event) if callable(self.field) else self.field


_acts: dict[str, Act] = {}
UNKNOWN = Act("settings", lambda event: f"%(who)s: {event.name} (%(thing)s)", {})


def tell(name: str, group: str, sentence: Sentence, *, field: str | Callable[[Event], str] = "", **refs: str) -> None:
    """Give an event's name its words. `refs`: see `Act`; "from_" and "to_" stand for the keys "from" and "to"."""
    if group not in GROUPS:
        raise LookupError(group)
    _acts[name] = Act(group, sentence, {key.rstrip("_"): kind for key, kind in refs.items()}, field)


def act_of(name: str) -> Act:
    """The words for a name; its bare facts when nobody gave any."""
    return _acts.get(name, UNKNOWN)


def names_of(group: str) -> list[str]:
    """The names that belong to a kind of act."""
    return sorted(name for name, act in _acts.items() if act.group == group)


def told_names() -> frozenset[str]:
    """Every name that has words."""
    return frozenset(_acts)
