"""What goes into the archive of a person's data: what they may know, told by each package from an allow-list."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import render_template

from app.clock import utcnow
from app.files import StoredFile
from app.i18n import as_viewer
from contacts.models import Contact

FORMAT = 1


class Bag:
    """The files of an archive; every content is in it once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._known: dict[int, str] = {}

    def add(self, stored: StoredFile, name: str) -> str:
        """Put a file in; answers where it lies in the archive, "" when the store has lost it."""
        if stored.id not in self._known:
            if not stored.path.exists():
                return ""
            place = f"files/{len(self._known) + 1:04d}-{_safe(name)}"
            self._archive.write(stored.path, place)
            self._known[stored.id] = place
        return self._known[stored.id]


Collect = Callable[[Contact, Bag], Any]


@dataclass(frozen=True)
class Part:
    """One heading of the archive. `collect` answers plain values, lists, dictionaries and dataclasses."""

    key: str
    label: Any
    order: int
    collect: Collect


_parts: dict[str, Part] = {}


def add(key: str, label: Any, order: int, collect: Collect) -> None:
    """Let a package put what it holds of a person into the archive, under `key`."""
    _parts[key] = Part(key, label, order, collect)


def write(contact: Contact, target: Path, *, language: str) -> int:
    """Write the archive of this person's data; answers its size in bytes.

    `data.json` for machines, `index.html` for people, and the files they sent or were sent.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    with as_viewer(language), zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        bag = Bag(archive)
        found = [(part, plain(part.collect(contact, bag))) for part in sorted(_parts.values(), key=_order)]
        document = {"format": FORMAT, "made_at": utcnow(), **{part.key: data for part, data in found}}
        archive.writestr("data.json", json.dumps(document, ensure_ascii=False, indent=2, default=_as_json))
        page = render_template("contacts/export.html", contact=contact, parts=found, made_at=utcnow())
        archive.writestr("index.html", page)
    partial.replace(target)
    return target.stat().st_size


def _order(part: Part) -> int:
    return part.order


def plain(value: Any) -> Any:
    """The value with dataclasses as dictionaries."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _safe(name: str) -> str:
    """A name that every system can unpack."""
    kept = "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in name).strip(". ")
    return kept[-120:] or "file"
