"""The way through an empty start: packages add their steps, the pages know which one comes next."""

from typing import Any, NamedTuple

from flask import url_for

from app import settings


class Step(NamedTuple):
    """One page of the way. Lower orders come first."""

    order: int
    label: Any
    endpoint: str


_steps: dict[str, Step] = {}
settings.define("setup.begun", False)


def add(order: int, label: Any, endpoint: str) -> None:
    """Add a step; added twice it is replaced."""
    _steps[endpoint] = Step(order, label, endpoint)


def _all() -> list[Step]:
    return sorted(_steps.values())


def labels() -> list[Any]:
    """What the steps are called, in order."""
    return [step.label for step in _all()]


def index_of(endpoint: str) -> int:
    """The place of a step on the way, from 0."""
    return [step.endpoint for step in _all()].index(endpoint)


def url_after(endpoint: str) -> str:
    """The page of the step that follows; the start page after the last one."""
    following = _all()[index_of(endpoint) + 1 :]
    return url_for(following[0].endpoint if following else "pages.root")


def is_under_way() -> bool:
    """Whether somebody began on an empty installation and has not finished."""
    return bool(settings.get("setup.begun")) and not settings.get("setup.finished")
