"""The search of colleagues: what is found, by whom, in how many statements."""

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app import search
from app.extensions import db
from app.search.finding import Wanted, find
from app.search.table import DOCS
from cards.services import add_note, add_reply, rename, set_tags, withdraw_reply
from cards.services.properties import set_amount
from contacts.services import add_point, archive_contact, create_contact, restore_contact, update_contact
from knowledge.models import FaqEntry
from orders.services import NewLine, create_order, issue_invoice
from tests.app.test_search_words import CASES


@pytest.fixture(autouse=True)
def _indexed(app, world) -> Iterator[None]:
    """The people of the world are written without their verbs; results carry addresses, so there is a request."""
    list(search.rebuild())
    with app.test_request_context():
        yield


def titles(user, text: str, **more: object) -> list[str]:
    """Everything found, heading by heading."""
    answer = find(Wanted(text, 20, **more), user)
    return [hit.title for section in answer.sections for hit in section.hits]


def kinds(user, text: str) -> list[str]:
    return [section.group.key for section in find(Wanted(text, 20), user).sections]


def assert_index_is_right() -> None:
    db.session.flush()
    assert [tuple(d) for d in search.state() if d.missing or d.extra] == []


@pytest.mark.parametrize(("written", "typed", "is_found"), CASES)
@pytest.mark.servers
def test_words_are_found_however_they_are_typed(world, sara, written, typed, is_found):
    """PERSIAN 1: the same answers on every database."""
    card = world.card("عنوان", body=written, by=world.babak, contact=world.babak)
    assert (card.title in titles(sara, typed)) is is_found


def test_a_card_is_found_at_once_by_title_words_code_and_customer(world, sara):
    card = world.card("قوری شکسته رسید", body="دستهٔ قوری لق است")
    for typed in ("قوری", "شکسته قوری", "لق", "قور", card.code.lower(), "نیکا", "صفوی نی", "4567", "09121234567"):
        assert card.title in titles(sara, typed), typed
    assert titles(sara, "قوری سالم") == []


def test_a_code_leads_straight_to_its_card(world, sara, as_user):
    card = world.card()
    browser = as_user(sara)
    shown = f"{card.code[:4]}-{card.code[4:8]} {card.code[8:]}".lower()
    assert browser.get("/go", query_string={"q": shown}).location == f"/cards/{card.code}"
    assert browser.get("/go?q=09121234567").location == f"/contacts/{world.nika.code}"
    assert browser.get("/go?q=قوری").location.startswith("/search?q=")
    assert browser.get("/go").location == "/search"


def test_order_and_invoice_numbers_lead_to_the_order(world, omid, as_user):
    line = NewLine(None, 2, price_rials=1_250_000, name="دیگ مسی")
    order = create_order(world.nika, [line], number="SH-1042", by=omid)
    invoice = issue_invoice(order, by=omid)
    db.session.commit()
    browser = as_user(omid)
    for typed in ("sh-1042", "SH 1042", "sh۱۰۴۲", invoice.number, invoice.number.replace("-", "")):
        assert browser.get("/go", query_string={"q": typed}).location == "/orders/SH-1042", typed
    assert "SH-1042" in titles(omid, "دیگ مسی")
    assert "SH-1042" in titles(omid, "۲٬۵۰۰٬۰۰۰")
    assert_index_is_right()


def test_amounts_in_any_digits(world, omid):
    """TICKETS acceptance 19: ۱۲۳ equals 123 in code, phone and amount."""
    card = world.card("معاملهٔ بزرگ", stage=world.stage("Lead", world.sales))
    set_amount(card, 123_456_000, by=omid)
    assert titles(omid, "123456000") == titles(omid, "۱۲۳٬۴۵۶٬۰۰۰") == titles(omid, "12,345,600") == [card.title]


