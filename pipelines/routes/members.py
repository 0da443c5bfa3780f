"""Who works on a board."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.users.models import Team, User
from pipelines import queries
from pipelines.forms import LevelForm, MemberForm
from pipelines.models import Pipeline, PipelineMembership
from pipelines.policies import can_design
from pipelines.routes.boards import bp, get_pipeline
from pipelines.services import members as verbs

TEMPLATE = "pipelines/members.html"


def get_membership(pipeline: Pipeline, membership_id: int) -> PipelineMembership:
    """The membership of this board; 404 when it has none such."""
    membership = next((row for row in pipeline.memberships if row.id == membership_id), None)
    if membership is None:
        raise NotFound
    return membership


def offer(form: MemberForm, pipeline: Pipeline) -> MemberForm:
    """Teams and colleagues to whom the board is not open yet."""
    known = {(row.user_id, row.team_id) for row in pipeline.memberships}
    teams = [(f"team:{team.id}", _("Team %(name)s", name=team.name)) for team in db.session.scalars(Team.in_use())
             if (None, team.id) not in known]  # fmt: skip
    people = [(f"user:{user.id}", user.shown_name) for user in db.session.scalars(User.active())
              if (user.id, None) not in known]  # fmt: skip
    form.holder.choices = [*teams, *people]
    return form


def holder_of(value: str) -> User | Team:
    """Whom "user:3" or "team:2" means. Raises a `DomainError` for anybody unknown."""
    kind, _colon, number = value.partition(":")
    row_id = int(number) if number.isdecimal() else 0
    holder: User | Team | None = db.session.get(Team, row_id) if kind == "team" else db.session.get(User, row_id)
    if holder is None:
        raise DomainError(_("There is no such colleague."), code="unknown", field="holder")
    return holder


@bp.get("/<slug>/members")
def members(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    return render_template(
        TEMPLATE, pipeline=pipeline, rows=queries.member_rows(pipeline), form=offer(MemberForm(), pipeline)
    )


@bp.post("/<slug>/members")
def add_member(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    form = offer(MemberForm.from_request(), pipeline)
    if not form.validate():
        return refuse(form, TEMPLATE, pipeline=pipeline, rows=queries.member_rows(pipeline))
    verbs.add_member(pipeline, holder_of(str(form.holder.data)), str(form.level.data), by=current_user)
    db.session.commit()
    flash(_("The board is open to them now."))
    return redirect(url_for("pipelines.members", slug=slug), 303)


@bp.post("/<slug>/members/<int:membership_id>")
def change_level(slug: str, membership_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    membership = get_membership(pipeline, membership_id)
    form = LevelForm.from_request()
    if not form.validate():
        return refuse(offer(MemberForm(), pipeline), TEMPLATE, pipeline=pipeline, rows=queries.member_rows(pipeline),
                      error=DomainError(_("There is no such level."), field="level"))  # fmt: skip
    verbs.change_level(pipeline, membership, str(form.level.data), by=current_user)
    db.session.commit()
    flash(_("The level is changed."))
    return redirect(url_for("pipelines.members", slug=slug), 303)


@bp.post("/<slug>/members/<int:membership_id>/removal")
def remove_member(slug: str, membership_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    verbs.remove_member(pipeline, get_membership(pipeline, membership_id), by=current_user)
    db.session.commit()
    flash(_("The board is closed to them, also where it is open right now."))
    if not can_design(current_user, pipeline):
        return redirect(url_for("pages.root"), 303)
    return redirect(url_for("pipelines.members", slug=slug), 303)
