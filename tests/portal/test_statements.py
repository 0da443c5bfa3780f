"""Portal pages cost the same few queries at any size."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from cards.models import Entry, Survey
from cards.surveys import ask, token_for
from tests.portal.shop import make_order, picture

MOST = 8
PAGES = [
    "/portal/",
    "/portal/requests",
    "/portal/requests?after={newest}",
    "/portal/requests/{code}",
    "/portal/requests/new",
    "/portal/requests/new?department=delivery&write=1&order={number}&line=1",
    "/portal/orders",
    "/portal/orders/{number}",
    "/portal/orders?after={number}",
    "/portal/help",
    "/portal/help?q=سفارش",
    "/portal/search",
    "/portal/search?q=کفگیر",
    "/portal/account",
    "/portal/sign-in",
    "/portal/brand.css",
    "/portal/requests/{code}/files/{file}",
    "/portal/surveys/{token}",
]


def grow(shop):
    """Thirty more requests and orders, a long thread with files."""
    now = utcnow()
    for number in range(30):
        card = shop.world.card(title=f"درخواست {number}", at=now - timedelta(hours=number))
        db.session.add(
            Entry(card_id=card.id, kind="reply", visibility="portal", body="پاسخ", author_id=shop.world.reza.id)
        )
        make_order(shop.world, shop.nika, f"B-{number}", days_ago=number)
    from cards.services.writing import write_entry

    for number in range(40):
        write_entry(
            shop.request, "reply", f"پاسخ {number}", visibility="portal", author=shop.world.reza, files=[picture()]
        )
    db.session.commit()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_at_most_eight_queries(as_contact, shop, statements, path):
    """DESIGN 6."""
    ask(shop.request)
    survey = db.session.query(Survey).filter_by(card_id=shop.request.id).one()
    make_order(shop.world, shop.nika, "OLD-1", days_ago=90)
    newest = shop.world.card(title="تازه‌ترین").code
    url = path.format(
        code=shop.request.code, newest=newest, number=shop.order.number, file=shop.file.code, token=token_for(survey)
    )
    mine = as_contact(shop.nika)
    mine.get(url)
    counts = []
    for step in (lambda: None, lambda: grow(shop)):
        step()
        db.session.commit()
        statements.clear()
        assert mine.get(url).status_code in {200, 303}
        counts.append(len(statements))
        assert len(statements) <= MOST, "\n".join(statements)
    assert counts[0] == counts[1]


def test_filing_a_request_stays_cheap(as_contact, shop, statements):
    """DESIGN 6: create a card within 15 statements, with what the portal asks around it."""
    mine = as_contact(shop.nika)
    statements.clear()
    answer = mine.post(
        "/portal/requests", data={"department": "support", "title": "سلام", "body": "لطفاً", "op_id": "a"}
    )
    assert answer.status_code == 303
    assert len(statements) <= 26, "\n".join(statements)
