"""What can be filled from a file, and which header names mean it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.text import compact_key

_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Field:
    """One thing that a row may say.

    `kind`: text, key, whole, money, rate, discount, flag, day or moment. `names`: header names that mean it, in any
    spelling. `joins`: several columns make one text. `identifies`: an existing record can be recognised by it.
    """

    key: str
    label: str
    kind: str = "text"
    names: tuple[str, ...] = ()
    is_required: bool = False
    joins: bool = False
    identifies: bool = False

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(compact_key(name) for name in (self.key, *self.names))


def header_key(header: str) -> str:
    """A header without unit, case, spaces and marks: "unitPrice", "Unit price ($)" and "unit_price" are one."""
    return compact_key(_HUMPS.sub(" ", _BRACKETS.sub(" ", header)))


def guess(columns: Sequence[str], fields: Iterable[Field]) -> dict[str, str]:
    """For each column the key of the field that its name means, "" where it means none. A field is taken once."""
    fields = list(fields)
    found: dict[str, str] = {}
    for column in columns:
        name = header_key(column)
        free = (field for field in fields if field.joins or field.key not in found.values())
        found[column] = next((field.key for field in free if name in field.keys), "")
    return found


def columns_of(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, list[int]]:
    """For each mapped field the places of its columns, in the order of the file."""
    places: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if key := mapping.get(column):
            places.setdefault(key, []).append(place)
    return places
