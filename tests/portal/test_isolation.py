"""Customers see what is theirs, and of the rest not even that it exists."""

import pytest

from app.extensions import db
from cards.surveys import ask, token_for
from tests.portal.looking import CHANCE, harvest, snapshot
from tests.portal.shop import say_internally

pytestmark = pytest.mark.servers

VARIANTS = ["", ".json", ".pdf", "?print=1"]


def own_urls(shop):
    """Addresses that are nika's alone."""
    request, order = f"/portal/requests/{shop.request.code}", f"/portal/orders/{shop.order.number}"
    return [request, f"{request}/files/{shop.file.code}", order]


def test_nobody_is_sent_to_sign_in(client, shop):
    """DESIGN: pages answer 303, scripts and partials 401; the listed ones are open."""
    for url in [
        *own_urls(shop),
        "/portal/",
        "/portal/requests",
        "/portal/requests/new",
        "/portal/orders",
        "/portal/account",
    ]:
        assert client.get(url).status_code == 303, url
        assert client.get(url, headers={"Accept": "application/json"}).status_code == 401, url
        assert client.get(url, headers={"HX-Request": "true"}).status_code == 401, url
        assert client.head(url).status_code == 303, url
    assert (
        client.post(f"/portal/requests/{shop.request.code}/messages", data={"body": "x"}).location == "/portal/sign-in"
    )
    for url in ["/portal/sign-in", "/portal/help", "/portal/brand.css"]:
        assert client.get(url).status_code == 200, url


def test_staff_are_nobody_in_the_portal(as_user, sara, shop):
    for url in own_urls(shop):
        assert as_user(sara).get(url).status_code == 303


def test_a_stranger_finds_nothing_at_the_addresses_of_another(as_contact, shop):
    """P01: everything that nika's pages lead to, as HTML, JSON and in every spelling."""
    mine = as_contact(shop.nika)
    hers = {url for url in harvest(mine) if shop.request.code in url or shop.order.number in url}
    assert len(hers) > 4
    stranger = as_contact(shop.babak)
    unknown = stranger.get("/portal/requests/7KQD3XHT4")
    assert unknown.status_code == 404
    for url in sorted(hers):
        if "/new" in url or url.endswith("/messages"):
            continue
        for variant in VARIANTS:
            for accept in ["text/html", "application/json"]:
                answer = stranger.get(url + variant, headers={"Accept": accept})
                assert answer.status_code == 404, url + variant
                assert shop.request.title not in answer.text
    page = stranger.get(f"/portal/requests/{shop.request.code}")
    assert CHANCE.sub("", page.text).replace(shop.request.code, "") == CHANCE.sub("", unknown.text).replace(
        "7KQD3XHT4", ""
    )


@pytest.mark.parametrize("spelling", ["lower", "hyphens", "persian", "spaces"])
def test_a_code_in_any_spelling_opens_ones_own_request_only(as_contact, shop, spelling):
    """P05: other spellings are the same code, and no way round the guard."""
    code = shop.request.code
    written = {
        "lower": code.lower(), "hyphens": f"{code[:4]}-{code[4:8]}-{code[8:]}", "spaces": f" {code[:4]} {code[4:]}",
        "persian": code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    }[spelling]  # fmt: skip
    assert as_contact(shop.nika).get(f"/portal/requests/{written}").status_code == 200
    assert as_contact(shop.babak).get(f"/portal/requests/{written}").status_code == 404


def test_a_colleague_without_the_right_is_a_stranger(as_contact, shop, kaveh):
    """P02."""
    shop.request.company_id = shop.world.company.id
    db.session.commit()
    for url in own_urls(shop):
        assert as_contact(kaveh).get(url).status_code == 404
    assert shop.request.title not in as_contact(kaveh).get("/portal/").text


def grant(kaveh, **rights):
    for name, value in rights.items():
        setattr(kaveh.memberships[0], name, value)
    db.session.commit()


