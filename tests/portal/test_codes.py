"""The one-time code itself: its life, its limits, and those who guess."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import settings
from app.clock import freeze, utcnow
from app.extensions import db
from app.outbox import Outbox
from portal.models import Code
from portal.services import codes
from tests.portal.signing_in import ask, enter, is_in, last_code, sent, wrong_code

pytestmark = pytest.mark.servers

MOBILE = "09121234567"
SPELLINGS = [
    "09121234567", "+989121234567", "00989121234567", "989121234567", "9121234567", "0912 123 4567", "0912-123-4567",
    "۰۹۱۲۱۲۳۴۵۶۷", "٠٩١٢١٢٣٤٥٦٧", "۰۹۱۲\u200c۱۲۳\u200c۴۵۶۷", "\u200e09121234567", "+۹۸ ۹۱۲ ۱۲۳ ۴۵۶۷",
]  # fmt: skip


def test_what_is_kept_of_a_code_does_not_tell_it(client, nika):
    ask(client, MOBILE)
    row = db.session.scalar(sa.select(Code))
    assert last_code() not in (row.code_hash, row.browser_hash)
    assert len(row.code_hash) == 64
    assert row.expires_at - row.created_at == timedelta(minutes=5)


def test_five_wrong_codes_kill_it(client, nika):
    """A01: neither a forged address nor another spelling of the number gives further tries."""
    ask(client, MOBILE)
    right = last_code()
    answers = [
        client.post(
            "/portal/sign-in/code", data={"code": wrong_code()}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )
        for number in range(30)
    ]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 26
    assert enter(client, right).status_code == 429
    assert not is_in(client)
    assert ask(client, "+98 912 123 4567", **{"X-Forwarded-For": "10.9.9.9"}).status_code == 429


def test_guesses_at_once_count_one_by_one(app, client, nika):
    """A02: 25 wrong guesses in parallel are five; the right one is refused afterwards."""
    ask(client, MOBILE)
    right, wrong = last_code(), wrong_code()
    with client.session_transaction() as cookies:
        kept = dict(cookies)

    def guess(_number):
        browser = app.test_client()
        with browser.session_transaction() as cookies:
            cookies.update(kept)
        with app.app_context():
            return enter(browser, wrong).status_code

    db.session.commit()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(25)))
    assert codes.count(422) == 4
    assert codes.count(429) == 21
    assert enter(client, right).status_code == 429


def test_a_code_is_good_once(app, client, nika):
    """A03: the same code twice."""
    ask(client, MOBILE)
    with client.session_transaction() as cookies:
        kept = dict(cookies)
    code = last_code()
    assert enter(client, code).status_code == 303
    again = app.test_client()
    with again.session_transaction() as cookies:
        cookies.update(kept)
    assert enter(again, code).status_code == 422
    assert not is_in(again)


def test_a_new_code_replaces_the_old_one(client, nika):
    """A03: the old code after a new one."""
    with freeze(utcnow()) as clock:
        ask(client, MOBILE)
        old = last_code()
        clock.advance(seconds=61)
        ask(client, MOBILE)
        if old != last_code():
            assert enter(client, old).status_code == 422
        assert enter(client, last_code()).status_code == 303


def test_a_code_fits_its_own_number_only(client, nika, babak):
    """A03: the code of phone 1 with phone 2."""
    ask(client, MOBILE)
    first = last_code()
    ask(client, "09351234567")
    if first != last_code():
        assert enter(client, first).status_code == 422
    assert not is_in(client)


def test_a_code_fits_the_asking_browser_only(app, client, nika):
    """A03: somebody who reads the code over the shoulder cannot use it elsewhere."""
    ask(client, MOBILE)
    elsewhere = app.test_client()
    assert enter(elsewhere, last_code()).status_code == 422
    ask(elsewhere, "09351234567")
    assert enter(elsewhere, sent()[0].payload["code"]).status_code == 422


@pytest.mark.parametrize("move", [{"minutes": 5, "seconds": 1}, {"minutes": 10}, {"minutes": -50}])
def test_a_code_lives_five_minutes(client, nika, move):
    """A04: by the server's clock, and a clock that is set back an hour revives nothing."""
    with freeze(utcnow()) as clock:
        ask(client, MOBILE)
        clock.advance(**move)
        assert enter(client, last_code()).status_code == 422
        assert not is_in(client)


def test_twelve_spellings_are_one_number(app, nika):
    """A05: at most 3 in 10 minutes, 5 an hour and 10 a day, however it is written, from however many browsers."""
    with freeze(utcnow()) as clock:
        began = clock.now
        for round_ in range(3):
            for spelling in SPELLINGS:
                clock.move_to(began + timedelta(seconds=12 * (round_ * 12 + SPELLINGS.index(spelling))))
                ask(app.test_client(), spelling)
        assert len(sent()) == 3
        clock.move_to(began + timedelta(minutes=30))
        for _number in range(6):
            ask(app.test_client(), MOBILE)
            clock.advance(seconds=61)
        assert len(sent()) == 5
        for hour in range(2, 20):
            clock.move_to(began + timedelta(hours=hour))
            ask(app.test_client(), MOBILE)
        assert len(sent()) == 10
        clock.move_to(began + timedelta(days=1, hours=4))
        ask(app.test_client(), MOBILE)
        assert len(sent()) == 11


