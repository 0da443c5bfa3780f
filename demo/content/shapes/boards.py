"""Pipelines, their stages, what customers see of them, and the doors to them."""

from dataclasses import dataclass
from typing import Literal

PipelineKind = Literal["ticket", "deal", "order"]
StageKind = Literal[
    "new",
    "active",
    "waiting_customer",
    "waiting_other",
    "resolved",
    "cancelled",
    "won",
    "lost",
    "delivered",
    "returned",
]
Color = Literal["stone", "turquoise", "blue", "violet", "saffron", "green"]
Level = Literal["viewer", "member", "manager"]


@dataclass(frozen=True, slots=True)
class PortalStep:
    """What customers read. `usual_hours`: how long a card commonly stays; None: it ends here or depends on them.

    A step aside is on the rail only for those who are on it.
    """

    key: str
    label_fa: str
    label_en: str
    explanation_fa: str
    explanation_en: str
    icon: str
    usual_hours: int | None
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """`step` None: hidden, customers keep seeing the last step they were shown.

    `shows_return`: whether they see a card come back to it from a later step.
    """

    key: str
    name_fa: str
    name_en: str
    kind: StageKind
    color: Color
    step: str | None
    card_limit: int | None = None
    shows_return: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Who works on a pipeline: a colleague's key, or a team's when `is_team`."""

    key: str
    level: Level
    is_team: bool = False


@dataclass(frozen=True, slots=True)
class Pipeline:
    slug: str
    name_fa: str
    name_en: str
    kind: PipelineKind
    icon: str
    stages: tuple[Stage, ...]
    steps: tuple[PortalStep, ...]
    members: tuple[Member, ...]

    def stage(self, key: str) -> Stage:
        """The stage of this key; StopIteration when there is none."""
        return next(stage for stage in self.stages if stage.key == key)


@dataclass(frozen=True, slots=True)
class Question:
    question_fa: str
    question_en: str
    answer_fa: str
    answer_en: str


@dataclass(frozen=True, slots=True)
class Department:
    slug: str
    name_fa: str
    name_en: str
    icon: str
    pipeline: str
    default_assignee: str
    questions: tuple[Question, ...]
