"""Comparing what an import of tickets made with what the file says by itself."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.events import Event
from app.extensions import db
from app.users.models import Team, User
from cards.models import Card, StageTransition
from imports.plans import Plan
from pipelines.models import Pipeline, Stage
from pipelines.patterns import SUPPORT
from pipelines.services.boards import create_pipeline
from tests.conftest import Client
from tests.imports.conftest import Report, carry_out, plan_of
from tests.imports.incidents import Ticket

KINDS = {"New": "new", "Active": "active", "Awaiting User Info": "waiting_customer", "Resolved": "resolved",
         "Closed": "resolved"}  # fmt: skip


def kind_of(state: str) -> str:
    return KINDS.get(state, "waiting_other")


def desk() -> Pipeline:
    """A board with a stage for every kind of waiting."""
    known = db.session.scalar(sa.select(Pipeline).where(Pipeline.slug == "desk"))
    board = known or create_pipeline(SUPPORT, name_fa="میز خدمت", name_en="Desk", slug="desk", by=None)
    db.session.commit()
    return board


def tickets_plan(path: Path, *, as_of: str = "", board: Pipeline | None = None) -> Plan:
    """The plan of a file of tickets as Kariz guesses it."""
    return plan_of("tickets", {"main": path}, board=(board or desk()).id, as_of=as_of)


def bring_tickets(path: Path, *, as_of: str = "", is_dry: bool = False) -> Report:
    return carry_out(tickets_plan(path, as_of=as_of), is_dry=is_dry)


def check_cards(expected: Mapping[str, Ticket]) -> None:
    """State, people, title, times and returns of every card."""
    team, agent = aliased(Team), aliased(User)
    query = sa.select(Card, Stage.kind, team.name_fa, agent.name).join(Stage, Stage.id == Card.stage_id)
    query = query.outerjoin(team, team.id == Card.team_id).outerjoin(agent, agent.id == Card.assignee_id)
    found = {row[0].external_id: row for row in db.session.execute(query.where(Card.external_id.is_not(None)))}
    assert found.keys() == expected.keys()
    for number, ticket in expected.items():
        card, kind, group, name = found[number]
        assert (number, kind, group, name) == (number, kind_of(ticket.state), ticket.group, ticket.agent)
        assert (number, card.opened_at, card.resolved_at, card.closed_at) == (
            number, ticket.opened_at, ticket.resolved_at, ticket.closed_at,
        )  # fmt: skip
        assert (number, card.reopening_count, card.title) == (number, ticket.reopenings, ticket.title or number)


def check_histories(expected: Mapping[str, Ticket]) -> None:
    """Stays, returns and hand-overs at their times."""
    query = sa.select(Card.external_id, Stage.kind, StageTransition.entered_at, StageTransition.left_at)
    query = query.join(StageTransition, StageTransition.card_id == Card.id)
    query = query.join(Stage, Stage.id == StageTransition.stage_id).order_by(StageTransition.id)
    ways: dict[str, list[tuple[str, object]]] = {}
    ends: dict[str, list[object]] = {}
    for number, kind, entered, left in db.session.execute(query.where(Card.external_id.is_not(None))):
        ways.setdefault(number, []).append((kind, entered))
        ends.setdefault(number, []).append(left)
    for number, ticket in expected.items():
        stays: list[tuple[str, object]] = []
        for state, at in ticket.way:
            if not stays or stays[-1][0] != kind_of(state):
                stays.append((kind_of(state), at))
        assert (number, ways[number]) == (number, stays)
        assert ends[number] == [*(at for _kind, at in stays[1:]), None]
    counted = dict(db.session.execute(sa.select(Event.name, sa.func.count()).group_by(Event.name)).all())
    assert counted.get("card.reopened", 0) == sum(ticket.reopenings for ticket in expected.values())
    assert counted.get("card.assigned", 0) == sum(ticket.reassignments for ticket in expected.values())


def check_board(client: Client, expected: Mapping[str, Ticket]) -> None:
    """The heads of the board's columns count what the file says."""
    page = client.get("/boards/desk").text
    wanted = Counter(kind_of(ticket.state) for ticket in expected.values() if ticket.closed_at is None)
    shown = {int(stage): int(count) for stage, count in re.findall(r'data-count="(\d+)">\s*([\d۰-۹]+)', page)}
    kinds = {stage.id: stage.kind for stage in desk().stages}
    found: Counter[str] = Counter()
    for stage_id, count in shown.items():
        found[kinds[stage_id]] += count
    assert +found == wanted
