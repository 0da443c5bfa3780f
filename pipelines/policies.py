"""Who may do what with a pipeline."""

from app.users.models import User
from pipelines.models import Pipeline
from pipelines.models.membership import RANK, levels_of


def level_on(user: User, pipeline_id: int) -> str:
    """The user's level: "none", "viewer", "member" or "manager". Admins manage every pipeline."""
    return "manager" if user.is_admin else levels_of(user).get(pipeline_id, "none")


def can_work_on(user: User, pipeline_id: int) -> bool:
    """Move, write, reply, close."""
    return RANK[level_on(user, pipeline_id)] >= RANK["member"]


def can_design(user: User, pipeline: Pipeline) -> bool:
    """Change stages, what customers see, and members."""
    return level_on(user, pipeline.id) == "manager"


def can_make_boards(user: User) -> bool:
    """Make a board, archive it, bring it back."""
    return user.is_admin


def designs_any(user: User) -> bool:
    """Whether there is a board at all that the user may design."""
    return user.is_admin or "manager" in levels_of(user).values()