def test_boards_out_of_reach_are_silent(world, sara, omid, admin, as_user):
    """TICKETS acceptance 17, SAFETY Z02: not in search, suggestions or counts, not by code, not by customer."""
    card = world.card("پرونده پنهان‌واژه", body="متن پنهان‌واژه", contact=world.babak, by=world.babak)
    add_note(card, "یادداشت پنهان‌واژه", by=sara)
    set_tags(card, ["پنهان‌واژه"], by=sara)
    db.session.commit()
    assert card.title in titles(sara, "پنهان‌واژه")
    assert card.title in titles(admin, "پنهان‌واژه")
    browser = as_user(omid)
    for typed in ("پنهان‌واژه", card.code, "بابک"):
        for url in ("/search", "/search/suggestions"):
            text = browser.get(url, query_string={"q": typed}).text.replace(typed, "")
            assert "پرونده" not in text
            assert card.code not in text
        assert card.title not in titles(omid, typed)
    assert find(Wanted("پنهان‌واژه", 20), omid).total == 0
    assert browser.get("/go", query_string={"q": card.code}).location.startswith("/search")


def test_reach_is_lost_at_once(world, sara, omid):
    card = world.card("کارت فروش", stage=world.stage("Lead", world.sales), body="حرف", by=omid)
    assert titles(omid, "کارت فروش") == [card.title]
    from pipelines.models import PipelineMembership
    from pipelines.models.membership import forget_levels

    db.session.execute(sa.delete(PipelineMembership).where(PipelineMembership.pipeline_id == world.sales.id))
    # Even where the marks still name the board, the condition on the rows does not.
    assert titles(omid, "کارت فروش") == []
    forget_levels()
    assert titles(omid, "کارت فروش") == []


def test_a_note_is_shown_as_internal(world, sara, as_user):
    card = world.card()
    add_note(card, "مشتری <b>بدحساب</b> است", by=sara)
    db.session.commit()
    page = as_user(sara).get("/search?q=بدحساب").text
    assert "&lt;b&gt;<mark>بدحساب</mark>&lt;/b&gt;" in page
    assert "hit-text inside" in page


def test_every_verb_keeps_the_index_right(world, sara, omid):
    card = world.card("عنوان نخست")
    rename(card, "عنوان دوم", by=sara)
    assert titles(sara, "نخست") == []
    assert titles(sara, "دوم") == ["عنوان دوم"]
    set_tags(card, ["فوری"], by=sara)
    assert titles(sara, "فوری") == ["عنوان دوم"]
    set_tags(card, [], by=sara)
    assert titles(sara, "فوری") == []
    reply = add_reply(card, "جواب عجیب", by=sara)
    withdraw_reply(card, reply, by=sara)
    assert titles(sara, "عجیب") == ["عنوان دوم"]
    assert db.session.scalar(sa.select(DOCS.c.audience).where(DOCS.c.kind == "entry", DOCS.c.ref_id == reply.id)) == (
        "internal"
    )
    assert_index_is_right()


def test_people_are_found_by_their_present_names_and_numbers(world, sara):
    contact = create_contact(by=sara, name="علی رضاپور", points=[("mobile", "0912 555 0101")])
    card = world.card("چیزی دیگر", contact=contact, by=contact)
    for typed in ("علی", "علیرضاپور", "Ali", "0101", "۰۱۰۱", "0912555"):
        assert contact.shown_name in titles(sara, typed), typed
    update_contact(contact, by=sara, name="مهدی سبزواری")
    assert contact.shown_name not in titles(sara, "رضاپور")
    assert titles(sara, "سبزواری") == ["چیزی دیگر", "مهدی سبزواری"]
    add_point(contact, "email", "m.sabz@example.ir", by=sara)
    assert "مهدی سبزواری" in titles(sara, "m.sabz@example.ir")
    archive_contact(contact, by=sara)
    assert "مهدی سبزواری" not in titles(sara, "سبزواری")
    restore_contact(contact, by=sara)
    assert card.title in titles(sara, "سبزواری")
    assert_index_is_right()


def test_the_other_keyboard_is_tried_when_nothing_is_found(world, sara, as_user):
    world.card("سلام و احوال‌پرسی")
    answer = find(Wanted("sghl", 20), sara)
    assert answer.said == "سلام"
    assert answer.total == 1
    assert "سلام" in as_user(sara).get("/search?q=sghl").text


