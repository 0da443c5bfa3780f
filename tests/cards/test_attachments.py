"""Files of a card: given out through the card's reach, safe to open."""

import io

import pytest
import sqlalchemy as sa

from app.extensions import db
from cards.models import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def attach(world, sara, as_user):
    def one(content: bytes, name: str) -> str:
        card = world.card()
        files = [(io.BytesIO(content), name)]
        assert as_user(sara).post(f"/cards/{card.code}/notes", data={"files": files}).status_code == 303
        row = db.session.scalars(sa.select(Attachment)).one()
        return f"/cards/{card.code}/attachments/{row.code}"

    return one


def test_a_picture_opens_in_the_page(attach, reza, as_user):
    with as_user(reza).get(attach(PNG, "قوری.png")) as answer:
        assert answer.status_code == 200
        assert answer.data == PNG
        assert answer.mimetype == "image/png"
        assert not answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<script>alert(1)</script>", "x.html"), (b"<svg onload=alert(1)>", "x.svg"), (b"%PDF-1.7", "x.pdf")],
)
def test_everything_else_is_only_downloaded(attach, reza, as_user, content, name):
    with as_user(reza).get(attach(content, name)) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.mimetype not in {"text/html", "image/svg+xml"}


def test_nobody_else_gets_it(app, attach, omid, nika, as_user, as_contact):
    """N10, Z02"""
    address = attach(PNG, "داخلی.png")
    assert as_user(omid).get(address).status_code == 404
    assert as_contact(nika).get(address).status_code == 303
    assert app.test_client().get(address).status_code == 303


def test_a_file_of_another_card_is_not_given_out_under_this_one(world, attach, sara, as_user):
    """Two ids in one address must belong together."""
    address = attach(PNG, "قوری.png")
    other = world.card("کارت دیگر")
    wrong = f"/cards/{other.code}/attachments/{address.rsplit('/', 1)[1]}"
    assert as_user(sara).get(wrong).status_code == 404
    assert as_user(sara).get(address + "X").status_code == 404
