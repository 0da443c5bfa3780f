"""The house before its first customer: business, boards, colleagues, teams, departments with their answers."""

from __future__ import annotations

from app import settings
from app.auth import services as auth
from app.users import services as accounts
from app.users import teams
from demo.content import BUSINESS, DEPARTMENTS, PIPELINES, STAFF, TEAMS, shapes
from demo.hours import keep_time
from demo.shop import Shop
from knowledge.services import add_entry
from pipelines.models import Department
from pipelines.patterns import Pattern, StagePattern, StepPattern
from pipelines.services.boards import create_pipeline
from pipelines.services.departments import FIELDS, change_department, create_department
from pipelines.services.members import add_member


def furnish(shop: Shop, password: str) -> None:
    """Make everything that stands before the first customer; all colleagues sign in with `password`."""
    for board in PIPELINES:
        _open_board(shop, board)
    for colleague in STAFF:
        _hire(shop, colleague, password)
    for team in TEAMS:
        members = [shop.staff[colleague.key].id for colleague in STAFF if colleague.team == team.key]
        shop.teams[team.key] = teams.create(team.name_fa, team.name_en, members, by=shop.staff["parinaz"])
    for board in PIPELINES:
        for member in board.members:
            holder = shop.teams[member.key] if member.is_team else shop.staff[member.key]
            add_member(shop.pipelines[board.slug], holder, member.level, by=shop.staff["parinaz"])
    for department in DEPARTMENTS:
        _open_department(shop, department)
    _introduce(shop)


def _open_board(shop: Shop, board: shapes.Pipeline) -> None:
    places = {step.key: place for place, step in enumerate(board.steps)}
    steps = tuple(
        StepPattern(step.label_fa, step.label_en, step.explanation_fa, step.explanation_en, step.icon,
                    step.usual_hours, step.is_aside)
        for step in board.steps
    )  # fmt: skip
    stages = tuple(
        StagePattern(stage.name_fa, stage.name_en, stage.kind, stage.color, places[stage.step] if stage.step else None,
                     stage.card_limit, stage.shows_return)
        for stage in board.stages
    )  # fmt: skip
    pattern = Pattern(board.slug, "", "", board.name_fa, board.name_en, board.kind, board.icon, stages, steps)
    pipeline = create_pipeline(pattern, name_fa=board.name_fa, name_en=board.name_en, slug=board.slug, by=None)
    shop.pipelines[board.slug] = pipeline
    for drawn, stage in zip(board.stages, pipeline.stages, strict=True):
        shop.stages[board.slug, drawn.key] = stage


def _hire(shop: Shop, colleague: shapes.Colleague, password: str) -> None:
    user = accounts.create(colleague.email, colleague.name, colleague.role, name_en=colleague.name_en,
                           locale=colleague.locale, by=shop.staff.get("parinaz"))  # fmt: skip
    user.display_name = colleague.display_name
    if shop.staff:
        # One password, so one hash: each takes as long as it must.
        user.password_hash = next(iter(shop.staff.values())).password_hash
    else:
        auth.set_password(user, password)
    shop.staff[colleague.key] = user


def _open_department(shop: Shop, drawn: shapes.Department) -> None:
    """Without a first assignee: who got each request of the story is told by the story."""
    admin = shop.staff["parinaz"]
    department = create_department(drawn.slug, {
        "name_fa": drawn.name_fa, "name_en": drawn.name_en, "icon": drawn.icon, "is_public": True, "is_active": True,
        "pipeline_id": shop.pipelines[drawn.pipeline].id, "default_assignee_id": None,
    }, by=admin)  # fmt: skip
    shop.departments[drawn.slug] = department
    for question in drawn.questions:
        add_entry(department, {
            "question_fa": question.question_fa, "question_en": question.question_en,
            "answer_fa": question.answer_fa, "answer_en": question.answer_en, "is_active": True,
        }, by=admin)  # fmt: skip


def _introduce(shop: Shop) -> None:
    """What the shop says of itself, and the numbers that follow those of the story."""
    values = {
        "business.name_fa": BUSINESS.name_fa, "business.name_en": BUSINESS.name_en, "business.phone": BUSINESS.phone,
        "business.address_fa": BUSINESS.address_fa, "business.address_en": BUSINESS.address_en,
        "business.color": BUSINESS.color, "setup.finished": True,
        "orders.number_prefix": "GJ-", "orders.first_number": 20396,
    }  # fmt: skip
    for key, value in values.items():
        settings.put(key, value, by=shop.staff["parinaz"])
    keep_time(shop)


def name_first_assignees(shop: Shop) -> None:
    """From now on each department has somebody who gets its requests first."""
    for drawn in DEPARTMENTS:
        department = shop.departments[drawn.slug]
        values = {**_values(department), "default_assignee_id": shop.staff[drawn.default_assignee].id}
        change_department(department, values, by=shop.staff["parinaz"])


def _values(department: Department) -> dict[str, object]:
    return {name: getattr(department, name) for name in FIELDS}
