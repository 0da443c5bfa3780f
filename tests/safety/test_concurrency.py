"""Many at once: I1, I2, F14-F17. What the database holds in the end is what the events tell."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.errors import DomainError
from app.events import Event
from app.extensions import db
from app.users.models import User
from cards.models import Card
from cards.placement import Anchor, move
from cards.services import add_note
from pipelines.models import Pipeline
from tests.cards.board_model import check_order, open_stays

THREADS = 8
CARDS = 6


def at_once(app: Flask, work: Callable[[int], None], threads: int = THREADS) -> list[BaseException]:
    """Run the work in threads that begin together; what they failed with."""
    failures: list[BaseException] = []
    start = threading.Barrier(threads)

    def run(number: int) -> None:
        with app.app_context():
            try:
                start.wait()
                work(number)
            except BaseException as error:
                failures.append(error)
            finally:
                db.session.remove()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    db.session.rollback()
    db.session.expire_all()
    return failures


def boards(world) -> dict[int, tuple[list[int], list[int]]]:
    """{pipeline id: (ids of its working stages, ids of its cards)} for two boards."""
    found = {}
    for pipeline, names in ((world.support, ("New", "Working", "Waiting")), (world.sales, ("Lead", "Quoted"))):
        stages = [world.stage(name, pipeline) for name in names]
        found[pipeline.id] = ([stage.id for stage in stages],
                              [world.card(str(number), stage=stages[0]).id for number in range(CARDS)])  # fmt: skip
    return found


def check_boards(found: dict[int, tuple[list[int], list[int]]]) -> None:
    """I1, I2, and that a replay of the events gives the board."""
    for pipeline_id, (stages, cards) in found.items():
        events = db.session.scalars(
            sa.select(Event).where(Event.pipeline_id == pipeline_id, Event.seq.is_not(None)).order_by(Event.seq)
        ).all()
        seqs = [event.seq for event in events]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "a number is missing or there twice"
        assert seqs[-1] == db.session.get_one(Pipeline, pipeline_id).seq
        for stage_id in stages:
            check_order(stage_id)
        rows = db.session.scalars(sa.select(Card).where(Card.id.in_(cards))).all()
        assert len(rows) == len(cards)
        stays = open_stays()
        moves = Counter(event.card_id for event in events if event.name == "card.moved")
        replayed = {event.card_id: event.data["to"] for event in events if event.name == "card.moved"}
        for row in rows:
            assert row.stage_id == stays[row.id] == replayed.get(row.id, stages[0])
            assert row.version == 1 + moves[row.id]


def shuffle(app: Flask, world, times: int) -> None:
    found, sara, maryam = boards(world), world.sara.id, world.maryam.id

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(times):
            pipeline_id = chance.choice(list(found))
            stages, cards = found[pipeline_id]
            card = db.session.get_one(Card, chance.choice(cards), populate_existing=True)
            user = db.session.get_one(User, chance.choice([sara, maryam]))
            anchor = Anchor(after_id=chance.choice(cards)) if chance.random() < 0.5 else Anchor()
            move(card, chance.choice(stages), by=user, to=anchor)
            db.session.commit()

    assert at_once(app, work) == []
    check_boards(found)
    moved = db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.name == "card.moved"))
    assert moved == THREADS * times


@pytest.mark.servers
def test_moves_of_many_on_two_boards_lose_nothing(app, world):
    """F14, F17: no deadlock, no lost card, every number of the order once."""
    shuffle(app, world, 40)


@pytest.mark.long
@pytest.mark.servers
def test_moves_of_many_on_two_boards_lose_nothing_at_length(app, world):
    shuffle(app, world, 500)


@pytest.mark.servers
def test_one_operation_from_many_threads_moves_once(app, world):
    """F01: a client that asks again while its first request still runs."""
    card, stage, sara = world.card(), world.stage("Working").id, world.sara.id
    card_id, version, answers = card.id, card.version, []

    def work(_number: int) -> None:
        found = db.session.get_one(Card, card_id)
        answers.append(move(found, stage, by=db.session.get_one(User, sara), base_version=version, op_id="one"))
        db.session.commit()

    assert at_once(app, work) == []
    assert len({answer["seq"] for answer in answers}) == 1
    assert db.session.get_one(Card, card_id).version == version + 1
    moves = sa.select(sa.func.count(Event.id)).where(Event.name == "card.moved")
    assert db.session.scalar(moves) == 1


@pytest.mark.servers
def test_of_many_who_drag_one_card_one_wins(app, world):
    """F16: one winner a version, the others are told, one event."""
    card, sara = world.card(), world.sara.id
    card_id, version, won, lost = card.id, card.version, [], []
    stages = [world.stage(name).id for name in ("Working", "Consulting", "Waiting")]

    def work(number: int) -> None:
        found = db.session.get_one(Card, card_id)
        try:
            move(found, stages[number % 3], by=db.session.get_one(User, sara), base_version=version, op_id=str(number))
            db.session.commit()
            won.append(stages[number % 3])
        except DomainError as error:
            db.session.rollback()
            lost.append(error.status)

    assert at_once(app, work) == []
    moved = db.session.scalars(sa.select(Event).where(Event.name == "card.moved")).all()
    # Who wants the card where the winner has put it disagrees with nobody.
    assert len({event.data["to"] for event in moved}) == 1
    assert set(won) == {db.session.get_one(Card, card_id).stage_id}
    assert set(lost) == {409}


@pytest.mark.servers
def test_writers_wait_for_their_turn(app, world):
    """F15: 20 writers who read and then write; a plain BEGIN fails 479 times of 500."""
    card_id, sara = world.card().id, world.sara.id

    def work(number: int) -> None:
        for turn in range(5):
            card = db.session.get_one(Card, card_id, populate_existing=True)
            add_note(card, f"یادداشت {number} {turn}", by=db.session.get_one(User, sara))
            db.session.commit()

    assert at_once(app, work, threads=20) == []
    notes = db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.name == "note.added"))
    assert notes == 100
    check_boards({world.support.id: ([world.stage("New").id], [])})
