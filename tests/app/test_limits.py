"""How often somebody may ask: over HTTP at a server of its own, by the address that one trusted proxy tells."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from app import limits
from tests.app.test_server import PATIENCE_SECONDS, Running

LIMITS = {"RATE_LIMIT_ANONYMOUS": "6/minute", "RATE_LIMIT_PORTAL_POSTS": "2/minute",
          "RATE_LIMIT_PORTAL_POSTS_SOURCE": "3/hour", "TRUSTED_PROXIES": "1"}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("instance"), **LIMITS)
    yield running
    running.process.terminate()
    running.process.communicate(timeout=PATIENCE_SECONDS)


def ask(server: Running, path: str, address: str, **headers: str) -> tuple[int, Any, str]:
    """Status, headers and text of one question that comes from an address."""
    request = urllib.request.Request(server.address + path, headers={"X-Forwarded-For": address, **headers})
    if headers.get("Method"):
        request.method, request.data = headers["Method"], b""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


def statuses(server: Running, address: str, count: int, path: str = "/sign-in", **headers: str) -> list[int]:
    return [ask(server, path, address, **headers)[0] for _ in range(count)]


def test_an_address_that_floods_is_told_when_to_come_again_and_others_go_on(server: Running) -> None:
    assert statuses(server, "203.0.113.1", 7) == [200] * 6 + [429]
    status, headers, text = ask(server, "/sign-in", "203.0.113.1", Cookie="kariz_lang=en")
    assert status == 429
    assert 1 <= int(headers["Retry-After"]) <= 61
    assert "Please try again in" in text
    assert headers["Content-Security-Policy"]
    assert statuses(server, "203.0.113.2", 1) == [200]


def test_a_script_reads_the_wait_from_the_answer(server: Running) -> None:
    statuses(server, "203.0.113.3", 6)
    status, headers, text = ask(server, "/sign-in", "203.0.113.3", Accept="application/json")
    said = json.loads(text)
    assert (status, said["code"]) == (429, "throttled")
    assert said["retry_seconds"] == int(headers["Retry-After"])


def test_health_and_files_are_never_counted(server: Running) -> None:
    for path in ("/healthz", "/static/favicon.svg"):
        assert statuses(server, "203.0.113.4", 9, path) == [200] * 9


def test_what_a_visitor_writes_before_the_trusted_hop_gives_no_new_count(server: Running) -> None:
    """A01: a changing X-Forwarded-For."""
    said = [ask(server, "/sign-in", f"198.51.100.{number}, 203.0.113.5")[0] for number in range(7)]
    assert said == [200] * 6 + [429]


def test_a_household_of_ipv6_is_one_source(server: Running) -> None:
    said = [ask(server, "/sign-in", f"2001:db8:7:7::{number:x}")[0] for number in range(7)]
    assert said == [200] * 6 + [429]
    assert statuses(server, "2001:db8:7:8::1", 1) == [200]


def test_what_is_sent_into_the_portal_is_counted_more_closely(server: Running) -> None:
    said = statuses(server, "203.0.113.6", 4, "/portal/language", Method="POST")
    assert said.count(429) == 2
    assert statuses(server, "203.0.113.6", 1, "/portal/") != [429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "source:203.0.113.9"),
        ("::ffff:203.0.113.9", "source:203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "source:2001:db8:1:2::/64"),
        ("", "source:unknown"),
        ("@", "source:unknown"),
    ],
)
def test_a_source_is_an_address_or_a_network(app, address, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.source() == counted


def test_staff_and_customers_are_counted_by_session_and_not_by_address(app):
    """A whole team may sit behind one address; the name of the count does not give the token away."""
    from flask import session

    asked = []
    for audience, token in (("staff", "a" * 43), ("staff", "b" * 43), ("portal", "c" * 43)):
        with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.9"}):
            session[audience] = token
            asked.append((limits.asker(), limits.allowance()))
            assert token not in asked[-1][0]
    assert len({name for name, _allowance in asked}) == 3
    assert [allowance for _name, allowance in asked] == ["1200/minute", "1200/minute", "300/minute"]
