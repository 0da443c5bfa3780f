"""The search of customers: their own things, and nothing that colleagues write moves what they find."""

import re

import pytest

from app import search
from app.extensions import db
from cards.services import add_note, add_reply, open_card, set_tags, withdraw_reply
from knowledge.models import FaqEntry
from pipelines.models import Department


@pytest.fixture
def found(as_contact, shop):
    """Texts of the results page for a customer; the browser stays signed in."""
    list(search.rebuild())
    browsers = {}

    def look(contact, text: str) -> str:
        browser = browsers.setdefault(contact.id, as_contact(contact))
        page = browser.get("/portal/search", query_string={"q": text})
        assert page.status_code == 200
        return page.text.split("<main", 1)[1].split("</main>", 1)[0]

    return look


def links(page: str) -> list[str]:
    return re.findall(r'href="(/portal/(?:requests|orders)/(?!new)[^"?]+)"', page)


def test_own_requests_orders_and_answers(shop, found):
    add_reply(shop.request, "چسب قابلمه را فرستادیم", by=shop.world.sara)
    db.session.commit()
    assert links(found(shop.nika, "چسب"))[:1] == [f"/portal/requests/{shop.request.code}"]
    assert f"/portal/orders/{shop.order.number}" in links(found(shop.nika, shop.order.number))
    assert f"/portal/orders/{shop.order.number}" in links(found(shop.nika, "کفگیر"))
    assert f"/portal/requests/{shop.request.code}" in links(found(shop.nika, shop.request.code))
    assert links(found(shop.nika, "ندارد‌هرگز")) == []


def test_what_is_others_is_not_there(shop, found):
    """P01, P10: not a stranger's, and not a colleague's without the right."""
    for contact in (shop.babak, shop.kaveh):
        for text in (shop.request.code, shop.request.title, "کفگیر", shop.order.number, "نیکا", "پخش نوین‌آوا"):
            own = {f"/portal/requests/{shop.other_request.code}", f"/portal/orders/{shop.other_order.number}"}
            assert set(links(found(contact, text))) <= own, text


def test_a_granted_right_opens_the_companys_requests_without_invoices(shop, found):
    """P02."""
    shop.request.company_id = shop.world.company.id
    membership = shop.kaveh.memberships[0]
    membership.can_see_company_tickets = True
    db.session.commit()
    list(search.rebuild())
    assert f"/portal/requests/{shop.request.code}" in links(found(shop.kaveh, shop.request.title))
    membership.can_see_company_tickets = False
    db.session.commit()
    assert links(found(shop.kaveh, shop.request.title)) == []


def test_what_colleagues_write_moves_nothing(shop, found):
    """N05: results, their order and their number are the same as before."""
    for number in range(3):
        shop.world.card(f"قوری {number}", body="شکسته")
    looked_for = ("قوری", "شکسته", "محرمانه", "قوری محرمانه", "بدقول")

    def seen() -> dict[str, str]:
        # When there was news of a request is told elsewhere; a withdrawn reply is news.
        return {text: re.sub(r"<time.*?</time>", "", found(shop.nika, text)) for text in looked_for}

    before = seen()
    add_note(shop.request, "قوری محرمانه شکسته بدقول", by=shop.world.sara)
    set_tags(shop.request, ["محرمانه", "قوری"], by=shop.world.sara)
    reply = add_reply(shop.request, "قوری محرمانه", by=shop.world.sara, tell=False)
    withdraw_reply(shop.request, reply, by=shop.world.sara)
    inside = open_card(shop.nika, shop.world.support.first_stage, title="قوری محرمانه", by=shop.world.sara,
                       acknowledge=False)  # fmt: skip
    inside.is_internal = True
    open_card(shop.nika, shop.world.sales.first_stage, title="قوری محرمانه", by=shop.world.omid, channel="agent")
    shop.nika.tier_reason = "محرمانه"
    db.session.commit()
    assert seen() == before
    list(search.rebuild())
    assert seen() == before


def test_answers_out_of_use_or_of_inner_departments_are_not_there(shop, found):
    """P13: not by search; nor when the department or the board leaves the portal later."""
    department = db.session.get(Department, shop.parts.id)
    db.session.add_all([
        FaqEntry(department_id=department.id, question_fa="پرسش آزاد", answer_fa="زعفرانی"),
        FaqEntry(department_id=department.id, question_fa="پرسش کهنه", answer_fa="زعفرانی", is_active=False),
    ])  # fmt: skip
    db.session.commit()
    list(search.rebuild())
    page = found(shop.nika, "زعفرانی")
    assert "پرسش آزاد" in page
    assert "پرسش کهنه" not in page
    for name in ("is_public", "is_active"):
        setattr(department, name, False)
        db.session.commit()
        assert "پرسش آزاد" not in found(shop.nika, "زعفرانی"), name
        setattr(department, name, True)
    department.pipeline.is_in_portal = False
    db.session.commit()
    assert "پرسش آزاد" not in found(shop.nika, "زعفرانی")


def test_people_companies_and_products_are_not_searched(shop, found):
    """P14."""
    for text in ("بابک", "دهقان", "0935", "نوین‌آوا", "SKU"):
        assert links(found(shop.nika, text)) == []


def test_nobody_signs_in_first_and_nothing_typed_is_a_command(client, shop, found):
    assert client.get("/portal/search?q=x").location.startswith("/portal/sign-in")
    for typed in ("", '"', "*", "=portal", "=o1", "^قو", "' | !", "ا" * 3000):
        found(shop.nika, typed or " ")


def test_the_other_keyboard(shop, found):
    shop.world.card("سلام و سپاس")
    assert "سلام" in found(shop.nika, "sghl")