def test_answers_in_use_are_for_colleagues_and_all_for_admins(world, sara, admin, as_user):
    db.session.add_all([
        FaqEntry(department_id=world.department.id, question_fa="چگونه پس بدهم؟", answer_fa="در هفت روز"),
        FaqEntry(department_id=world.department.id, question_fa="پرسش کهنه", answer_fa="در هفت روز", is_active=False),
    ])  # fmt: skip
    db.session.commit()
    list(search.rebuild())
    assert titles(sara, "هفت روز") == ["چگونه پس بدهم؟"]
    assert sorted(titles(admin, "هفت روز")) == ["پرسش کهنه", "چگونه پس بدهم؟"]
    assert "در <mark>" not in as_user(sara).get("/search?q=هفت&kind=article").text


def test_mine_are_the_cards_that_i_look_after(world, sara, reza):
    world.card("قوری سارا", assignee=sara)
    world.card("قوری رضا", assignee=reza)
    assert titles(sara, "قوری", group="card", is_mine=True) == ["قوری سارا"]


def test_titles_rank_before_texts_and_better_titles_first(world, sara):
    world.card("چیزی", body="اینجا از قوری چینی حرف می‌زنیم")
    world.card("درباره قوری چینی", body="متن")
    world.card("قوری چینی", body="متن")
    assert titles(sara, "قوری چینی")[:3] == ["قوری چینی", "درباره قوری چینی", "چیزی"]


def test_pages_of_results_go_on_where_the_last_ended(world, sara):
    for number in range(25):
        world.card(f"قوری شماره {number}")
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        (section,) = find(Wanted("قوری", 10, "card", after=after), sara).sections
        seen += [hit.title for hit in section.hits]
        after = section.after
    assert len(seen) == len(set(seen)) == 25
    for wrong in ("x", "1.2", "9" * 40, "-1.-1.-1", "1.2.3.4"):
        assert find(Wanted("قوری", 10, "card", after=wrong), sara).sections


COMMANDS = ['"', "*", "NEAR(", "a AND", "';--", "=card", "^ا", "<1", "((", ":*", "\\", "ا" * 5000, "%", "_", "a*b"]


@pytest.mark.parametrize("typed", COMMANDS)
@pytest.mark.servers
def test_nothing_that_is_typed_is_a_command(world, sara, as_user, typed):
    world.card()
    for url in ("/search", "/search/suggestions", "/go"):
        assert as_user(sara).get(url, query_string={"q": typed}).status_code in {200, 303}


def test_suggestions_are_grouped_and_marked(world, sara, as_user):
    card = world.card()
    found = json.loads(as_user(sara).get("/search/suggestions?q=قوری").text)
    (group,) = found["groups"]
    assert group["items"][0]["url"] == f"/cards/{card.code}"
    assert group["items"][0]["title"] == "<mark>قوری</mark> شکسته رسید"
    assert as_user(sara).get("/search/suggestions").json == {"said": "", "groups": []}


@pytest.mark.servers
def test_statements_do_not_grow_with_what_is_found(world, sara, as_user, statements):
    browser = as_user(sara)
    counts = []
    for size in (2, 30):
        for number in range(size):
            world.card(f"قوری {number}", body="شکسته است")
        statements.clear()
        browser.get("/search?q=قوری")
        page = len(statements)
        statements.clear()
        browser.get("/search/suggestions?q=قوری")
        counts.append((page, len(statements)))
    assert counts[0] == counts[1]
    assert counts[1][1] <= 9, "\n".join(statements)


def test_opening_a_card_costs_one_statement(world, sara, statements):
    statements.clear()
    world.card("با متن", body="و پیام")
    written = [text for text in statements if "search_docs" in text]
    assert len(written) == 1, "\n".join(written)


@pytest.mark.servers
def test_the_index_is_what_answers(world, sara, statements):
    """No walk over all rows: the words are looked up."""
    world.card()
    statements.clear()
    find(Wanted("قوری", 5), sara)
    (asked,) = [text for text in statements if "search_docs" in text and "SELECT" in text]
    assert "MATCH" in asked or "@@" in asked
