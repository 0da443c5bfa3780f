"""The rail as customers will see it, of a board as it is or as a form would make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.dates import in_digits
from app.i18n import _, _n, localised
from pipelines.models import CLOSING_KINDS, Pipeline, PortalStep, Stage
from pipelines.services.steps import HIDDEN, NEW

RECEIVED = "received"


@dataclass(frozen=True)
class Column:
    """A stage as far as customers are concerned. `step`: the key of its portal step, None when it is hidden.

    `ends`: cards come here from anywhere, so nothing follows from the order of the stages.
    """

    key: str
    step: str | None
    waits: bool
    ends: bool


@dataclass(frozen=True)
class Well:
    """A portal step on the rail."""

    key: str
    label_fa: str
    label_en: str = ""
    explanation_fa: str = ""
    explanation_en: str = ""
    usual_hours: int | None = None
    is_aside: bool = False
    state: str = "next"

    @property
    def label(self) -> str:
        return localised(self.label_fa, self.label_en)

    @property
    def explanation(self) -> str:
        return localised(self.explanation_fa, self.explanation_en)

    @property
    def when(self) -> str:
        """How long the step usually takes."""
        if not self.usual_hours or self.state == "done":
            return ""
        if self.usual_hours < 24:
            return in_digits(_n("usually %(num)s hour", "usually %(num)s hours", self.usual_hours))
        return in_digits(_n("usually %(num)s day", "usually %(num)s days", round(self.usual_hours / 24)))


@dataclass
class Draft:
    """A board's stages and steps in order, with what a form says laid over them."""

    columns: list[Column]
    wells: list[Well]

    @classmethod
    def of(cls, pipeline: Pipeline) -> Draft:
        return cls([_column(stage) for stage in pipeline.stages], [_well(step) for step in pipeline.portal_steps])

    def with_stage(self, key: str, values: Mapping[str, Any]) -> Draft:
        """With a stage as its form says; an unknown key is a new stage before the ones that end the work."""
        index = next((at for at, column in enumerate(self.columns) if column.key == key), None)
        columns, wells = list(self.columns), list(self.wells)
        portal = values.get("portal") or HIDDEN
        kind = values.get("kind")
        column = Column(key, None if portal == HIDDEN else portal, kind == "waiting_customer", kind in CLOSING_KINDS)
        if index is None:
            before = next((at for at, row in enumerate(columns) if row.ends), len(columns))
            index = len(columns) if column.ends else before
            columns.insert(index, column)
        columns[index] = column
        if portal == NEW:
            earlier = [row.step for row in columns[:index] if row.step]
            place = next((at + 1 for at, well in enumerate(wells) if earlier and well.key == earlier[-1]), 0)
            wells.insert(place, _in_words(NEW, values.get("words") or {}))
        return Draft(columns, wells)

    def with_words(self, key: str, words: Mapping[str, Any]) -> Draft:
        """With a step as its form says."""
        return Draft(self.columns, [_in_words(key, words) if well.key == key else well for well in self.wells])

    def shown_at(self, key: str | None) -> str:
        """The step that customers read while their card is in a stage: the last one shown on the usual way there."""
        shown = RECEIVED
        for column in self.columns:
            if column.key == key:
                return column.step or shown
            shown = (column.step if not column.ends else None) or shown
        return shown

    def rail(self, now: str) -> list[Well]:
        """The wells from the first to the last, `now` being the present one.

        Side tracks and steps that only wait for the customer stand there only for those who are on them.
        """
        used = {column.step for column in self.columns}
        works = {column.step for column in self.columns if not column.waits}
        first = Well(RECEIVED, *_received())
        wells = [] if self.columns and self.columns[0].step else [first]
        wells += [well for well in self.wells if well.key in used and (_stands(well, works) or well.key == now)]
        at = next((index for index, well in enumerate(wells) if well.key == now), 0)
        states = ["done" if index < at else "now" if index == at else "next" for index in range(len(wells))]
        return [replace(well, state=state) for well, state in zip(wells, states, strict=True)]


def _stands(well: Well, works: set[str | None]) -> bool:
    return not well.is_aside and well.key in works


def _column(stage: Stage) -> Column:
    step = str(stage.portal_step_id) if stage.portal_step_id else None
    return Column(str(stage.id), step, stage.kind == "waiting_customer", stage.is_closing)


def _well(step: PortalStep) -> Well:
    return Well(str(step.id), step.label_fa, step.label_en, step.explanation_fa, step.explanation_en, step.usual_hours,
                step.is_aside)  # fmt: skip


def _in_words(key: str, words: Mapping[str, Any]) -> Well:
    return Well(key, words.get("label_fa") or _("(no name yet)"), words.get("label_en") or "",
                words.get("explanation_fa") or "", words.get("explanation_en") or "", words.get("usual_hours"),
                bool(words.get("is_aside")))  # fmt: skip


def _received() -> tuple[str, str, str, str]:
    text, lead = _("Received"), _("We have it and will look at it soon.")
    return text, text, lead, lead