def test_a_colleague_with_the_right_reads_and_does_not_write(as_contact, shop, kaveh):
    """P02: the company viewer."""
    shop.request.company_id = shop.world.company.id
    grant(kaveh, can_see_company_tickets=True)
    colleague = as_contact(kaveh)
    page = colleague.get(f"/portal/requests/{shop.request.code}")
    assert page.status_code == 200
    assert shop.nika.name in page.text
    assert "<textarea" not in page.text
    assert colleague.get(f"/portal/requests/{shop.request.code}/files/{shop.file.code}").status_code == 200
    before = snapshot()
    assert colleague.post(f"/portal/requests/{shop.request.code}/messages", data={"body": "من هم"}).status_code == 403
    assert snapshot() == before
    assert colleague.get(f"/portal/orders/{shop.order.number}").status_code == 404
    assert shop.request.title in colleague.get("/portal/requests").text


def test_a_colleague_sees_prices_and_invoices_by_right_only(as_contact, shop, kaveh):
    """P02: no invoices unless granted."""
    grant(kaveh, can_see_company_orders=True)
    colleague = as_contact(kaveh)
    page = colleague.get(f"/portal/orders/{shop.order.number}").text
    assert shop.order.lines[0].name in page
    assert "تومان" not in page + colleague.get("/portal/orders").text + colleague.get("/portal/").text
    assert f"F-{shop.order.number}" not in page
    assert colleague.get(f"/portal/requests/{shop.request.code}").status_code == 404
    grant(kaveh, can_see_prices=True)
    page = colleague.get(f"/portal/orders/{shop.order.number}").text
    assert "۱۲٬۸۰۴٬۰۰۰ تومان" in page
    assert f"F-{shop.order.number}" in page


