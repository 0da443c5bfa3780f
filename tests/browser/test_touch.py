"""The board under a finger: a hold takes a card up, a swipe scrolls, and the stage bar of a phone takes cards."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import Person, speak
from tests.browser.test_board import in_column, stage_of
from tests.world import World


class Finger:
    """One finger on the glass of somebody's phone."""

    def __init__(self, person: Person) -> None:
        self.page = person.page
        self.session: CDPSession = person.context.new_cdp_session(person.page)
        self.x = self.y = 0.0

    def down(self, selector: str) -> None:
        box = self.page.locator(selector).bounding_box()
        assert box
        self.x, self.y = box["x"] + box["width"] / 2, box["y"] + 16
        self._send("touchStart")

    def take(self, selector: str) -> None:
        """Rest on a card until it is in the hand."""
        self.down(selector)
        expect(self.page.locator(".in-hand")).to_be_visible()

    def to(self, x: float, y: float, steps: int = 10) -> None:
        start_x, start_y = self.x, self.y
        for step in range(1, steps + 1):
            self.x, self.y = start_x + (x - start_x) * step / steps, start_y + (y - start_y) * step / steps
            self._send("touchMove")

    def over(self, selector: str) -> None:
        box = self.page.locator(selector).bounding_box()
        assert box
        self.to(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def up(self) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind: str) -> None:
        point = {"x": round(self.x, 1), "y": round(self.y, 1)}
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})


@pytest.fixture
def held(person: Callable[..., Person], staffed: World) -> Callable[[str], tuple[Person, Finger, list[int]]]:
    """sara with the support board on a phone: twelve new cards, top first."""

    def open_board(locale: str) -> tuple[Person, Finger, list[int]]:
        speak(staffed, locale)
        ids = [staffed.card(f"کارت {number}").id for number in range(12)]
        sara = person(locale, phone=True).sign_in(staffed.sara)
        sara.go("/boards/support")
        sara.live()
        return sara, Finger(sara), ids[::-1]

    return open_board


def card(card_id: int) -> str:
    return f'.board [data-card="{card_id}"]'


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_a_held_card_goes_to_the_next_stage(held, staffed: World, locale: str) -> None:
    """B2: resting at the edge of the screen brings the next stage into view."""
    sara, finger, (top, *_rest) = held(locale)
    working = staffed.stage("Working").id
    finger.take(card(top))
    finger.to(8 if locale == "fa" else 382, 300)
    expect(sara.page.locator(f'[data-stage="{working}"]')).to_be_in_viewport(ratio=0.6)
    finger.to(195, 300)
    with sara.page.expect_response(lambda answer: answer.url.endswith("/placement") and answer.ok):
        finger.up()
    in_column(sara, working, top)
    assert stage_of(top) == working


def test_a_swipe_scrolls_and_takes_nothing(held, staffed: World) -> None:
    sara, finger, ids = held("fa")
    finger.down(card(ids[3]))
    finger.to(finger.x, finger.y - 160)
    assert sara.page.locator(".in-hand").count() == 0
    finger.up()
    sara.page.wait_for_function("document.querySelector('.board').scrollTop > 0")
    assert {stage_of(card_id) for card_id in ids} == {staffed.stage("New").id}


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_a_card_is_dropped_on_the_name_of_a_stage(held, staffed: World, locale: str) -> None:
    """B2: one column fills the phone; the names above it are places to drop too."""
    sara, finger, (_top, second, *_rest) = held(locale)
    working = staffed.stage("Working").id
    name = f".stagebar a[href='#stage-{working}']"
    finger.take(card(second))
    finger.over(name)
    expect(sara.page.locator(name)).to_have_class("target")
    with sara.page.expect_response(lambda answer: answer.url.endswith("/placement") and answer.ok):
        finger.up()
    in_column(sara, working, second)
    expect(sara.page.locator(name)).not_to_have_class("target")
    assert stage_of(second) == working


def test_a_call_that_comes_in_puts_the_card_back(held, staffed: World) -> None:
    sara, finger, (top, *_rest) = held("fa")
    finger.take(card(top))
    finger.to(195, 420)
    finger.session.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
    expect(sara.page.locator(".in-hand")).to_have_count(0)
    in_column(sara, staffed.stage("New").id, top)
    assert sara.page.locator(".board [data-card]").first.get_attribute("data-card") == str(top)
