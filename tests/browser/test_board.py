"""The board by mouse, keyboard and menu, in both directions; refusals go back, what was missed is caught up."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.extensions import db
from cards.models import Card
from cards.placement import move
from tests.browser.conftest import Person, speak
from tests.browser.test_story import column, drag
from tests.world import World

# The key that goes to the next stage.
ONWARD = {"fa": "ArrowLeft", "en": "ArrowRight"}
WORKING = {"fa": "در دست بررسی", "en": "Working"}


@pytest.fixture
def opened(person: Callable[..., Person], staffed: World) -> Callable[[str], tuple[Person, list[int]]]:
    """sara at the support board with three new cards, top first."""

    def open_board(locale: str) -> tuple[Person, list[int]]:
        speak(staffed, locale)
        ids = [staffed.card(title).id for title in ("سه", "دو", "یک")]
        sara = person(locale).sign_in(staffed.sara)
        sara.go("/boards/support")
        sara.live()
        return sara, ids[::-1]

    return open_board


def stage_of(card_id: int) -> int:
    stage_id = db.session.get_one(Card, card_id, populate_existing=True).stage_id
    db.session.rollback()
    return stage_id


def in_column(sara: Person, stage_id: int, card_id: int) -> None:
    expect(column(sara.page, stage_id).locator(f'[data-card="{card_id}"]')).to_be_visible()


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_a_card_is_moved_by_keyboard_and_announced(opened, staffed: World, locale: str) -> None:
    """B2; WCAG: no pointer is needed."""
    sara, (top, *_rest) = opened(locale)
    working = staffed.stage("Working").id
    sara.page.locator(f'[data-card="{top}"] h3 a').focus()
    for key in (" ", ONWARD[locale], "Enter"):
        sara.page.keyboard.press(key)
    in_column(sara, working, top)
    expect(
        sara.page.get_by_role("status").or_(sara.page.locator("[aria-live]")).filter(has_text=WORKING[locale])
    ).not_to_have_count(0)
    expect(sara.page.locator(f'[data-card="{top}"] h3 a')).to_be_focused()
    sara.page.keyboard.press("Alt+Shift+" + ONWARD[locale])
    in_column(sara, staffed.stage("Consulting").id, top)
    expect(sara.page.locator(".unsaved")).to_have_count(0)
    sara.page.reload()
    in_column(sara, staffed.stage("Consulting").id, top)


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_the_menu_moves_without_dragging(opened, staffed: World, locale: str) -> None:
    sara, (top, *_rest) = opened(locale)
    sara.page.locator(f'[data-card="{top}"]').hover()
    sara.page.locator(f'[data-card="{top}"] .more').click()
    sara.page.get_by_role("menuitemradio", name=WORKING[locale]).click()
    in_column(sara, staffed.stage("Working").id, top)


def test_escape_puts_a_dragged_card_back(opened, staffed: World) -> None:
    sara, (top, *_rest) = opened("fa")
    box = sara.page.locator(f'[data-card="{top}"]').bounding_box()
    target = column(sara.page, staffed.stage("Working").id).bounding_box()
    assert box
    assert target
    sara.page.mouse.move(box["x"] + 60, box["y"] + 12)
    sara.page.mouse.down()
    sara.page.mouse.move(target["x"] + 80, target["y"] + 120, steps=8)
    sara.page.keyboard.press("Escape")
    sara.page.mouse.up()
    in_column(sara, staffed.stage("New").id, top)
    assert stage_of(top) == staffed.stage("New").id


def test_a_closing_stage_asks_and_leaving_the_form_puts_the_card_back(opened, staffed: World) -> None:
    """B5"""
    sara, (top, *_rest) = opened("fa")
    resolved = staffed.stage("Resolved").id
    drag(sara.page, top, resolved)
    dialog = sara.page.locator("dialog[open]")
    expect(dialog.locator("[name=solution]")).to_be_visible()
    sara.page.keyboard.press("Escape")
    in_column(sara, staffed.stage("New").id, top)
    drag(sara.page, top, resolved)
    dialog.locator("[name=cause]").fill("شکسته بود")
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("[aria-invalid=true]")).not_to_have_count(0)
    expect(dialog.locator("[name=cause]")).to_have_value("شکسته بود")
    dialog.locator("[name=solution]").fill("عوض شد")
    dialog.locator("button[type=submit]").click()
    in_column(sara, resolved, top)
    assert stage_of(top) == resolved


def test_a_colleague_was_first_and_the_board_says_who(opened, staffed: World) -> None:
    sara, (top, *_rest) = opened("fa")
    sara.context.set_offline(True)
    card = db.session.get_one(Card, top)
    move(card, staffed.stage("Waiting").id, by=staffed.reza)
    db.session.commit()
    drag(sara.page, top, staffed.stage("Working").id)
    sara.context.set_offline(False)
    expect(sara.page.locator(".toast").filter(has_text="رضا پاکزاد")).to_be_visible()
    in_column(sara, staffed.stage("Waiting").id, top)


def test_what_was_missed_is_caught_up(opened, staffed: World) -> None:
    sara, (top, second, *_rest) = opened("fa")
    sara.context.set_offline(True)
    for card_id in (top, second):
        move(db.session.get_one(Card, card_id), staffed.stage("Working").id, by=staffed.reza)
        db.session.commit()
    sara.context.set_offline(False)
    for card_id in (top, second):
        in_column(sara, staffed.stage("Working").id, card_id)


def test_a_move_is_taken_back(opened, staffed: World) -> None:
    sara, (top, *_rest) = opened("fa")
    drag(sara.page, top, staffed.stage("Working").id)
    in_column(sara, staffed.stage("Working").id, top)
    sara.page.locator(".toast button").first.click()
    in_column(sara, staffed.stage("New").id, top)
    expect(sara.page.locator(".unsaved")).to_have_count(0)
