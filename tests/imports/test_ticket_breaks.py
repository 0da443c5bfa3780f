"""F15: an import of tickets is killed in the middle and goes on; people work on the same board all the while."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from cards.models import Card
from cards.placement import move
from imports.models import Import, ImportRecord
from imports.services import running
from tests.imports.conftest import DATA, plan_of
from tests.imports.incidents import stood
from tests.imports.ticket_checks import check_cards, check_histories, desk, tickets_plan
from tests.world import World

TICKETS = DATA / "tickets.csv"
ROOT = Path(__file__).parents[2]
# Dies without a word in the transaction of the third ticket; every ticket is a step of its own.
DYING = """
import os, signal, sys
from app import create_app
from imports.kinds.ticket_work import TicketsWork
from imports.services import running
running.HOLD_SECONDS = running.REST_SECONDS = 0
apply, done = TicketsWork.apply, []
def die(self, item):
    counts = apply(self, item)
    done.append(item)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return counts
TicketsWork.apply = die
create_app().test_cli_runner().invoke(args=["import", "tickets", sys.argv[1], "--pipeline", "desk"])
"""


@pytest.mark.long
def test_a_killed_import_goes_on_where_it_died(world: World, app: Flask, instance_dir: Path) -> None:
    desk()
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.commit()
    environment = {**os.environ, "DATABASE_URL": url, "INSTANCE_DIR": str(instance_dir), "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", DYING, str(TICKETS)], env=environment, cwd=ROOT, check=False)
    assert died.returncode == -9
    db.session.expire_all()
    broken = db.session.scalars(sa.select(Import)).one()
    assert (broken.state, db.session.scalar(sa.select(sa.func.count()).where(Card.external_id.is_not(None)))) == (
        "running", 2,
    )  # fmt: skip
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["import", "tickets", str(TICKETS), "--pipeline", "desk"])
    assert result.exit_code == 0
    assert "Tickets: 5 created" in result.output
    db.session.expire_all()
    assert [(row.state, row.counts["tickets.created"]) for row in db.session.scalars(sa.select(Import))] == [
        ("done", 5)
    ]
    expected = stood(TICKETS)
    check_cards(expected)
    check_histories(expected)
    # What came before the death can be taken back as well.
    made = sa.select(sa.func.count()).where(ImportRecord.row_table == "cards", ImportRecord.is_new)
    assert db.session.scalar(made) == 5


def test_people_move_cards_between_any_two_steps(world: World, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    board = desk()
    card = world.card(stage=board.stages[0])
    plan, card_id, stages = tickets_plan(TICKETS, board=board), card.id, [board.stages[0].id, board.stages[1].id]
    db.session.commit()
    moved, over, wrong, turns = threading.Event(), threading.Event(), [], []

    def work() -> None:
        with app.app_context():
            try:
                for turn in range(10_000):
                    if over.is_set():
                        return
                    move(db.session.get_one(Card, card_id), stages[turn % 2], by=None)
                    db.session.commit()
                    moved.set()
            except Exception as error:  # told to the test
                wrong.append(error)
            finally:
                db.session.remove()

    def rest(_seconds: float) -> None:
        moved.clear()
        turns.append(moved.wait(30))

    monkeypatch.setattr(running, "HOLD_SECONDS", 0)
    monkeypatch.setattr(running.time, "sleep", rest)
    agent = threading.Thread(target=work)
    agent.start()
    try:
        running.run(plan, by=None, is_dry=False, keep=lambda _step: None)
    finally:
        over.set()
        agent.join()
    assert (wrong, turns) == ([], [True] * 5)
    db.session.expire_all()
    check_cards(stood(TICKETS))


def test_two_imports_side_by_side_bring_each_ticket_once(world: World) -> None:
    """The second of two that run at the same time finds what the first one made."""
    plan = plan_of("tickets", {"main": TICKETS}, board=desk().id)
    first, second = (plan.kind.work(plan, None) for _ in range(2))
    for item in plan.kind.items(plan):
        for work in (first, second):
            work.apply(item)
            db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).where(Card.external_id.is_not(None))) == 5
    check_cards(stood(TICKETS))
