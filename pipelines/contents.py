"""What stands on stages. Pipelines do not know cards: packages that put something there count it and move it."""

from collections.abc import Callable, Collection

from app.events import Actor
from pipelines.models import Stage

Count = Callable[[Collection[int]], dict[int, int]]
Move = Callable[[Stage, Stage, Actor | None], None]
_contents: list[tuple[Count, Move]] = []


def add(count: Count, move: Move) -> None:
    """Tell of things on stages.

    `count(stage ids)` -> {stage id: open things there}; `move(stage, target, by)` takes all of them to the end of
    `target` in their order, in the running transaction.
    """
    if (count, move) not in _contents:
        _contents.append((count, move))


def count_open(stage_ids: Collection[int]) -> dict[int, int]:
    """How much stands on each of these stages."""
    totals = dict.fromkeys(stage_ids, 0)
    for count, _move in _contents:
        for stage_id, number in count(stage_ids).items():
            totals[stage_id] += number
    return totals


def move_all(stage: Stage, target: Stage, *, by: Actor | None) -> None:
    """Take everything from one stage to the end of another, in order."""
    for _count, move in _contents:
        move(stage, target, by)
