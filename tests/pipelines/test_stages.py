"""A manager redesigns a board: B2, B3, G5, Z05, S05."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from app.outbox import Outbox
from cards.models import Card, StageTransition
from cards.placement import move
from cards.services import resolve
from pipelines.models import Pipeline, Stage
from pipelines.services.stages import targets_of
from tests.conftest import event_names

pytestmark = pytest.mark.servers

BASE = "/settings/pipelines/support"


def sent(**changes) -> dict[str, object]:
    """The form of a stage, as a browser sends it."""
    return {"name_fa": "هماهنگی ارسال", "name_en": "Arranging", "kind": "active", "color": "blue", "card_limit": "۱۲",
            "portal": "hidden", **changes}  # fmt: skip


def as_it_is(stage: Stage, **changes) -> dict[str, object]:
    """The form of a stage that nobody has touched, but for `changes`."""
    columns = {name: getattr(stage, name) or "" for name in ("name_fa", "name_en", "kind", "color", "card_limit")}
    return {**columns, "portal": str(stage.portal_step_id or "hidden"), **changes}


def names(pipeline: Pipeline) -> list[str]:
    return [stage.name_en for stage in pipeline.stages]


def last_redesign() -> Event:
    query = sa.select(Event).where(Event.name == "pipeline.redesigned").order_by(Event.id)
    return db.session.scalars(query).all()[-1]


def test_a_manager_adds_a_stage(world, maryam, as_user):
    """It stands before the stages that end the work; open boards are told and load anew."""
    seq, epoch = world.support.seq, world.support.access_epoch
    assert as_user(maryam).post(f"{BASE}/stages", data=sent()).status_code == 303
    assert names(world.support) == ["New", "Working", "Consulting", "Waiting", "Arranging", "Resolved", "Cancelled"]
    assert world.stage("Arranging").card_limit == 12
    event = last_redesign()
    assert (event.seq, event.data["change"], event.actor_id) == (seq + 1, "stage.added", maryam.id)
    assert (world.support.seq, world.support.access_epoch) == (seq + 1, epoch + 1)
    assert "هماهنگی ارسال" in as_user(maryam).get("/boards/support").text


def test_a_stage_that_ends_the_work_goes_to_the_end(world, maryam, as_user):
    as_user(maryam).post(f"{BASE}/stages", data=sent(kind="resolved"))
    assert names(world.support)[-1] == "Arranging"


def test_a_new_step_follows_the_step_before(world, maryam, as_user):
    """G5: made along with the stage, in both languages, behind what the stages before show."""
    words = {"label_fa": "آماده‌سازی ارسال", "label_en": "Preparing", "explanation_fa": "داریم پیک را هماهنگ می‌کنیم.",
             "icon": "truck", "usual_hours": "۴۸"}  # fmt: skip
    assert as_user(maryam).post(f"{BASE}/stages", data=sent(portal="new", **words)).status_code == 303
    step = world.stage("Arranging").portal_step
    assert (step.label_fa, step.usual_hours, step.icon) == ("آماده‌سازی ارسال", 48, "truck")
    assert [row.label_en for row in world.support.portal_steps] == [
        "Received", "In progress", "Waiting for you", "Preparing", "Solved",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_fa": ""}, "name_fa"),
        ({"name_fa": "ن" * 61}, "name_fa"),
        ({"kind": "won"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"color": "pink"}, "color"),
        ({"card_limit": "۰"}, "card_limit"),
        ({"card_limit": "بسیار"}, "card_limit"),
        ({"portal": "999999"}, "portal"),
        ({"portal": "new", "label_fa": ""}, "label_fa"),
        ({"portal": "new", "label_fa": "x", "usual_hours": "-3"}, "usual_hours"),
        ({"portal": "new", "label_fa": "x", "icon": "skull"}, "icon"),
    ],
)
def test_bad_stages_are_refused_with_what_was_typed(world, maryam, as_user, changes, field):
    browser = as_user(maryam)
    answer = browser.post(f"{BASE}/stages", data=sent(**changes), headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    page = browser.post(f"{BASE}/stages", data=sent(name_en="As typed", **changes))
    assert page.status_code == 422
    assert "As typed" in page.text
    assert event_names() == []
    assert len(world.support.stages) == 6


def test_another_boards_step_is_no_step(world, maryam, as_user):
    step = world.stage("Packing", world.orders).portal_step_id
    assert as_user(maryam).post(f"{BASE}/stages", data=sent(portal=str(step))).status_code == 422


def test_a_stage_changes_and_history_keeps_old_and_new(world, maryam, as_user):
    stage = world.stage("Working")
    data = as_it_is(stage, name_fa="در حال بررسي", card_limit="۷", color="violet")
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=data).status_code == 303
    assert (stage.name_fa, stage.card_limit, stage.color) == ("در حال بررسی", 7, "violet")
    facts = last_redesign().data
    assert facts["from"] == {"name_fa": "در دست بررسی", "color": "stone", "card_limit": 5}
    assert facts["to"] == {"name_fa": "در حال بررسی", "color": "violet", "card_limit": 7}


def test_nothing_changed_is_no_fact_and_reloads_nobody(world, maryam, as_user):
    stage, epoch = world.stage("Working"), world.support.access_epoch
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=as_it_is(stage)).status_code == 303
    assert event_names() == []
    assert world.support.access_epoch == epoch


def test_a_change_to_a_board_that_has_changed_meanwhile_is_refused(world, maryam, as_user):
    """The page says so, keeps what was typed, and takes it when it is sent again."""
    browser, stage = as_user(maryam), world.stage("Working")
    stale = world.support.access_epoch
    browser.post(f"{BASE}/stages", data=sent())
    data = as_it_is(stage, base_epoch=stale, name_en="As typed")
    answer = browser.post(f"{BASE}/stages/{stage.id}", data=data)
    assert answer.status_code == 409
    assert "As typed" in answer.text
    assert stage.name_en == "Working"
    assert f'name="base_epoch" type="hidden" value="{world.support.access_epoch}"' in answer.text
    assert browser.post(f"{BASE}/stages/{stage.id}", data={**data, "base_epoch": "x"}).status_code == 409
    data["base_epoch"] = world.support.access_epoch
    assert browser.post(f"{BASE}/stages/{stage.id}", data=data).status_code == 303


def test_stages_change_places_by_buttons(world, maryam, as_user):
    browser, stage = as_user(maryam), world.stage("Consulting")
    answer = browser.post(f"{BASE}/stages/{stage.id}/position", data={"direction": "up"})
    assert names(world.support)[:3] == ["New", "Consulting", "Working"]
    page = browser.get(answer.headers["Location"]).text
    assert page.count("autofocus") == 1
    browser.post(f"{BASE}/stages/{stage.id}/position", data={"direction": "up"})
    known = event_names()
    browser.post(f"{BASE}/stages/{stage.id}/position", data={"direction": "up"})
    assert names(world.support)[0] == "Consulting"
    assert event_names() == known
    assert browser.post(f"{BASE}/stages/{stage.id}/position", data={"direction": "aside"}).status_code == 422


@pytest.mark.parametrize("name", ["New", "Resolved"])
def test_a_board_keeps_its_entrance_and_its_exit(world, maryam, as_user, name):
    """Neither by archiving nor by another meaning."""
    stage = world.stage(name)
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}/archival").status_code == 422
    data = as_it_is(stage, kind="active" if name == "New" else "cancelled")
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=data).status_code == 422
    assert (stage.archived_at, stage.kind) == (None, "new" if name == "New" else "resolved")
    assert event_names() == []


def test_cards_do_not_become_done_by_a_word(world, sara, maryam, as_user):
    """A stage on which cards stand keeps saying whether their work is done."""
    stage, card = world.stage("Working"), world.card(stage=world.stage("Working"))
    data = as_it_is(stage, kind="cancelled")
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=data).status_code == 422
    move(card, world.stage("Consulting").id, by=sara)
    db.session.commit()
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=data).status_code == 303


@pytest.fixture
def working(world) -> list[Card]:
    """Three cards on "Working", and one on "Consulting", in the order of the board."""
    cards = [world.card(f"کارت {number}", stage=world.stage("Working")) for number in range(3)]
    return [*reversed(cards), world.card("از پیش", stage=world.stage("Consulting"))]


def on(stage: Stage) -> list[int]:
    return list(db.session.scalars(sa.select(Card.id).where(Card.stage_id == stage.id).order_by(Card.rank, Card.id)))


def test_cards_of_an_archived_stage_go_on_in_order(world, maryam, as_user, working):
    """B2: behind those who stand there; history says why, customers get no message."""
    stage, target = world.stage("Working"), world.stage("Consulting")
    sent_before = db.session.scalar(sa.select(sa.func.count(Outbox.id)))
    steps = {card.id: card.portal_step_id for card in working}
    answer = as_user(maryam).post(f"{BASE}/stages/{stage.id}/archival", data={"target_id": target.id})
    assert answer.status_code == 303
    assert on(target) == [working[3].id, *(card.id for card in working[:3])]
    assert names(world.support) == ["New", "Consulting", "Waiting", "Resolved", "Cancelled"]
    entered = sa.select(StageTransition).where(StageTransition.stage_id == target.id, StageTransition.left_at.is_(None))
    moved = [row for row in db.session.scalars(entered) if row.card_id != working[3].id]
    assert [(row.reason, row.actor_id) for row in moved] == [("redesign", maryam.id)] * 3
    assert db.session.scalar(sa.select(sa.func.count(Outbox.id))) == sent_before
    assert {card.id: card.portal_step_id for card in working} == steps
    facts = last_redesign().data
    assert (facts["change"], facts["count"], facts["target"]) == ("stage.archived", 3, target.id)
    seqs = db.session.scalars(sa.select(Event.seq).where(Event.pipeline_id == world.support.id, Event.seq > 0))
    assert {*seqs} == {*range(1, world.support.seq + 1)}


@pytest.mark.parametrize("target", ["", "Working", "Resolved", "Packing", "999999", "x"])
def test_cards_need_a_place_of_their_kind(world, maryam, as_user, working, target):
    """Z10: none, the stage itself, one that ends the work, another board's, nobody's."""
    known, stage = event_names(), world.stage("Working")
    stages = {row.name_en: row.id for board in (world.support, world.orders) for row in board.stages}
    answer = as_user(maryam).post(f"{BASE}/stages/{stage.id}/archival", data={"target_id": stages.get(target, target)})
    assert answer.status_code == 422
    assert "بایگانی مرحله" in answer.text
    assert stage.archived_at is None
    assert on(stage) == [card.id for card in working[:3]]
    assert event_names() == known


def test_done_cards_go_to_a_stage_of_done_cards(world, sara, maryam, as_user):
    card = world.card()
    resolve(card, world.stage("Cancelled"), cause="", solution="", by=sara)
    db.session.commit()
    assert [stage.name_en for stage in targets_of(world.stage("Cancelled"))] == ["Resolved"]
    data = {"target_id": world.stage("Resolved").id}
    as_user(maryam).post(f"{BASE}/stages/{world.stage('Cancelled').id}/archival", data=data)
    assert card.stage_id == world.stage("Resolved").id
    assert card.is_resolved


def test_an_archived_stage_comes_back_to_its_place(world, maryam, as_user):
    browser, stage = as_user(maryam), world.stage("Consulting")
    assert browser.post(f"{BASE}/stages/{stage.id}/archival").status_code == 303
    assert browser.post(f"{BASE}/stages/{stage.id}/archival").status_code == 303
    assert "پرسش از همکار" in browser.get(BASE).text
    assert "پرسش از همکار" not in browser.get("/boards/support").text
    assert browser.post(f"{BASE}/stages/{stage.id}/restoration").status_code == 303
    assert names(world.support) == ["New", "Working", "Consulting", "Waiting", "Resolved", "Cancelled"]


def test_a_redesign_is_for_managers_of_that_board(world, maryam, sara, omid, as_user):
    """Z05: 403 for a member, 404 for a stranger, and a manager of support is no manager of sales."""
    stage = world.stage("Lead", world.sales)
    sales = "/settings/pipelines/sales"
    assert as_user(maryam).post(f"{sales}/stages", data=sent()).status_code == 403
    assert as_user(sara).post(f"{sales}/stages", data=sent()).status_code == 404
    assert as_user(sara).post(f"{BASE}/stages", data=sent()).status_code == 403
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}", data=sent()).status_code == 404
    assert as_user(maryam).post(f"{BASE}/stages/{stage.id}/archival").status_code == 404
    assert event_names() == []


def test_the_page_costs_the_same_whatever_the_number_of_cards(world, maryam, as_user, statements):
    browser = as_user(maryam)
    browser.get(BASE)
    statements.clear()
    browser.get(BASE)
    few = len(statements)
    for number in range(5):
        world.card(f"کارت {number}")
    statements.clear()
    browser.get(BASE)
    assert len(statements) == few
