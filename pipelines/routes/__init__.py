"""The settings pages of boards and departments."""

from pipelines.routes import members, stages, steps  # noqa: F401  # they add their addresses to the blueprint of boards
from pipelines.routes.boards import bp as boards_bp
from pipelines.routes.departments import bp as departments_bp
from pipelines.routes.first_steps import bp as first_steps_bp

__all__ = ["boards_bp", "departments_bp", "first_steps_bp"]
