"""Departments: where requests of customers go."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events
from app.errors import DomainError
from app.events import Actor, Event, record
from app.extensions import db
from app.i18n import _
from app.users.models import User
from pipelines.models import Department, Pipeline
from pipelines.models.membership import member_ids

events.define("department.created", "department.changed", "department.moved")
FIELDS = ("name_fa", "name_en", "icon", "pipeline_id", "default_assignee_id", "is_public", "is_active")
KINDS = ("ticket", "deal")


def boards_for_requests() -> list[Pipeline]:
    """Boards that may take requests of customers in, in their order."""
    query = sa.select(Pipeline).where(Pipeline.archived_at.is_(None), Pipeline.kind.in_(KINDS))
    return list(db.session.scalars(query.order_by(Pipeline.position, Pipeline.id)))


def create_department(slug: str, values: Mapping[str, Any], *, by: Actor | None) -> Department:
    """Make a department behind the others; `values` are its columns of `FIELDS`.

    Raises a `DomainError` when the address is taken, or the first assignee does not work on the board.
    """
    _check(values)
    last = db.session.scalar(sa.select(sa.func.max(Department.position)))
    department = Department(
        slug=slug, position=0 if last is None else last + 1, **{name: values[name] for name in FIELDS}
    )
    try:
        with db.session.begin_nested():
            db.session.add(department)
            db.session.flush()
    except IntegrityError:
        raise DomainError(_("Another department has this address."), code="taken", field="slug") from None
    record("department.created", department, by=by, data={"slug": slug, **{name: values[name] for name in FIELDS}})
    return department


def _check(values: Mapping[str, Any]) -> None:
    boards = {board.id: board for board in boards_for_requests()}
    board = boards.get(values["pipeline_id"])
    if board is None:
        raise DomainError(_("There is no such board."), code="unknown", field="pipeline_id")
    if values["default_assignee_id"] is None:
        return
    user = db.session.get(User, values["default_assignee_id"])
    if user is None or not user.is_active:
        raise DomainError(_("There is no such colleague."), code="unknown", field="default_assignee_id")
    if not user.is_admin and user.id not in member_ids(board.id, "member"):
        raise DomainError(
            _("%(name)s does not work on the board %(board)s. Open it to them first, or choose another.",
              name=user.shown_name, board=board.name),
            code="no_access", field="default_assignee_id",
        )  # fmt: skip


def change_department(department: Department, values: Mapping[str, Any], *, by: Actor) -> None:
    """Write other values of `FIELDS`; the address stays, because customers may have it."""
    _check(values)
    before = {name: getattr(department, name) for name in FIELDS}
    changed = [name for name in FIELDS if values[name] != before[name]]
    if not changed:
        return
    for name in changed:
        setattr(department, name, values[name])
    db.session.flush()
    data = {"from": {name: before[name] for name in changed}, "to": {name: values[name] for name in changed}}
    record("department.changed", department, by=by, data=data)


def move_department(department: Department, direction: str, *, by: Actor) -> None:
    """Exchange a department with its neighbour, `direction` "up" (earlier) or "down"."""
    query = sa.select(Department).order_by(Department.position, Department.id).with_for_update()
    rows = list(db.session.scalars(query.execution_options(populate_existing=True)))
    index = rows.index(department)
    other = index + (-1 if direction == "up" else 1)
    if not 0 <= other < len(rows):
        return
    before = [row.slug for row in rows]
    rows[index], rows[other] = rows[other], rows[index]
    for position, row in enumerate(rows):
        row.position = position
    db.session.flush()
    record("department.moved", department, by=by, data={"from": before, "to": [row.slug for row in rows]})


@events.on("user.deactivated")
def _forget_assignee(event: Event) -> None:
    """New requests must not wait for somebody who has left."""
    by = db.session.get(User, event.actor_id) if event.actor_kind == "user" and event.actor_id else None
    query = sa.select(Department).where(Department.default_assignee_id == event.subject_id).order_by(Department.id)
    for department in db.session.scalars(query).all():
        department.default_assignee_id = None
        db.session.flush()
        data = {"from": {"default_assignee_id": event.subject_id}, "to": {"default_assignee_id": None}}
        record("department.changed", department, by=by, data=data)
