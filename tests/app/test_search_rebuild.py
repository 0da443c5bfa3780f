"""The index of the search made anew, while Kariz runs and at rest."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app import search
from app.extensions import db
from app.search.table import DOCS
from cards.services import rename, set_tags
from cards.services.properties import set_amount
from contacts.services import archive_contact
from tests.app.test_search import assert_index_is_right, titles


@pytest.fixture(autouse=True)
def _indexed(app, world) -> Iterator[None]:
    """As for the search: an index of the world, and a request."""
    list(search.rebuild())
    with app.test_request_context():
        yield


@pytest.mark.servers
def test_a_rebuild_finds_what_was_lost_and_forgets_what_is_gone(world, sara, app):
    card = world.card("گم‌شده")
    db.session.execute(sa.delete(DOCS))
    db.session.execute(sa.insert(DOCS).values(
        kind="card", ref_id=99_999, audience="internal", target_id=99_999, at=card.opened_at, head="",
        words="گم‌شده =card",
    ))  # fmt: skip
    db.session.commit()
    wrong = {d.kind: (d.missing, d.extra) for d in search.state()}
    assert wrong["card"] == (1, 1)
    assert app.test_cli_runner().invoke(args=["search", "state"]).exit_code == 1
    said = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert "card: 1" in said.output
    assert app.test_cli_runner().invoke(args=["search", "state"]).exit_code == 0
    assert titles(sara, "گم‌شده") == ["گم‌شده"]
    assert_index_is_right()


@pytest.mark.servers
def test_a_rebuild_at_rest_makes_the_same_index(world, sara, nika, app):
    """Rows, words and answers; what is written afterwards is found as well."""
    for number in range(3):
        card = world.card(f"قوری چینی {number}", body="می‌خواهم کتاب ها را ۱۲٬۵۰۰ پس بدهم", contact=nika)
    set_tags(card, ["شکستنی"], by=sara)
    set_amount(card, 12_500, by=sara)
    archive_contact(world.babak, by=sara)
    db.session.commit()
    list(search.rebuild())
    asked = ("قوری", "چینی 2", "کتابها", "12500", "شکستنی", "نیکا", "4567", "بابک", card.code)
    lists, found = everything_kept(), [titles(sara, typed) for typed in asked]
    assert app.test_cli_runner().invoke(args=["search", "rebuild", "--at-rest"]).exit_code == 0
    assert everything_kept() == lists
    assert [titles(sara, typed) for typed in asked] == found
    card = world.card("دیگچه", body="تازه")
    assert titles(sara, "دیگ تازه") == []
    assert titles(sara, "تاز") == titles(sara, "دیگ") == ["دیگچه"]
    rename(card, "کماجدان", by=sara)
    assert (titles(sara, "دیگچه"), titles(sara, "کماج")) == ([], ["کماجدان"])
    assert_index_is_right()


def everything_kept() -> list[tuple[object, ...]]:
    """The docs in the order in which they are found."""
    kept = db.session.execute(sa.select(*(column for column in DOCS.c if column.name != "id")).order_by(DOCS.c.id))
    return [tuple(row) for row in kept]