def test_a_right_that_has_ended_ends_at_once(as_contact, shop, kaveh):
    from app.clock import utcnow

    shop.request.company_id = shop.world.company.id
    grant(kaveh, can_see_company_tickets=True, until_on=utcnow().date())
    assert as_contact(kaveh).get(f"/portal/requests/{shop.request.code}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_stranger_changes_nothing_of_anothers(app, as_contact, shop, method):
    """P03: every write method on every address with an id of nika's, the body guessed; not a row is different."""
    values = {
        "code": shop.request.code,
        "number": shop.order.number,
        "file_code": shop.file.code,
        "token": "1-" + "a" * 40,
    }
    body = {"body": "دزدیده", "title": "دزدیده", "speed": "1", "contact_id": str(shop.babak.id)}
    stranger = as_contact(shop.babak)
    before = snapshot()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("portal.") or not rule.arguments:
            continue
        url = rule.rule
        for name in rule.arguments:
            url = url.replace(f"<{name}>", values[name])
        answer = stranger.open(url, method=method, data=body)
        assert answer.status_code in ({404} if method in (rule.methods or ()) else {404, 405}), url
    assert snapshot() == before


def test_one_right_id_does_not_open_the_other(as_contact, shop):
    """P04: own request with another's file, and the reverse."""
    from cards.models import Attachment

    theirs = db.session.query(Attachment).filter_by(card_id=shop.other_request.id, visibility="portal").one()
    stranger = as_contact(shop.babak)
    assert stranger.get(f"/portal/requests/{shop.other_request.code}/files/{theirs.code}").status_code == 200
    assert stranger.get(f"/portal/requests/{shop.other_request.code}/files/{shop.file.code}").status_code == 404
    assert stranger.get(f"/portal/requests/{shop.request.code}/files/{theirs.code}").status_code == 404


def test_a_link_to_anothers_order_is_not_shown(as_contact, shop):
    """P06."""
    from orders.models import CardLink

    db.session.add(CardLink(card_id=shop.request.id, order_id=shop.other_order.id))
    db.session.add(CardLink(card_id=shop.request.id, order_id=shop.order.id))
    db.session.commit()
    page = as_contact(shop.nika).get(f"/portal/requests/{shop.request.code}").text
    assert shop.order.number in page
    assert shop.other_order.number not in page


def test_a_request_that_went_to_another_contact_is_gone_at_once(as_contact, shop):
    """P07: old tab, attachment links, message, survey link."""
    ask(shop.request)
    from cards.models import Survey

    survey = db.session.query(Survey).filter_by(card_id=shop.request.id).one()
    link = f"/portal/surveys/{token_for(survey)}"
    mine = as_contact(shop.nika)
    assert mine.get(link).status_code == 200
    shop.request.contact_id = shop.babak.id
    db.session.commit()
    for url in [*own_urls(shop)[:2], link]:
        assert mine.get(url).status_code == 404
    assert mine.post(f"/portal/requests/{shop.request.code}/messages", data={"body": "هنوز"}).status_code == 404
    assert mine.post(link, data={"speed": "5"}).status_code == 404
    assert as_contact(shop.babak).get(f"/portal/requests/{shop.request.code}").status_code == 200


def test_an_internal_card_and_a_board_outside_the_portal_are_not_there(as_contact, shop):
    mine = as_contact(shop.nika)
    shop.request.is_internal = True
    db.session.commit()
    assert mine.get(f"/portal/requests/{shop.request.code}").status_code == 404
    shop.world.orders.is_in_portal = False
    db.session.commit()
    assert mine.get(f"/portal/orders/{shop.order.number}").status_code == 404
    assert shop.order.number not in mine.get("/portal/").text


def test_a_file_of_a_note_is_refused(as_contact, shop):
    """N10: by its own code under the right request, also when the file is the same content as a visible one."""
    from cards.models import Attachment

    note = db.session.query(Attachment).filter_by(card_id=shop.request.id, visibility="internal").one()
    assert note.file_id == shop.file.file_id
    answer = as_contact(shop.nika).get(f"/portal/requests/{shop.request.code}/files/{note.code}")
    assert answer.status_code == 404


def test_a_file_of_a_withdrawn_reply_is_refused(as_contact, shop):
    from cards.services import add_reply, withdraw_reply
    from tests.portal.shop import picture

    reply = add_reply(shop.request, "ببینید", by=shop.world.sara, files=[picture()])
    db.session.commit()
    url = f"/portal/requests/{shop.request.code}/files/{reply.attachments[0].code}"
    assert as_contact(shop.nika).get(url).status_code == 200
    withdraw_reply(shop.request, reply, by=shop.world.sara)
    db.session.commit()
    assert as_contact(shop.nika).get(url).status_code == 404


def test_files_are_handed_out_safely(as_contact, shop):
    answer = as_contact(shop.nika).get(f"/portal/requests/{shop.request.code}/files/{shop.file.code}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_no_shared_cache_keeps_a_page(as_contact, shop):
    """P15."""
    for url in [*own_urls(shop), "/portal/", "/portal/requests", "/portal/orders"]:
        answer = as_contact(shop.nika).get(url)
        assert "no-store" in answer.headers["Cache-Control"], url
        assert "Cookie" in answer.headers["Vary"], url


@pytest.mark.parametrize(
    "query", ["contact_id=2", "company_id=1", "q=%D9%82", "after=7KQD3XHT4", "after=TR-14052", "page=-1", "after[]=x"]
)
def test_lists_hold_own_rows_whatever_the_address_says(as_contact, shop, query):
    """P10."""
    mine = as_contact(shop.nika)
    for url in ["/portal/requests", "/portal/orders"]:
        page = mine.get(f"{url}?{query}").text
        assert shop.other_request.code not in page
        assert shop.other_order.number not in page


def test_a_note_is_nowhere(as_contact, shop, sara):
    """N01: the page, its comments and attributes."""
    say_internally(shop.request, "یادداشت محرمانه", sara)
    db.session.commit()
    assert "محرمانه" not in as_contact(shop.nika).get(f"/portal/requests/{shop.request.code}").text
