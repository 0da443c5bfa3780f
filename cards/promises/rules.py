"""How long an answer may take, and whose hours count: read once for each version of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import has_app_context

from app import events
from app.calendars import WorkingHours, calendars
from app.calendars.kept import Kept, renew
from app.events import Event
from app.extensions import db
from app.users.models import Team
from cards.models import Target
from pipelines.models import Department, PipelineMembership

# Until a manager sets others: open minutes by priority, from low to critical.
HOUSE_MINUTES = {1: 960, 2: 480, 3: 240, 4: 120}


@dataclass(frozen=True)
class Rules:
    """Targets in open minutes by (department or None, priority or None), and calendar ids of departments and boards."""

    targets: Mapping[tuple[int | None, int | None], int]
    departments: Mapping[int, int]
    boards: Mapping[int, int]

    def minutes(self, department_id: int | None, priority: int) -> int:
        """The target of the department for this priority, else for all, else that of the house."""
        for key in ((department_id, priority), (department_id, None), (None, priority), (None, None)):
            if key in self.targets:
                return self.targets[key]
        return HOUSE_MINUTES[priority]

    def calendar_id(self, department_id: int | None, pipeline_id: int) -> int | None:
        """Whose calendar counts: the department's own, else that of a team of the board; None: that of the house."""
        return self.departments.get(department_id or 0) or self.boards.get(pipeline_id)


def _load() -> Rules:
    if not has_app_context():
        return Rules({}, {}, {})
    rows = db.session.execute(sa.select(Target.department_id, Target.priority, Target.minutes))
    targets = {(row.department_id, row.priority): row.minutes for row in rows}
    own = sa.select(Department.id, Department.calendar_id).where(Department.calendar_id.is_not(None))
    # Where several teams work on a board, the first that was let in decides.
    of_teams = sa.select(PipelineMembership.pipeline_id, Team.calendar_id).join(
        Team, Team.id == PipelineMembership.team_id
    )
    of_teams = of_teams.where(Team.calendar_id.is_not(None), Team.archived_at.is_(None))
    of_teams = of_teams.where(PipelineMembership.level != "viewer").order_by(PipelineMembership.id.desc())
    departments = {row[0]: row[1] for row in db.session.execute(own) if row[1]}
    return Rules(targets, departments, {row[0]: row[1] for row in db.session.execute(of_teams) if row[1]})


rules: Kept[Rules] = Kept(_load)


def hours_for(department_id: int | None, pipeline_id: int) -> WorkingHours:
    """The hours in which a card of this department and board is worked on."""
    return calendars().of(rules().calendar_id(department_id, pipeline_id))


@events.on("access.changed", "team.archived", "team.restored")
def _teams_changed(_event: Event) -> None:
    """Which team works on which board says whose hours count there."""
    if rules().boards or db.session.scalar(sa.select(Team.id).where(Team.calendar_id.is_not(None)).limit(1)):
        renew()
