"""Boards, their stages, members and departments in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.audit.words import FEW
from app.events import Event
from app.extensions import db
from app.i18n import _l
from pipelines.models import COLORS, LEVELS, Department, Pipeline, PortalStep, Stage
from pipelines.models.stage import STAGE_KINDS


def _pipelines(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Pipeline).where(Pipeline.id.in_(ids)))
    return {row.id: Thing(row.name, url_for("pipelines.details", slug=row.slug)) for row in rows}


def _find_pipelines(text: str) -> list[int]:
    like = f"%{text}%"
    query = sa.select(Pipeline.id).where(sa.or_(Pipeline.name_fa.ilike(like), Pipeline.name_en.ilike(like)))
    return list(db.session.scalars(query.limit(FEW)))


def _stages(ids: Collection[int]) -> Mapping[int, Thing]:
    return {row.id: Thing(row.name) for row in db.session.scalars(sa.select(Stage).where(Stage.id.in_(ids)))}


def _steps(ids: Collection[int]) -> Mapping[int, Thing]:
    return {row.id: Thing(row.label) for row in db.session.scalars(sa.select(PortalStep).where(PortalStep.id.in_(ids)))}


def _departments(ids: Collection[int]) -> Mapping[int, Thing]:
    rows = db.session.scalars(sa.select(Department).where(Department.id.in_(ids)))
    return {row.id: Thing(row.name, url_for("departments.show", slug=row.slug)) for row in rows}


def _access(event: Event) -> str:
    """Rights were given, changed or taken; or somebody's were closed by what happened to their account or team."""
    holder = "user" if "user" in event.data else "team"
    if "to" not in event.data:
        return _l("The board %(thing)s was closed to those who may no longer see it")
    given = {
        "user": _l("%(who)s opened the board %(thing)s to %(user)s, as “%(new)s”"),
        "team": _l("%(who)s opened the board %(thing)s to the team %(team)s, as “%(new)s”"),
    }
    taken = {
        "user": _l("%(who)s closed the board %(thing)s to %(user)s, who was “%(old)s”"),
        "team": _l("%(who)s closed the board %(thing)s to the team %(team)s, which was “%(old)s”"),
    }
    changed = {
        "user": _l("%(who)s changed the level of %(user)s on the board %(thing)s from “%(old)s” to “%(new)s”"),
        "team": _l("%(who)s changed the level of the team %(team)s on the board %(thing)s from “%(old)s” to “%(new)s”"),
    }
    words = given if event.data.get("from") is None else taken if event.data["to"] is None else changed
    return words[holder]


REDESIGNS = {
    "board.changed": _l("%(who)s changed the board %(thing)s"),
    "stage.added": _l("%(who)s added the stage %(stage)s to the board %(thing)s"),
    "stage.changed": _l("%(who)s changed the stage %(stage)s of the board %(thing)s"),
    "stage.moved": _l("%(who)s moved the stage %(stage)s of the board %(thing)s. Order before: %(old)s. Now: %(new)s"),
    "stage.archived": _l("%(who)s archived the stage %(stage)s of the board %(thing)s; its cards went to: %(target)s"),
    "stage.restored": _l("%(who)s brought the stage %(stage)s of the board %(thing)s back"),
    "step.changed": _l("%(who)s changed what customers read in the step %(step)s of the board %(thing)s"),
    "step.moved": _l("%(who)s moved the step %(step)s of the board %(thing)s"),
}


def _redesign(event: Event) -> str:
    return REDESIGNS.get(str(event.data.get("change")), _l("%(who)s redesigned the board %(thing)s"))


things.add("pipeline", _l("Board"), _pipelines, find=_find_pipelines)
things.add("stage", _l("Stage"), _stages)
things.add("portal_step", _l("Step in the portal"), _steps)
things.add("department", _l("Department"), _departments)

tell("pipeline.created", "settings", _l("%(who)s made the board %(thing)s"))
tell("pipeline.archived", "settings", _l("%(who)s archived the board %(thing)s"))
tell("pipeline.restored", "settings", _l("%(who)s brought the board %(thing)s back"))
tell("pipeline.redesigned", "settings", _redesign, stage="stage", target="stage", step="portal_step", from_="stage",
     to_="stage")  # fmt: skip
tell("access.changed", "rights", _access, field="level", user="user", team="team")
tell("department.created", "settings", _l("%(who)s made the department %(thing)s"))
tell("department.changed", "settings", _l("%(who)s changed the department %(thing)s"))
tell("department.moved", "settings", _l("%(who)s moved the department %(thing)s in the list"))

values.fields("pipeline", {
    "name_fa": _l("Name"), "name_en": _l("Name in English"), "icon": _l("Icon"), "is_in_portal": _l("In the portal"),
    "kind": _l("Meaning"), "color": _l("Colour"), "card_limit": _l("Limit of cards"),
    "portal_step_id": _l("Customers see"), "shows_return": _l("Customers see a card come back here from a later step"),
    "label_fa": _l("Name in the portal"), "label_en": _l("Name in the portal, in English"),
    "explanation_fa": _l("Explanation for customers"), "explanation_en": _l("Explanation in English"),
    "usual_hours": _l("Usual time in hours"), "is_aside": _l("A side track: only those who are on it see it"),
})  # fmt: skip
values.fields("department", {
    "name_fa": _l("Name"), "name_en": _l("Name in English"), "icon": _l("Icon"),
    "pipeline_id": _l("Board that takes its requests"), "default_assignee_id": _l("Who gets new requests first"),
    "is_public": _l("Customers may choose it"), "is_active": _l("In use"),
})  # fmt: skip
values.choices("level", LEVELS)
values.refers("pipeline_id", "pipeline")
values.refers("portal_step_id", "portal_step")
values.refers("default_assignee_id", "user")
values.choices("kind", STAGE_KINDS)
values.choices("color", COLORS)
