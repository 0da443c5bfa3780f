"""What an empty installation begins with: Support, Sales and Orders, a team for each kind of work, two departments."""

import sqlalchemy as sa

from app import events
from app.events import Event
from app.extensions import db
from app.users import teams
from app.users.models import Team
from pipelines.models import Pipeline
from pipelines.patterns import ORDERS, SALES, SUPPORT
from pipelines.services.boards import create_pipeline
from pipelines.services.departments import create_department
from pipelines.services.members import add_member


def seed_empty() -> bool:
    """Make the first boards, teams and departments where there are none; answers whether it did. The caller commits."""
    if db.session.scalar(sa.select(Pipeline.id).limit(1)) is not None:
        return False
    boards = {
        pattern.key: create_pipeline(
            pattern, name_fa=pattern.name_fa, name_en=pattern.name_en, slug=pattern.key, by=None
        )
        for pattern in (SUPPORT, SALES, ORDERS)
    }
    for pattern in (SUPPORT, SALES):
        team = db.session.scalar(sa.select(Team).where(Team.name_fa == pattern.name_fa))
        team = team or teams.create(pattern.name_fa, pattern.name_en, (), by=None)
        for key in (pattern.key, "orders"):
            add_member(boards[key], team, "member", by=None)
        create_department(pattern.key, {
            "name_fa": pattern.name_fa, "name_en": pattern.name_en, "icon": pattern.icon,
            "pipeline_id": boards[pattern.key].id, "default_assignee_id": None, "is_public": True, "is_active": True,
        }, by=None)  # fmt: skip
    return True


@events.on("user.created")
def _begin(_event: Event) -> None:
    """The first colleague finds boards to work with, in whichever way their account was made."""
    seed_empty()
