"""Events as lines that people read: the sentence, the changes, from where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from app.audit import acts, things, values
from app.audit.things import Thing
from app.audit.values import Change, Things
from app.events import Event
from app.i18n import _

MarkName = Callable[[Thing], str]


class Line(NamedTuple):
    """One event. `sentence` is marked up for pages and plain for files."""

    event: Event
    group: str
    sentence: str
    changes: list[Change]


class Places(dict[str, str]):
    """The values for the places of a sentence; what an event does not say reads as nothing."""

    def __missing__(self, key: str) -> str:
        return _("nothing")


def lines_of(events: Sequence[Event], *, plain: bool = False) -> list[Line]:
    """The events in words. One query for each kind of things they speak of, however many they are."""
    known = things.load(_wanted(events))
    return [_line(event, known, _plain_name if plain else _marked_name) for event in events]


def _wanted(events: Sequence[Event]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for kind, thing_id in _references(event):
            if isinstance(thing_id, int) and not isinstance(thing_id, bool):
                wanted[kind].add(thing_id)
    return wanted


def _references(event: Event) -> list[tuple[str, Any]]:
    """(kind, id) of everything an event speaks of."""
    found: list[tuple[str, Any]] = [(kind, thing_id) for kind, thing_id in _subjects(event) if thing_id is not None]
    data = event.data if isinstance(event.data, dict) else {}
    for key, kind in acts.act_of(event.name).refs.items():
        value = data.get(key)
        found += [(kind, entry) for entry in (value if isinstance(value, list) else [value])]
    for name, sides in values.pairs(event).items():
        named = values.kind_of_field(name)
        if named:
            found += [(named, entry) for side in sides for entry in (side if isinstance(side, list) else [side])]
    return found


def _subjects(event: Event) -> list[tuple[str, int | None]]:
    return [(event.actor_kind or "", event.actor_id), (event.subject_kind or "", event.subject_id),
            ("contact", event.contact_id), ("card", event.card_id), ("pipeline", event.pipeline_id)]  # fmt: skip


def _line(event: Event, known: Things, name: MarkName) -> Line:
    act = acts.act_of(event.name)
    sentence = act.words_for(event)
    places = Teller(event, act, known, name).places()
    told = Markup.escape(sentence) % places if name is _marked_name else sentence % places
    return Line(event, act.group, told, values.changes(event, known))


@dataclass(frozen=True)
class Teller:
    """Fills the places of one event's sentence."""

    event: Event
    act: acts.Act
    known: Things
    name: MarkName

    @property
    def data(self) -> dict[str, Any]:
        return self.event.data if isinstance(self.event.data, dict) else {}

    def places(self) -> Places:
        event = self.event
        places = Places({key: self.value(key, value) for key, value in self.data.items() if key not in {"from", "to"}})
        if "day" in self.data:
            places["day_on"] = self.value("day_on", self.data["day"])
        field = self.act.field_of(event)
        places["old"], places["new"] = (self.value(side, self.data.get(side), field) for side in ("from", "to"))
        places["who"], places["thing"] = self.actor(), self.thing(event.subject_kind, event.subject_id)
        for place, kind, thing_id in (("contact", "contact", event.contact_id), ("card", "card", event.card_id),
                                      ("board", "pipeline", event.pipeline_id)):  # fmt: skip
            if thing_id is not None:
                places[place] = self.thing(kind, thing_id)
        return places

    def value(self, key: str, value: Any, field: str = "") -> str:
        """What the data says under a key: names of things, else the value as its field reads."""
        kind = self.act.refs.get(key)
        if kind is None or not value:
            return self.name(Thing(values.shown(field or key, value, self.known)))
        entries = value if isinstance(value, list) else [value]
        return _joined([self.thing(kind, entry) for entry in entries])

    def thing(self, kind: str | None, thing_id: Any) -> str:
        if kind is None or thing_id is None:
            return _("nothing")
        found = self.known.get((kind, thing_id)) if isinstance(thing_id, int) else None
        return self.name(found or Thing(values.name_of(kind, thing_id, self.known)))

    def actor(self) -> str:
        event = self.event
        if event.actor_kind is None:
            return _("Somebody") if event.source_address else _("Kariz")
        return self.name(self.known.get((event.actor_kind, event.actor_id or 0)) or Thing(_("Somebody")))


def _joined(names: list[str]) -> str:
    """One line of several names, marked up when they are."""
    first, *others = names
    for name in others:
        first = first + _(", ") + name
    return first


def _marked_name(thing: Thing) -> Markup:
    if thing.url:
        return Markup('<a href="{}"><bdi>{}</bdi></a>').format(thing.url, thing.name)
    return Markup("<bdi>{}</bdi>").format(thing.name)


def _plain_name(thing: Thing) -> str:
    return thing.name
