"""Where the states of another system are on the chosen board."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from imports.kinds.ticket_words import CLOSED, NEW
from imports.plans import Options
from pipelines.models import Pipeline, Stage
from pipelines.models.stage import CLOSING_KINDS
from pipelines.services.stages import add_stage

COLORS = {"new": "stone", "active": "turquoise", "waiting_customer": "saffron", "resolved": "green"}


class Stages:
    """The stages of the board by the states of the file. Read anew after every transaction."""

    def __init__(self, options: Options, by: Actor | None) -> None:
        self.options, self.by = options, by
        self._made: dict[str, int] = {}
        # Held, so that they are not read again for every ticket.
        self._stages: dict[int, Stage] = {}
        self._board: Pipeline | None = None

    @property
    def board(self) -> Pipeline:
        """The board. Raises a `DomainError` when it is gone."""
        if self._board is None:
            self._board = self._read_board()
        return self._board

    def _read_board(self) -> Pipeline:
        pipeline = db.session.get(Pipeline, self.options.pipeline_id)
        if pipeline is None or pipeline.archived_at is not None:
            raise DomainError(_("There is no such board."), code="unknown", field="pipeline_id")
        return pipeline

    @property
    def first(self) -> Stage:
        """Where tickets begin."""
        return self.board.first_stage

    def make_missing(self) -> None:
        """Make the stages that the answers ask for, where the board has none of that name."""
        self._stages.clear()
        for state, target in self.options.states.items():
            if not target.startswith(NEW):
                continue
            query = sa.select(Stage.id).where(
                Stage.pipeline_id == self.options.pipeline_id, Stage.name_fa == state[:60]
            )
            known = db.session.scalar(query.where(Stage.archived_at.is_(None)))
            self._made[state] = known or self._make(state[:60], target.removeprefix(NEW))

    def _make(self, name: str, kind: str) -> int:
        values: dict[str, Any] = {"name_fa": name, "name_en": name, "kind": kind, "color": COLORS.get(kind, "stone"),
                  "card_limit": None, "shows_return": False, "portal": "hidden", "words": {}}  # fmt: skip
        return add_stage(self.board, values, base_epoch=None, by=self.by).id

    def of(self, state: str, now: Stage | None = None) -> Stage | None:
        """The stage of a state; a closed ticket stands where its work was done. None for no state at all."""
        target = self.options.states.get(state, "")
        if not target:
            return None
        if target == CLOSED:
            return self.end(now)
        return self._stage(self._made[state] if target.startswith(NEW) else int(target))

    def _stage(self, stage_id: int) -> Stage:
        if stage_id not in self._stages:
            self._stages[stage_id] = db.session.get_one(Stage, stage_id)
        return self._stages[stage_id]

    def end(self, now: Stage | None) -> Stage:
        """Where a ticket stands whose work is done."""
        if now is not None and now.is_closing:
            return now
        stage = self.board.resolved_stage
        if stage is None:
            raise DomainError(_("A board needs a stage where the work is done."), code="no_exit", field="state")
        return stage

    def is_closed(self, state: str) -> bool:
        return self.options.states.get(state) == CLOSED

    def is_done(self, state: str) -> bool:
        """Whether the state ends the work."""
        target = self.options.states.get(state, "")
        if target in {"", CLOSED}:
            return target == CLOSED
        if target.startswith(NEW):
            return target.removeprefix(NEW) in CLOSING_KINDS
        return self._stage(int(target)).is_closing
