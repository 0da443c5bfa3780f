"""Access cases of single doors: mentions, people who left, foreign transports, forms that are asked for too much."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.notifications import Notification
from cards.services import add_note
from tests.app.test_house_style import PACKAGES

ROOT = Path(__file__).parents[2]


def test_customers_and_strangers_are_not_offered_for_a_mention(world, sara, as_user):
    """N12: the people that a composer offers are those who reach the board; a customer is nobody to mention."""
    card = world.card()
    browser = as_user(sara)

    def offered(text: str) -> str:
        return browser.get(f"/cards/{card.code}/colleagues?q={text}").text

    assert world.reza.name in offered("رضا")
    for person in (world.omid, world.nika, world.babak):
        assert person.name not in offered(person.name.split()[0]) + offered("")


def test_who_lost_the_board_finds_no_word_of_the_note(world, sara, reza, as_user):
    """N12, Z11, Z15: the mention stays in the past; its text is not told to who no longer reaches it."""
    card = world.card()
    add_note(card, "@رضا پاکزاد رمز انبار قناری", by=sara, mentions=[reza.id])
    db.session.commit()
    browser = as_user(reza)
    assert "قناری" in browser.get("/inbox").text
    reza.deactivated_at = utcnow()
    db.session.commit()
    for path in ("/inbox", f"/cards/{card.code}", "/boards/support", "/work"):
        answer = browser.get(path)
        assert answer.status_code in {303, 401, 404}
        assert "قناری" not in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) > 0


@pytest.mark.parametrize("query", ["transport=polling", "transport=polling&sid=x", "transport=websocket&sid=x"])
def test_there_is_no_session_of_a_socket_to_take_over(world, as_user, sara, nika, as_contact, query):
    """S09: websockets only, and a socket's id opens nothing: polling with somebody's id is refused like any other."""
    for browser in (as_user(sara), as_contact(nika)):
        assert browser.get(f"/socket.io/?EIO=4&{query}").status_code == 400


def test_no_form_is_poured_into_a_record() -> None:
    """P08, Z04, Z08: what is stored is named field by field; a whole request never reaches a model."""
    poured = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr == "populate_obj":
                    poured.append(f"{path.relative_to(ROOT)}:{node.lineno} populate_obj")
                if isinstance(node, ast.keyword) and node.arg is None and "request." in ast.unparse(node.value):
                    poured.append(f"{path.relative_to(ROOT)}:{node.lineno} **{ast.unparse(node.value)}")
    assert poured == []
