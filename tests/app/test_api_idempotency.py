"""A request that is sent again is answered again and done once (F22)."""

import threading
from datetime import timedelta

import pytest

from app.api import idempotency
from app.clock import freeze, utcnow
from app.extensions import db
from cards.models import Card
from tests.conftest import event_names

URL = "/api/v1/cards"


@pytest.fixture
def sent(world):
    return {"pipeline": "support", "title": "قوری شکست", "contact": {"code": world.nika.code}}


def cards():
    return db.session.query(Card).count()


def test_sent_again_it_is_answered_again(world, bearer, sent):
    program, key = bearer(world.sara), {"Idempotency-Key": "order-1"}
    first = program.post(URL, json=sent, headers=key)
    again = program.post(URL, json=dict(reversed(sent.items())), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_data() == again.get_data()
    for name in idempotency.HEADERS:
        assert first.headers[name] == again.headers[name]
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert cards() == 1
    assert event_names().count("card.opened") == 1


def test_another_body_or_address_is_refused(world, bearer, sent):
    program, key = bearer(world.sara), {"Idempotency-Key": "order-1"}
    code = program.post(URL, json=sent, headers=key).json["code"]
    others = [(URL, {**sent, "title": "دیگر"}), (f"{URL}/{code}/notes", {"body": "x"})]
    for url, body in others:
        answer = program.post(url, json=body, headers=key)
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_used")
    assert cards() == 1


def test_each_token_has_its_own_keys(world, bearer, sent):
    for user in (world.sara, world.reza):
        assert bearer(user).post(URL, json=sent, headers={"Idempotency-Key": "1"}).status_code == 201
    assert cards() == 2


def test_a_refusal_may_be_put_right(world, bearer, sent):
    """It has done nothing, so the key is free."""
    program, key = bearer(world.sara), {"Idempotency-Key": "order-1"}
    assert program.post(URL, json={**sent, "title": " "}, headers=key).status_code == 422
    assert program.post(URL, json=sent, headers=key).status_code == 201
    assert cards() == 1


def test_a_fault_is_not_kept(app, world, bearer, sent, monkeypatch):
    from cards import services

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    program, key, opened = bearer(world.sara), {"Idempotency-Key": "order-1"}, services.open_card

    def fail(*args, **kwargs):
        opened(*args, **kwargs)
        raise RuntimeError

    monkeypatch.setattr(services, "open_card", fail)
    assert program.post(URL, json=sent, headers=key).status_code == 500
    assert cards() == 0
    monkeypatch.setattr(services, "open_card", opened)
    assert program.post(URL, json=sent, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é"])
def test_what_is_no_key_is_told(world, bearer, sent, key):
    answer = bearer(world.sara).post(URL, json=sent, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key")
    assert cards() == 0


def test_answers_are_kept_for_a_week(world, bearer, sent):
    program, key = bearer(world.sara), {"Idempotency-Key": "order-1"}
    program.post(URL, json=sent, headers=key)
    with freeze(utcnow() + timedelta(days=6, hours=23)):
        assert idempotency.sweep() == 0
    with freeze(utcnow() + timedelta(days=7, hours=1)):
        assert idempotency.sweep() == 1


@pytest.mark.servers
def test_sent_eight_times_at_once_it_is_done_once(app, world, bearer, sent):
    """F22: all get the answer of the one that was first; nobody gets a fault."""
    programs, answers = [bearer(world.sara)] * 8, []
    together = threading.Barrier(8)

    def send(program):
        with app.app_context():
            together.wait()
            answer = program.post(URL, json=sent, headers={"Idempotency-Key": "order-1"})
            answers.append((answer.status_code, answer.get_data()))
            db.session.remove()

    threads = [threading.Thread(target=send, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _body in answers} == {201}
    assert len({body for _status, body in answers}) == 1
    assert cards() == 1
    assert event_names().count("card.opened") == 1
