"""Moving cards: B2, I1, I2, and the order of a column under every kind of move."""

import uuid

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.clock import freeze, utcnow
from app.errors import Conflict, DomainError
from app.events import Event
from app.extensions import db
from cards import ranks
from cards.models import StageTransition
from cards.placement import Anchor, Cause, move
from cards.services import add_note, assign, close, rename, reopen, resolve, set_priority, set_tags
from pipelines.models import Pipeline
from tests.cards.board_model import check_order, open_stays, order_of, ranks_of
from tests.conftest import event_names
from tests.world import build


def test_a_move_writes_stage_history_event_and_sequence(world, sara):
    card = world.card()
    seq = world.support.seq
    answer = move(card, world.stage("Working").id, by=sara)
    db.session.commit()
    assert card.stage.name_en == "Working"
    assert card.started_at is not None
    assert answer["from_stage"] == world.stage("New").id
    event = db.session.scalars(sa.select(Event).where(Event.name == "card.moved")).one()
    assert (event.seq, event.actor_id, event.data["to"]) == (answer["seq"], sara.id, world.stage("Working").id)
    assert answer["seq"] > seq
    stays = db.session.scalars(sa.select(StageTransition).order_by(StageTransition.id)).all()
    assert [stay.left_at is None for stay in stays] == [False, True]


def test_the_customer_sees_the_step_and_nothing_of_hidden_stages(world, sara):
    """P11: a hidden stage keeps showing the last shown step, and records nothing that customers may see."""
    card = world.card()
    move(card, world.stage("Working").id, by=sara)
    db.session.commit()
    assert card.portal_step.label_en == "In progress"
    shown_at, changed_at = card.portal_step_at, card.portal_changed_at
    with freeze(utcnow().replace(year=2031)):
        move(card, world.stage("Consulting").id, by=sara)
        db.session.commit()
    assert card.portal_step.label_en == "In progress"
    assert (card.portal_step_at, card.portal_changed_at) == (shown_at, changed_at)
    public = db.session.scalars(sa.select(Event.name).where(Event.visibility == "portal")).all()
    assert public.count("card.progressed") == 1


def test_a_step_back_is_shown_only_where_a_manager_said_so(world, sara):
    card = world.card()
    for name in ("Waiting", "Working"):
        move(card, world.stage(name).id, by=sara)
    assert card.portal_step.label_en == "Waiting for you"
    world.stage("Working").shows_return = True
    move(card, world.stage("Waiting").id, by=sara)
    move(card, world.stage("Working").id, by=sara)
    assert card.portal_step.label_en == "In progress"


def test_the_same_operation_is_done_once(world, sara):
    card = world.card()
    op_id = str(uuid.uuid4())
    first = move(card, world.stage("Working").id, by=sara, op_id=op_id)
    db.session.commit()
    names = event_names()
    assert move(card, world.stage("Working").id, by=sara, op_id=op_id) == first
    db.session.commit()
    assert event_names() == names


def test_a_stale_move_conflicts_only_when_the_stage_changed(world, sara, reza):
    card = world.card()
    seen = card.version
    move(card, world.stage("New").id, by=reza)
    move(card, world.stage("Working").id, by=sara, base_version=seen)
    with pytest.raises(Conflict):
        move(card, world.stage("Waiting").id, by=reza, base_version=seen)


def test_a_stage_of_another_board_is_refused_like_an_unknown_one(world, sara):
    """Z06"""
    card = world.card()
    foreign = world.stage("Quoted", world.sales).id
    sentences = []
    for stage_id in (foreign, 987654):
        with pytest.raises(DomainError) as refused:
            move(card, stage_id, by=sara)
        sentences.append(refused.value.message)
        db.session.rollback()
    assert sentences[0] == sentences[1]


