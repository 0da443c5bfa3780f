"""Each check of the data: a thing is broken, and the check says so."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from app import files
from app.checks import Finding, all_checks, ask
from app.checks.registry import DEEP, QUICK, Check, here, repair_all, worst
from app.extensions import db
from cards.models import Attachment, Card, StageTransition
from cards.services import add_note, add_reply
from pipelines.models import Pipeline
from tests.world import World


def finding(name: str, **kwargs: Any) -> Finding:
    """What one check finds now."""
    db.session.commit()
    (check,) = [check for check in all_checks(depth=DEEP) if check.name == name]
    with here(**kwargs) as house:
        (result,) = ask(house, [check])
    # What was read in there ends here: PostgreSQL lets nothing be written in a transaction that began by reading.
    db.session.rollback()
    return result.finding


def attached(world: World, *, public: bool = False) -> tuple[Card, Attachment]:
    card = world.card()
    upload = FileStorage(io.BytesIO(b"%PDF-1.4 a receipt"), "receipt.pdf")
    (add_reply if public else add_note)(card, "رسید", by=world.sara, files=[upload])
    db.session.commit()
    return card, db.session.query(Attachment).one()


def test_a_sound_house_is_well(world: World) -> None:
    attached(world)
    for check in all_checks(("data",), DEEP):
        if check.name != "data.revision":
            assert finding(check.name).state == "ok", check.name


@pytest.mark.servers
def test_every_check_can_be_asked_of_either_database(world: World) -> None:
    attached(world)
    with here() as house:
        results = ask(house, all_checks(depth=DEEP))
    assert [result.check.name for result in results if "could not be found out" in result.finding.sentence] == []


def set_on_card(world: World, **values: Any) -> Card:
    card = world.card()
    db.session.execute(sa.update(Card).where(Card.id == card.id).values(values))
    return card


def in_a_stage_of_another_board(world: World) -> None:
    set_on_card(world, stage_id=world.stage("Lead", world.sales).id)


def in_an_archived_stage(world: World) -> None:
    world.card().stage.archived_at = sa.func.now()


def without_a_stay(world: World) -> None:
    db.session.execute(sa.delete(StageTransition).where(StageTransition.card_id == world.card().id))


def with_two_stays(world: World) -> None:
    card = world.card()
    stay = db.session.query(StageTransition).filter_by(card_id=card.id).one()
    db.session.add(StageTransition(card_id=card.id, pipeline_id=card.pipeline_id, stage_id=card.stage_id,
                                   entered_at=stay.entered_at))  # fmt: skip


def with_a_stay_elsewhere(world: World) -> None:
    set_on_card(world, stage_id=world.stage("Working").id)


def with_a_hole_in_the_history(world: World) -> None:
    world.card()
    card = world.card()
    world.card()
    db.session.execute(sa.text("DELETE FROM events WHERE card_id = :card"), {"card": card.id})


def with_a_history_that_runs_ahead(world: World) -> None:
    card = world.card()
    db.session.execute(sa.update(Pipeline).where(Pipeline.id == card.pipeline_id).values(seq=0))


def with_a_step_of_another_board(world: World) -> None:
    set_on_card(world, portal_step_id=world.stage("Placed", world.orders).portal_step_id)


def with_a_stage_that_shows_another_board(world: World) -> None:
    world.stage("New").portal_step_id = world.stage("Placed", world.orders).portal_step_id


def with_a_place_taken_twice(world: World) -> None:
    world.card()
    other = world.card()
    db.session.execute(sa.update(Card).values(rank=other.rank))


def with_a_wrong_count(world: World) -> None:
    set_on_card(world, attachment_count=7)


def with_a_file_that_is_gone(world: World) -> None:
    attached(world)[1].file.path.unlink()


def with_a_file_of_another_length(world: World) -> None:
    attached(world)[1].file.path.write_bytes(b"short")


@pytest.mark.parametrize(("name", "state", "damage"), [
    ("data.stages", "bad", in_a_stage_of_another_board),
    ("data.stages", "bad", in_an_archived_stage),
    ("data.stays", "bad", without_a_stay),
    ("data.stays", "bad", with_two_stays),
    ("data.stays", "bad", with_a_stay_elsewhere),
    ("data.sequence", "bad", with_a_hole_in_the_history),
    ("data.sequence", "bad", with_a_history_that_runs_ahead),
    ("data.steps", "bad", with_a_step_of_another_board),
    ("data.steps", "bad", with_a_stage_that_shows_another_board),
    ("data.order", "warn", with_a_place_taken_twice),
    ("data.counters", "warn", with_a_wrong_count),
    ("data.files", "bad", with_a_file_that_is_gone),
    ("data.files", "bad", with_a_file_of_another_length),
    ("data.revision", "bad", lambda _world: None),
])  # fmt: skip
def test_damage_is_found_and_says_what_to_do(
    world: World, name: str, state: str, damage: Callable[[World], None]
) -> None:
    """I1, I2, F35"""
    damage(world)
    found = finding(name)
    assert found.state == state
    assert found.sentence
    assert found.advice


def test_a_file_that_the_disk_has_spoilt_is_found_by_reading_it(world: World) -> None:
    """F35: of the same length, so that only its content tells."""
    _card, attachment = attached(world)
    attachment.file.path.write_bytes(b"%PDF-1.4 b receipt")
    assert finding("data.files").state == "ok"
    assert finding("data.contents").state == "bad"


def test_a_row_that_points_nowhere_is_found(world: World) -> None:
    card = world.card()
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("UPDATE cards SET contact_id = 9999 WHERE id = ?", (card.id,))
            driver.execute("PRAGMA foreign_keys=ON")
    assert finding("data.references").state == "bad"


def test_repair_counts_anew_and_removes_what_nobody_owns(world: World, app: Flask) -> None:
    attached(world)
    with_a_wrong_count(world)
    db.session.commit()
    folder: Path = app.config["FILES_DIR"]
    old, young = folder / "tmpold", folder / "tmpyoung"
    for path, days in ((old, 30), (young, 1)):
        path.write_bytes(b"half an upload")
        then = path.stat().st_mtime - days * 86400
        os.utime(path, (then, then))
    assert finding("running.orphans").state == "warn"
    assert len(repair_all()) == 2
    assert finding("data.counters").state == "ok"
    assert (old.exists(), young.exists()) == (False, True)
    assert finding("data.files").state == "ok"
    young.unlink()
    assert repair_all() == []


@pytest.mark.parametrize("damage", ["gone", "spoilt", "short", "a folder"])
def test_a_damaged_file_is_said_to_be_damaged(world: World, as_user: Any, as_contact: Any, damage: str) -> None:
    """F35: 404 with an explanation to both sides, and the pages around it work."""
    card, attachment = attached(world, public=True)
    path = attachment.file.path
    path.unlink()
    if damage == "spoilt":
        path.write_bytes(b"%PDF-1.4 b receipt")
    elif damage == "short":
        path.write_bytes(b"%PDF")
    elif damage == "a folder":
        path.mkdir()
    staff, customer = as_user(world.sara), as_contact(world.nika)
    for browser, page, link in (
        (staff, f"/cards/{card.code}", f"/cards/{card.code}/attachments/{attachment.code}"),
        (customer, f"/portal/requests/{card.code}", f"/portal/requests/{card.code}/files/{attachment.code}"),
    ):
        assert browser.get(page).status_code == 200
        answer = browser.get(link)
        assert answer.status_code == 404
        assert "این فایل نزد ما" in answer.text
    if path.is_dir():
        path.rmdir()


def test_a_whole_file_is_looked_at_once(world: World, as_user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    card, attachment = attached(world)
    files._is_whole.cache_clear()
    link = f"/cards/{card.code}/attachments/{attachment.code}"
    browser = as_user(world.sara)
    for _look in range(3):
        assert browser.get(link).status_code == 200
    assert files._is_whole.cache_info().misses == 1


def test_a_check_that_breaks_is_bad_news_and_no_end(world: World) -> None:
    def breaks(_house: object) -> Finding:
        raise LookupError("calendar")

    broken = Check("test.broken", "Broken", "data", QUICK, breaks)  # type: ignore[arg-type]
    with here() as house:
        results = ask(house, [broken, *all_checks(("data",), QUICK)])
    assert results[0].state == "bad"
    assert worst(results) == "bad"
    assert len(results) > 1
