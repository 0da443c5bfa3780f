"""Two of the first steps on an empty start: the boards that are there, and the first real request."""

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_admin
from app.events import Event
from app.extensions import db
from app.links import external
from pipelines import queries
from pipelines.models import Department, Pipeline

bp = Blueprint("first_boards", __name__, url_prefix="/setup")
bp.before_request(require_admin)


def arrived_on() -> Pipeline | None:
    """The board on which the newest request arrived; None before the first."""
    newest = sa.select(Event.pipeline_id).where(Event.name == "card.opened").order_by(Event.id.desc()).limit(1)
    pipeline_id = db.session.scalar(newest)
    return db.session.get(Pipeline, pipeline_id) if pipeline_id else None


@bp.get("/boards")
def boards() -> ResponseReturnValue:
    return render_template("pipelines/setup_boards.html", pipelines=queries.boards(current_user),
                           departments=queries.departments())  # fmt: skip


@bp.get("/request")
def request() -> ResponseReturnValue:
    department = db.session.scalar(Department.in_portal().limit(1))
    return render_template("pipelines/setup_request.html", link=external("/portal/requests/new"), board=arrived_on(),
                           department=department)  # fmt: skip


@bp.get("/request/arrival")
def arrival() -> ResponseReturnValue:
    """The part of the page that waits; asked again until the request is there."""
    return render_template("pipelines/_arrival.html", board=arrived_on())
