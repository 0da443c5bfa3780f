"""Pipelines: boards, their stages, what customers see of them, who works on them, and departments that feed them."""

from flask import Flask

from app import settings_nav
from app.i18n import _l
from app.settings_pages import first_steps
from pipelines import access, models, seed  # noqa: F401  # they hear of colleagues who come and go
from pipelines.policies import designs_any
from pipelines.routes import boards_bp, departments_bp, first_steps_bp


def init_app(app: Flask) -> None:
    """Register the settings pages of boards and departments."""
    from pipelines import api, audit  # noqa: F401

    for blueprint in (boards_bp, departments_bp, first_steps_bp):
        app.register_blueprint(blueprint)
    api.init_app(app)
    settings_nav.add("work", 0, _l("Boards"), "pipelines.index", shown_to=designs_any)
    settings_nav.add("work", 1, _l("Departments"), "departments.index")
    first_steps.add(20, _l("Boards"), "first_boards.boards")
    first_steps.add(50, _l("First request"), "first_boards.request")
