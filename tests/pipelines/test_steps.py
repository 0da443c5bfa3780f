"""What customers read instead of stages, and the phone that shows it while it is written: G5."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from pipelines.models import PortalStep
from pipelines.preview import Draft
from tests.conftest import event_names

BASE = "/settings/pipelines/support"
WORDS = {"label_fa": "در دست ماست", "label_en": "With us", "explanation_fa": "داریم می‌خوانیم.", "explanation_en": "",
         "icon": "search", "usual_hours": "۲۴"}  # fmt: skip


@pytest.fixture
def step(world) -> PortalStep:
    found: PortalStep = world.stage("Working").portal_step
    return found


def order(world) -> list[str]:
    return [row.label_en for row in world.support.portal_steps]


def test_the_words_of_a_step_change_for_all_its_stages(world, maryam, step, as_user):
    assert as_user(maryam).post(f"{BASE}/steps/{step.id}", data=WORDS).status_code == 303
    assert (step.label_fa, step.usual_hours) == ("در دست ماست", 24)
    event = db.session.scalars(sa.select(Event)).one()
    assert (event.name, event.data["change"], event.data["step"]) == ("pipeline.redesigned", "step.changed", step.id)
    assert event.data["from"]["label_fa"] == "در دست بررسی"


@pytest.mark.parametrize("changes", [{"label_fa": ""}, {"usual_hours": "دو"}, {"label_en": "x" * 61}, {"icon": "x"}])
def test_bad_words_are_refused_with_what_was_typed(world, maryam, step, as_user, changes):
    answer = as_user(maryam).post(f"{BASE}/steps/{step.id}", data={**WORDS, "explanation_en": "As typed", **changes})
    assert answer.status_code == 422
    assert "As typed" in answer.text
    assert event_names() == []


def test_words_over_words_conflict(world, maryam, step, as_user):
    browser, stale = as_user(maryam), world.support.access_epoch
    browser.post(f"{BASE}/steps/{step.id}", data=WORDS)
    answer = browser.post(f"{BASE}/steps/{step.id}", data={**WORDS, "label_en": "Mine", "base_epoch": stale})
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert step.label_en == "With us"


def test_steps_change_places(world, maryam, step, as_user):
    browser = as_user(maryam)
    browser.post(f"{BASE}/steps/{step.id}/position", data={"direction": "down"})
    assert order(world) == ["Received", "Waiting for you", "In progress", "Solved"]
    assert browser.post(f"{BASE}/steps/{step.id}/position", data={"direction": "x"}).status_code == 422
    other = world.stage("Packing", world.orders).portal_step_id
    assert browser.post(f"{BASE}/steps/{other}/position", data={"direction": "up"}).status_code == 404


def test_a_step_that_no_stage_shows_any_more_is_not_ahead(world, maryam, nika, as_user, as_contact):
    """G4: who has not reached it is not told to wait for it."""
    card = world.card()
    address, customer = f"/portal/requests/{card.code}", as_contact(nika)
    assert "در دست بررسی" in customer.get(address).text
    as_user(maryam).post(f"{BASE}/stages/{world.stage('Working').id}/archival")
    assert "در دست بررسی" not in customer.get(address).text


def rail(world, stage: str) -> list[tuple[str, str]]:
    draft = Draft.of(world.support)
    return [(well.label_en, well.state) for well in draft.rail(draft.shown_at(str(world.stage(stage).id)))]


def test_the_rail_is_what_customers_see(world):
    """A hidden stage shows the step before; a step that waits for the customer stands there only meanwhile."""
    assert rail(world, "Working") == [("Received", "done"), ("In progress", "now"), ("Solved", "next")]
    assert rail(world, "Consulting") == rail(world, "Working")
    waiting = [("Received", "done"), ("In progress", "done"), ("Waiting for you", "now"), ("Solved", "next")]
    assert rail(world, "Waiting") == waiting


def test_the_rail_begins_where_the_first_stage_shows_nothing(world):
    world.stage("New").portal_step_id = None
    db.session.commit()
    names = [name for name, _state in rail(world, "New")]
    assert len(names) == 3
    assert names[1:] == ["In progress", "Solved"]


def test_the_phone_shows_what_is_being_written(world, maryam, as_user):
    """A GET that changes nothing, in the language asked for."""
    stage = world.stage("Consulting")
    form = {"stage": stage.id, "kind": "active", "portal": "new", "label_fa": "آماده‌سازی", "label_en": "Preparing",
            "usual_hours": "۴۸"}  # fmt: skip
    browser = as_user(maryam)
    persian = browser.get(f"{BASE}/preview", query_string=form).text
    assert "آماده‌سازی" in persian
    assert "معمولاً ۲ روز" in persian
    english = browser.get(f"{BASE}/preview", query_string={**form, "lang": "en"}).text
    assert "Preparing" in english
    assert 'dir="ltr"' in english
    assert event_names() == []
    assert stage.portal_step_id is None


@pytest.mark.parametrize(
    "query",
    [{}, {"stage": "new"}, {"stage": "999999", "portal": "x"}, {"step": "999999"}, {"stage": "new", "portal": "new"},
     {"lang": "xx"}, {"stage": "new", "usual_hours": "nonsense", "kind": "x" * 5000}],
)  # fmt: skip
def test_the_phone_takes_nonsense_calmly(world, maryam, as_user, query):
    assert as_user(maryam).get(f"{BASE}/preview", query_string=query).status_code == 200


def test_what_is_typed_is_text_on_the_phone(world, maryam, as_user):
    form = {"stage": "new", "portal": "new", "label_fa": "<script>alert(1)</script>"}
    assert "<script>" not in as_user(maryam).get(f"{BASE}/preview", query_string=form).text