def test_a_second_code_waits_a_minute(client, nika):
    with freeze(utcnow()) as clock:
        ask(client, MOBILE)
        clock.advance(seconds=30)
        answer = ask(client, MOBILE)
        assert answer.status_code == 429
        assert "۳۰" in answer.text
        clock.advance(seconds=31)
        assert ask(client, MOBILE).status_code == 303


def test_two_browsers_asking_in_the_same_moment_get_one_code(app, nika):
    """The database refuses the second row, whatever the counters saw."""
    with freeze(utcnow()):
        ask(app.test_client(), MOBILE)
        db.session.execute(sa.update(Code).values(created_at=utcnow() - timedelta(minutes=2)))
        db.session.commit()
        assert ask(app.test_client(), MOBILE).status_code == 429
        assert len(sent()) == 1


def test_one_address_cannot_ask_for_everybody(app, client):
    with freeze(utcnow()) as clock:
        for number in range(31):
            answer = ask(client, f"0912555{number:04d}")
            clock.advance(seconds=1)
        assert answer.status_code == 429
        assert len(sent()) == 30
        other = app.test_client().post("/portal/sign-in", data={"address": "09125559999"},
                                       environ_base={"REMOTE_ADDR": "203.0.113.9"})  # fmt: skip
        assert other.status_code == 303


def test_the_whole_system_has_a_budget(app, world):
    settings.put("portal.codes_an_hour", 2, by=world.admin)
    db.session.commit()
    answers = [
        app.test_client().post("/portal/sign-in", data={"address": f"091255500{number:02d}"},
                               environ_base={"REMOTE_ADDR": f"203.0.{number}.9"})
        for number in range(3)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [303, 303, 429]


@pytest.mark.parametrize("is_open", [True, False])
def test_the_answer_does_not_tell_who_is_known(app, world, statements, is_open):
    """A06: known, unknown, archived and staff numbers: same text, status, size, statements and queued work."""
    settings.put("portal.self_registration", is_open, by=world.admin)
    world.babak.archived_at = utcnow()
    db.session.commit()
    seen = []
    for address in (MOBILE, "09120000000", "09351234567", "09121110000"):
        browser = app.test_client()
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox))
        statements.clear()
        answer = ask(browser, address)
        asked = list(statements)
        page = browser.get(answer.location)
        queued = db.session.scalars(sa.select(Outbox).order_by(Outbox.id)).all()[before:]
        text = page.text.replace(address[4:7] + " " + address[7:], "#")
        size = len(page.data)
        work = [(row.kind, row.state, sorted(row.payload), row.contact_id, row.card_id) for row in queued]
        seen.append((answer.status_code, answer.location, len(answer.data), page.status_code, size, asked, work))
        assert text
    assert all(entry == seen[0] for entry in seen)
    known, *others = [row.payload["to"] for row in sent()]
    assert known == "+989121234567"
    assert (None in others) is not is_open


@pytest.mark.parametrize("typed", ["persian", "arabic"])
def test_persian_and_arabic_digits_are_digits(client, nika, typed):
    """A07."""
    ask(client, MOBILE)
    base = {"persian": 0x06F0, "arabic": 0x0660}[typed]
    digits = "".join(chr(base + int(digit)) for digit in last_code())
    assert enter(client, f"{digits[:3]} {digits[3:]}").status_code == 303


@pytest.mark.parametrize(
    "typed", ["①②③④⑤⑥", "𝟏𝟐𝟑𝟒𝟓𝟔", "1" * 5000, "12345\x00", "", "abcdef", "12345", "1234567", "١٢٣۴۵é"]
)
def test_nonsense_is_no_code(client, nika, typed):
    """A07: a sentence and a 4xx, never a fault."""
    ask(client, MOBILE)
    assert enter(client, typed).status_code == 422
    assert client.post("/portal/sign-in/code", data={"code": [last_code(), last_code()]}).status_code == 422
    assert client.post("/portal/sign-in/code", json={"code": [last_code()]}).status_code == 422
    assert client.post("/portal/sign-in/code", json={"code": {"a": 1}}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize(
    "typed", ["", "0912", "nika", "@", "x" * 5000, "0912\x001234567", "+1 212 555 0100", "۰۲۱۸۸۷۷۶۶۵۵"]
)
def test_nonsense_is_no_address(client, world, typed):
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert "error" in answer.text
    assert sent() == []


def test_old_codes_are_swept_away(client, nika):
    ask(client, MOBILE)
    assert codes.sweep(utcnow()) == 0
    assert codes.sweep(utcnow() + timedelta(days=3)) == 1
