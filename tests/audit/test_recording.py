"""Every change leaves a fact: each POST of the application reaches `record`, or stands here with its reason.

The way is followed by the names that a function uses: what it imports and calls, modules and their functions alike.
"""

import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import events

OURS = ("app", "contacts", "pipelines", "knowledge", "cards", "orders", "channels", "imports", "portal")
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
FACTS = (events.record, events.record_all, events.record_past)
# What changes nothing that anybody would look for, or only prepares what is recorded when it is carried out.
SILENT = {
    "notifications.create_read": "that a colleague has read their notifications is theirs alone",
    "imports.create": "a draft; the import that is started from it is recorded",
    "imports.create_reading": "how a draft is read",
    "imports.create_check": "a dry run",
    "imports.create_undo": "it starts the work, which records that an import was taken back",
    "portal.create_code": "whoever asks is nobody yet; the codes themselves are counted, and signing in is recorded",
    "security.create_app_secret": "a secret that counts only when its first code was entered, and that is recorded",
}


def names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from names_in(constant)


def is_ours(name: str | None) -> bool:
    return (name or "").partition(".")[0] in OURS


def called_by(function: types.FunctionType) -> Iterator[Any]:
    """What a function of ours may call: by its name, as a part of a module or class it names, or imports inside."""
    names = set(names_in(function.__code__))
    spoken = [function.__globals__[name] for name in names & function.__globals__.keys()]
    spoken += [cell.cell_contents for cell in function.__closure__ or ()]
    inside = [sys.modules[name] for name in names if is_ours(name) and name in sys.modules]
    for thing in spoken + inside:
        if isinstance(thing, types.FunctionType):
            yield thing
        elif isinstance(thing, types.ModuleType | type) and is_ours(getattr(thing, "__module__", thing.__name__)):
            yield from (vars(thing).get(name) for name in names)


def records(function: Any) -> bool:
    """Whether the way from this function leads to a fact."""
    seen: set[int] = set()
    waiting = [getattr(function, "__wrapped__", function)]
    while waiting:
        current = waiting.pop()
        if any(current is fact for fact in FACTS):
            return True
        if id(current) in seen or not isinstance(current, types.FunctionType) or not is_ours(current.__module__):
            continue
        seen.add(id(current))
        waiting.extend(called_by(current))
        waiting.append(getattr(current, "__wrapped__", None))
    return False


@pytest.fixture(scope="module")
def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if CHANGING & set(rule.methods or ())}


def test_every_change_is_recorded(app: Flask, endpoints: set[str]) -> None:
    silent = {name for name in endpoints - SILENT.keys() if not records(app.view_functions[name])}
    assert sorted(silent) == [], "record what these change, or say in SILENT why nobody needs to know"


def test_the_list_of_the_silent_is_true(app: Flask, endpoints: set[str]) -> None:
    assert SILENT.keys() <= endpoints
    assert [name for name in SILENT if records(app.view_functions[name])] == []


def test_the_walk_would_notice(app: Flask) -> None:
    def view() -> str:
        return "changed without a word"

    view.__module__ = "app.pages"
    assert not records(view)
    assert records(app.view_functions["teams.create"])
