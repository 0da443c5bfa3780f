"""Boards for programs: which there are, their stages, what customers see of them, who works on them."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.api.access import me
from app.api.resource import Resource
from app.api.shapes import Shape, one_of
from app.errors import NotFound
from app.extensions import db
from app.users.models import User
from pipelines.models import LEVELS, Pipeline, PortalStep, Stage
from pipelines.models.membership import member_ids
from pipelines.models.pipeline import KINDS
from pipelines.models.stage import STAGE_KINDS
from pipelines.policies import level_on

bp = Resource("pipelines", __name__, tag="Pipelines")


class PortalStepAnswer(Shape):
    """What customers see while a card is in the stage."""

    id: int
    label_fa: str
    label_en: str

    @classmethod
    def of(cls, step: PortalStep) -> PortalStepAnswer:
        return cls(id=step.id, label_fa=step.label_fa, label_en=step.label_en)


class StageAnswer(Shape):
    """A column of a board."""

    id: int
    name_fa: str
    name_en: str
    kind: Annotated[str, one_of(STAGE_KINDS)]
    """What the stage means, whatever it is called."""
    is_closing: bool
    """Whether the work ends here: cards come here by a closure."""
    portal_step: PortalStepAnswer | None
    """Null: customers go on seeing the last step that was shown."""

    @classmethod
    def of(cls, stage: Stage) -> StageAnswer:
        step = stage.portal_step
        return cls(id=stage.id, name_fa=stage.name_fa, name_en=stage.name_en, kind=stage.kind,
                   is_closing=stage.is_closing, portal_step=PortalStepAnswer.of(step) if step else None)  # fmt: skip


class PipelineAnswer(Shape):
    """A board with its stages in their order; new cards enter the first stage of the kind `new`."""

    slug: str
    name_fa: str
    name_en: str
    kind: Annotated[str, one_of(KINDS)]
    level: Annotated[str, one_of(LEVELS)]
    """What the token's user may do here: a viewer reads, a member works, a manager designs."""
    stages: list[StageAnswer]

    @classmethod
    def of(cls, pipeline: Pipeline) -> PipelineAnswer:
        return cls(slug=pipeline.slug, name_fa=pipeline.name_fa, name_en=pipeline.name_en, kind=pipeline.kind,
                   level=level_on(me(), pipeline.id),
                   stages=[StageAnswer.of(stage) for stage in pipeline.stages])  # fmt: skip


class PipelineList(Shape):
    items: list[PipelineAnswer]


class StageList(Shape):
    items: list[StageAnswer]


class Colleague(Shape):
    """Somebody who may be responsible for cards of the board, or be asked in notes."""

    id: int
    name: str
    is_member: bool
    """Whether they work on the board; others only read it."""


class ColleagueList(Shape):
    items: list[Colleague]


def get_pipeline(slug: str) -> Pipeline:
    """The board of this name; `NotFound` when the token's user does not reach it."""
    stages = selectinload(Pipeline.all_stages).joinedload(Stage.portal_step)
    pipeline = db.session.scalar(Pipeline.visible_to(me()).where(Pipeline.slug == slug).options(stages))
    if pipeline is None:
        raise NotFound
    return pipeline


@bp.operation("GET", "/pipelines", scope="pipelines:read", summary="List boards", answer=PipelineList)
def list_pipelines() -> PipelineList:
    """The boards that the token's user reaches, in their order."""
    stages = selectinload(Pipeline.all_stages).options(joinedload(Stage.portal_step))
    found = db.session.scalars(Pipeline.visible_to(me()).options(stages))
    return PipelineList(items=[PipelineAnswer.of(pipeline) for pipeline in found])


@bp.operation("GET", "/pipelines/<slug>", scope="pipelines:read", summary="Read a board", answer=PipelineAnswer)
def show_pipeline(slug: str) -> PipelineAnswer:
    """One board with its stages."""
    return PipelineAnswer.of(get_pipeline(slug))


@bp.operation("GET", "/pipelines/<slug>/stages", scope="pipelines:read", summary="List stages", answer=StageList)
def list_stages(slug: str) -> StageList:
    """The stages of a board, in their order."""
    return StageList(items=[StageAnswer.of(stage) for stage in get_pipeline(slug).stages])


@bp.operation("GET", "/pipelines/<slug>/colleagues", scope="pipelines:read", summary="List who works on a board",
              answer=ColleagueList)  # fmt: skip
def list_colleagues(slug: str) -> ColleagueList:
    """Colleagues who reach the board, by name: their ids are what an assignment and a mention ask for."""
    pipeline = get_pipeline(slug)
    readers, members = set(member_ids(pipeline.id)), set(member_ids(pipeline.id, "member"))
    is_admin = sa.and_(User.role == "admin", User.deactivated_at.is_(None))
    query = sa.select(User).where(sa.or_(User.id.in_(readers), is_admin), User.is_service.is_(False))
    people = db.session.scalars(query.order_by(User.name, User.id))
    return ColleagueList(items=[
        Colleague(id=user.id, name=user.shown_name, is_member=user.is_admin or user.id in members) for user in people
    ])  # fmt: skip
