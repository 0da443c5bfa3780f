"""What can be answered of a file of tickets without asking, and what people say about it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import DomainError
from app.i18n import _
from app.text import search_key
from cards.models import PRIORITIES
from imports import cells
from imports.kinds.ticket_words import CLOSED, NEW, boards, guess_priorities, guess_states, stages_of
from imports.plans import Source
from pipelines.models.stage import STAGE_KINDS

LEVELS = {"low": 1, "normal": 2, "high": 3, "critical": 4}


def usual_answers(source: Source, day_order: str, pipeline_id: int | None = None) -> dict[str, Any]:
    """The answers to begin with: the first board there is, stages and priorities by their words.

    Dates that could be read both ways are taken for day first.
    """
    found = [board.id for board in boards()]
    board = pipeline_id if pipeline_id in found else next(iter(found), None)
    return {
        "pipeline_id": board, "day_order": {"any": "dmy"}.get(day_order, day_order),
        "states": guess_states(source.words("state"), board),
        "priorities": guess_priorities(source.words("priority")),
    }  # fmt: skip


def as_of(text: str) -> str:
    """An instant in ISO, in UTC, of what somebody typed; "" for nothing. Raises a `DomainError` on `as_of`."""
    if not cells.text(text):
        return ""
    try:
        return cells.moment(text).isoformat()
    except cells.Unreadable as error:
        raise DomainError(str(error), code="invalid", field="as_of") from error


def find_board(said: str) -> int:
    """The board with this address or name. Raises a `DomainError`, naming those there are."""
    key = search_key(said)
    for board in boards():
        if said == board.slug or key in {search_key(board.name_fa), search_key(board.name_en)}:
            return board.id
    known = ", ".join(board.slug for board in boards())
    raise DomainError(_("There is no board “%(name)s” for tickets; there are: %(known)s", name=said, known=known),
                      code="unknown", field="pipeline_id")  # fmt: skip


def said_states(pairs: Mapping[str, str], pipeline_id: int | None) -> dict[str, str]:
    """States with the stage that somebody named: its name, "closed", or "new:" and a kind of stage."""
    stages = stages_of(pipeline_id)
    return {state: _target(said, stages) for state, said in pairs.items()}


def _target(said: str, stages: Iterable[Any]) -> str:
    key = search_key(said)
    for stage in stages:
        if said == str(stage.id) or key in {search_key(stage.name_fa), search_key(stage.name_en)}:
            return str(stage.id)
    if said == CLOSED or (said.startswith(NEW) and said.removeprefix(NEW) in STAGE_KINDS):
        return said
    known = ", ".join([*(stage.name for stage in stages), CLOSED, *(f"{NEW}{kind}" for kind in STAGE_KINDS)])
    raise DomainError(_("There is no stage “%(name)s”; there are: %(known)s", name=said, known=known),
                      code="unknown", field="states")  # fmt: skip


def said_priorities(pairs: Mapping[str, Any]) -> dict[str, int]:
    """Priorities with the one that somebody named: low, normal, high, critical, or 1 to 4."""
    found = {}
    for word, said in pairs.items():
        level = LEVELS.get(str(said).lower()) or (int(said) if str(said).isdigit() else 0)
        if level not in PRIORITIES:
            raise DomainError(_("There is no such priority."), code="unknown", field="priorities")
        found[word] = level
    return found
