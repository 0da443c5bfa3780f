"""Teams."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import selectinload

from app.auth.guards import require_admin
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.settings_pages.forms.people import TeamForm
from app.users import teams
from app.users.models import Team

bp = Blueprint("teams", __name__, url_prefix="/settings/teams")
bp.before_request(require_admin)
LIST, ONE = "app/settings_teams.html", "app/settings_team.html"


def get_team(team_id: int) -> Team:
    """The team with this id, archived ones too; 404 when there is none."""
    team = db.session.get(Team, team_id)
    if team is None:
        raise NotFound
    return team


@bp.get("")
def index() -> ResponseReturnValue:
    rows = db.session.scalars(sa.select(Team).options(selectinload(Team.members)).order_by(Team.name_fa, Team.id)).all()
    in_use = [team for team in rows if team.archived_at is None]
    return render_template(LIST, teams=in_use, archived=[team for team in rows if team.archived_at is not None])


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template(ONE, form=TeamForm(), team=None)


@bp.post("")
def create() -> ResponseReturnValue:
    form = TeamForm.from_request()
    if not form.validate():
        return refuse(form, ONE, team=None)
    try:
        team = teams.create(str(form.name_fa.data), form.name_en.data or "", form.members.data or (), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, team=None)
    db.session.commit()
    flash(_("The team %(name)s is there.", name=team.name))
    return redirect(url_for("teams.index"), 303)


@bp.get("/<int:team_id>")
def show(team_id: int) -> ResponseReturnValue:
    team = get_team(team_id)
    form = TeamForm(data={"name_fa": team.name_fa, "name_en": team.name_en, "members": sorted(teams.member_ids(team))})
    return render_template(ONE, form=form, team=team)


@bp.post("/<int:team_id>")
def update(team_id: int) -> ResponseReturnValue:
    team = get_team(team_id)
    form = TeamForm.from_request()
    if not form.validate():
        return refuse(form, ONE, team=team)
    # Colleagues whose account is closed are not on the page; they stay, for the day they come back.
    absent = {user.id for user in team.members if not user.is_active}
    try:
        teams.rename(team, str(form.name_fa.data), form.name_en.data or "", by=current_user)
        teams.set_members(team, absent | set(form.members.data or ()), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ONE, error=error, team=team)
    db.session.commit()
    flash(_("The team %(name)s is saved.", name=team.name))
    return redirect(url_for("teams.index"), 303)


@bp.post("/<int:team_id>/archival")
def create_archival(team_id: int) -> ResponseReturnValue:
    team = get_team(team_id)
    teams.archive(team, by=current_user)
    db.session.commit()
    flash(_("The team %(name)s is archived.", name=team.name))
    return redirect(url_for("teams.index"), 303)


@bp.post("/<int:team_id>/restoration")
def create_restoration(team_id: int) -> ResponseReturnValue:
    team = get_team(team_id)
    teams.restore(team, by=current_user)
    db.session.commit()
    flash(_("The team %(name)s is back, with its members.", name=team.name))
    return redirect(url_for("teams.index"), 303)