def test_a_lost_anchor_puts_the_card_on_top_and_says_so(world, sara):
    first, second, third = (world.card(title) for title in "abc")
    move(first, world.stage("Waiting").id, by=sara)
    answer = move(third, world.stage("Working").id, by=sara, to=Anchor(after_id=first.id))
    assert answer["anchor_lost"]
    assert order_of(world.stage("Working").id) == [third.id]
    assert second.id in order_of(world.stage("New").id)


def test_relabelling_touches_only_neighbours_and_reports_them(world, sara, monkeypatch):
    monkeypatch.setattr(ranks, "STEP", 16)
    cards = [world.card(str(number)) for number in range(12)]
    stage = world.stage("New").id
    anchor = order_of(stage)[5]
    for card in cards:
        if card.id == anchor:
            continue
        before = ranks_of(stage)
        answer = move(card, stage, by=sara, to=Anchor(after_id=anchor))
        after, told = ranks_of(stage), dict(answer["relabelled"])
        order = order_of(stage)
        assert order.index(card.id) == order.index(anchor) + 1
        for card_id, rank in after.items():
            if card_id != card.id:
                assert rank == told.get(card_id, before[card_id])
        check_order(stage)


def test_the_ends_of_the_range_respread_the_column(world, sara, monkeypatch):
    monkeypatch.setattr(ranks, "START", 100)
    monkeypatch.setattr(ranks, "STEP", 16)
    monkeypatch.setattr(ranks, "HIGHEST", 2**20)
    for number in range(6):
        world.card(str(number))
        check_order(world.stage("New").id)


class Board(RuleBasedStateMachine):
    """Every kind of move on three stages, with gaps so small that relabelling runs constantly."""

    step, cards_at_most = 16, 14

    def __init__(self) -> None:
        super().__init__()
        self._clean()
        self._step, ranks.STEP = ranks.STEP, self.step
        self.world = build()
        self.stages = [self.world.stage(name) for name in ("New", "Working", "Waiting")]
        self.model: dict[int, list[int]] = {stage.id: [] for stage in self.stages}
        self.cards = {}

    @staticmethod
    def _clean() -> None:
        db.session.rollback()
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
        db.session.expunge_all()

    def teardown(self) -> None:
        ranks.STEP = self._step
        self._clean()

    @initialize()
    def start(self) -> None:
        for title in "abc":
            self.create(title)

    @rule(title=st.sampled_from("defghij"))
    def create(self, title: str) -> None:
        if len(self.cards) < self.cards_at_most:
            card = self.world.card(title)
            self.cards[card.id] = card
            self.model[self.stages[0].id].insert(0, card.id)

    @rule(data=st.data())
    def move_beside(self, data: st.DataObject) -> None:
        card = data.draw(st.sampled_from(list(self.cards.values())))
        stage = data.draw(st.sampled_from(self.stages))
        others = [card_id for card_id in self.model[stage.id] if card_id != card.id]
        side = data.draw(st.sampled_from(["after", "before", "top", "end"]))
        to = Anchor(at_end=side == "end")
        index = len(others) if side == "end" else 0
        if others and side in {"after", "before"}:
            anchor = data.draw(st.sampled_from(others))
            to = Anchor(after_id=anchor) if side == "after" else Anchor(before_id=anchor)
            index = others.index(anchor) + (side == "after")
        self._take_out(card.id)
        move(card, stage.id, by=self.world.sara, to=to)
        db.session.commit()
        self.model[stage.id].insert(index, card.id)

    @rule(data=st.data())
    def move_beside_a_card_that_left(self, data: st.DataObject) -> None:
        card, gone = (data.draw(st.sampled_from(list(self.cards.values()))) for _ in range(2))
        stage = next(stage for stage in self.stages if gone.id not in self.model[stage.id])
        if gone.id == card.id:
            return
        self._take_out(card.id)
        assert move(card, stage.id, by=self.world.sara, to=Anchor(after_id=gone.id))["anchor_lost"]
        db.session.commit()
        self.model[stage.id].insert(0, card.id)

    @rule(data=st.data())
    def close_and_reopen(self, data: st.DataObject) -> None:
        card = data.draw(st.sampled_from(list(self.cards.values())))
        self._take_out(card.id)
        resolve(card, self.world.stage("Resolved"), cause="", solution="done", by=self.world.sara)
        close(card, by=None)
        db.session.commit()
        assert all(card.id not in order_of(stage.id) for stage in self.stages)
        reopen(card, by=self.world.nika)
        db.session.commit()
        self.model[self.stages[1].id].insert(0, card.id)

    @rule(data=st.data())
    def repeat_an_operation(self, data: st.DataObject) -> None:
        card = data.draw(st.sampled_from(list(self.cards.values())))
        stage = data.draw(st.sampled_from(self.stages))
        op_id = str(uuid.uuid4())
        self._take_out(card.id)
        answers = [move(card, stage.id, by=self.world.sara, op_id=op_id) for _ in range(2)]
        db.session.commit()
        assert answers[0] == answers[1]
        self.model[stage.id].insert(0, card.id)

    def _take_out(self, card_id: int) -> None:
        for ids in self.model.values():
            if card_id in ids:
                ids.remove(card_id)

    @invariant()
    def database_equals_model(self) -> None:
        for stage_id, ids in self.model.items():
            assert order_of(stage_id) == ids
            check_order(stage_id)
        stays = open_stays()
        assert {card_id: stage_id for stage_id, ids in self.model.items() for card_id in ids} == stays

    @invariant()
    def sequence_has_no_holes(self) -> None:
        query = sa.select(Event.seq).where(Event.pipeline_id == self.world.support.id, Event.seq.is_not(None))
        found = sorted(db.session.scalars(query))
        assert len(found) == len(set(found))


