"""Boards as a whole: making one of a pattern, its names, its archive."""

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from pipelines.models import Pipeline
from pipelines.patterns import PATTERNS
from tests.conftest import event_names

NEW = {"pattern": "support", "name_fa": "گارانتي", "name_en": "Warranty", "slug": "warranty"}


def board(slug: str) -> Pipeline:
    return db.session.scalars(sa.select(Pipeline).where(Pipeline.slug == slug)).one()


@pytest.mark.parametrize("key", list(PATTERNS))
def test_a_board_is_made_of_a_pattern(world, admin, as_user, key):
    """B2, B12: with an entrance, an exit and stages of its kind; customers see the steps that the pattern says."""
    answer = as_user(admin).post("/settings/pipelines", data={**NEW, "pattern": key})
    assert answer.headers["Location"] == "/settings/pipelines/warranty/members"
    made, pattern = board("warranty"), PATTERNS[key]
    assert (made.name_fa, made.kind, made.position) == ("گارانتی", pattern.kind, 1)
    assert [stage.name_fa for stage in made.stages] == [stage.name_fa for stage in pattern.stages]
    assert [step.label_fa for step in made.portal_steps] == [step.label_fa for step in pattern.steps]
    assert made.first_stage.kind == "new"
    assert made.resolved_stage is not None
    assert as_user(admin).get("/boards/warranty").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "support"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "گارانتی"}, "slug"),
        ({"slug": "../x"}, "slug"),
        ({"slug": "-a"}, "slug"),
        ({"slug": "a" * 41}, "slug"),
        ({"slug": ""}, "slug"),
        ({"name_fa": ""}, "name_fa"),
        ({"pattern": "castle"}, "pattern"),
    ],
)
def test_bad_boards_are_refused(world, admin, as_user, changes, field):
    answer = as_user(admin).post("/settings/pipelines", data={**NEW, **changes}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert db.session.scalar(sa.select(sa.func.count(Pipeline.id))) == 3
    assert event_names() == []


def test_a_manager_renames_the_board_and_takes_it_out_of_the_portal(world, maryam, as_user):
    data = {"name_fa": "پشتیبانی فنی", "name_en": "Tech", "icon": "wrench"}
    assert as_user(maryam).post("/settings/pipelines/support/details", data=data).status_code == 303
    assert (world.support.name_en, world.support.icon, world.support.is_in_portal) == ("Tech", "wrench", False)
    event = db.session.scalars(sa.select(Event)).one()
    assert event.data["from"] == {"name_fa": "پشتیبانی", "name_en": "Support", "icon": "board", "is_in_portal": True}
    assert as_user(maryam).post("/settings/pipelines/support/details", data={**data, "icon": "x"}).status_code == 422


def test_making_and_archiving_is_for_admins(world, maryam, as_user):
    browser = as_user(maryam)
    assert browser.post("/settings/pipelines", data=NEW).status_code == 403
    assert browser.post("/settings/pipelines/support/archival").status_code == 403
    assert browser.get("/settings/pipelines").text.count('class="cover strong"') == 1


def test_only_an_empty_board_that_nobody_needs_is_archived(world, admin, as_user):
    """Z10: no card and no department loses its board."""
    browser, card = as_user(admin), world.card("فرصت", stage=world.stage("Lead", world.sales))
    refused = browser.post("/settings/pipelines/sales/archival")
    assert refused.status_code == 422
    assert "۱ کارت" in refused.text
    needed = browser.post("/settings/pipelines/support/archival")
    assert needed.status_code == 422
    assert "دپارتمان" in needed.text
    db.session.delete(card)
    db.session.commit()
    assert browser.post("/settings/pipelines/orders/archival").status_code == 303
    assert browser.get("/boards/orders").status_code == 404
    assert "سفارش‌ها" in browser.get("/settings/pipelines").text
    assert browser.post("/settings/pipelines/orders/restoration").status_code == 303
    assert browser.get("/boards/orders").status_code == 200
    assert browser.post("/settings/pipelines/orders/restoration").status_code == 404


def test_an_empty_installation_is_filled_once(app):
    """Support, Sales and Orders on the first account, in whichever way it was made; never beside other boards."""
    from app.users import services
    from pipelines.seed import seed_empty

    services.create("first@shop.ir", "نفر اول", "admin", by=None)
    db.session.commit()
    boards = db.session.scalars(sa.select(Pipeline).order_by(Pipeline.position)).all()
    assert [(made.slug, made.kind) for made in boards] == [
        ("support", "ticket"),
        ("sales", "deal"),
        ("orders", "order"),
    ]
    services.create("second@shop.ir", "نفر دوم", "agent", by=None)
    assert not seed_empty()
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Pipeline.id))) == 3