@pytest.fixture
def _a_database(app):
    """The machine makes its own world in the test's database."""


@pytest.mark.usefixtures("_a_database")
def test_every_kind_of_move_keeps_the_order():
    Board.TestCase.settings = hypothesis_settings(max_examples=12, stateful_step_count=20, deadline=None)
    Board.TestCase("runTest").runTest()


@pytest.mark.long
@pytest.mark.usefixtures("_a_database")
def test_every_kind_of_move_keeps_the_order_at_length():
    Board.TestCase.settings = hypothesis_settings(max_examples=400, stateful_step_count=50, deadline=None)
    Board.TestCase("runTest").runTest()


def test_a_cause_is_kept_in_history(world, sara):
    card = world.card()
    move(card, world.stage("Working").id, by=sara, cause=Cause(reason="merge"))
    stay = db.session.scalars(sa.select(StageTransition).where(StageTransition.left_at.is_(None))).one()
    assert stay.reason == "merge"


def test_what_changes_nothing_takes_no_number(world, sara):
    """The order of events has no holes: a browser would ask for what never happened."""
    card = world.card()
    assign(card, sara, by=sara)
    op_id = str(uuid.uuid4())
    move(card, world.stage("Working").id, by=sara, op_id=op_id)
    add_note(card, "یک بار", by=sara, op_id="note-1")
    db.session.commit()
    seq = db.session.scalar(sa.select(Pipeline.seq).where(Pipeline.id == world.support.id))
    assign(card, sara, by=sara)
    set_priority(card, card.priority, by=sara)
    rename(card, card.title, by=sara)
    set_tags(card, [], by=sara)
    move(card, world.stage("Working").id, by=sara, op_id=op_id)
    add_note(card, "یک بار", by=sara, op_id="note-1")
    db.session.commit()
    found = list(
        db.session.scalars(sa.select(Event.seq).where(Event.pipeline_id == world.support.id).order_by(Event.seq))
    )
    assert db.session.scalar(sa.select(Pipeline.seq).where(Pipeline.id == world.support.id)) == seq
    assert [number for number in found if number] == list(range(1, seq + 1))
