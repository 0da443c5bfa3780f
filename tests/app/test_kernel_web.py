"""What every request passes: whose host it asks, where it may be led, what its answer carries."""

import re

import pytest
from flask import Flask
from werkzeug.test import create_environ

from app.health import Slots
from app.links import own_path
from app.web import HEADERS, guard, is_own_host, own_origins

ELSEWHERE = [
    "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
    "https://evil.example", "javascript:alert(1)", "evil.example", "", "/ok\r\nSet-Cookie: a=b", "/a\\..\\b", "/a\x00b",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_way_back_leads_to_our_own_pages_only(target):
    """A browser drops tabs and line ends and reads a backslash as a slash."""
    assert own_path(target, "/here") == "/here"


@pytest.mark.parametrize("target", ["/", "/boards/support?q=قوری&page=2#top", "/portal/requests/7KQD 3XHT"])
def test_a_path_of_ours_is_followed(target):
    assert own_path(target, "/here") == target


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("path", ["/language", "/theme", "/portal/language"])
def test_no_switch_leads_to_another_site(client, path, target):
    answer = client.post(path, data={"back": target})
    assert answer.status_code == 303
    assert answer.headers["Location"] in {"/", "/portal/"}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(world, sara, as_user, target):
    answer = as_user(sara).get("/sign-in", query_string={"next": target})
    assert answer.headers["Location"] == "/work"


def test_only_named_hosts_are_answered_and_health_to_all(app, client, monkeypatch):
    """A14: a poisoned Host. A load balancer asks by address whether the process lives."""
    monkeypatch.setitem(app.config, "ALLOWED_HOSTS", ["kariz.test"])

    def status(path: str, host: str) -> int:
        return client.get(path, headers={"Host": host}).status_code

    assert status("/sign-in", "kariz.test") == status("/sign-in", "KARIZ.test:8000") == 200
    for host in ("evil.example", "10.0.0.7", "kariz.test.evil.example", "kariz.test@evil.example", ".kariz.test"):
        assert status("/sign-in", host) == 400
    assert status("/healthz", "10.0.0.7:8000") == 200
    assert status("/readyz", "10.0.0.7") == 503


def test_a_header_that_a_visitor_forges_changes_nothing(client):
    """A18, A14: who asks and which host are taken from the connection, not from what a client claims."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Remote-User": "admin@kariz.test",
              "Remote-User": "admin@kariz.test", "X-Original-URL": "/settings/users"}  # fmt: skip
    answer = client.get("/settings/users", headers=forged)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/settings/users"
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        ("http://kariz.test", True),
        ("http://127.0.0.1:8000", True),
        ("https://kariz.test", False),
        ("http://kariz.test:81", False),
        ("http://127.0.0.1:8001", False),
        ("http://board.kariz.test", False),
        ("http://kariz.test.evil.example", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("://", False),
    ],
)
def test_sockets_are_opened_by_our_own_pages(app, origin, is_own):
    """S01: of the base URL or of the host asked; another port, scheme or part of the name is another page."""
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:8000", "HTTP_X_FORWARDED_HOST": "evil.example"}
    assert own_origins(app)(origin, environ) is is_own


def test_without_a_base_url_no_empty_origin_is_ours(app, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "")
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:8000"}
    assert [origin for origin in ("://", "", "null") if own_origins(app)(origin, environ)] == []


def ask(app, path: str, *, method: str = "GET", host: str = "kariz.test", **environ: str) -> tuple[str, dict[str, str]]:
    """Status and headers as they leave the house, past Flask or through it."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    request = {**create_environ(path, f"http://{host}", method=method), "HTTP_HOST": host, **environ}
    body = app.wsgi_app(request, lambda status, headers, *_: told.append((status, headers)))
    list(body)
    getattr(body, "close", list)()
    return told[0][0], {name.lower(): value for name, value in told[0][1]}


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/sign-in", "GET", "200"),
        ("/sign-in", "HEAD", "200"),
        ("/sign-in", "OPTIONS", "200"),
        ("/sign-in", "DELETE", "405"),
        ("/healthz", "GET", "200"),
        ("/metrics", "GET", "404"),
        ("/nothing-here", "GET", "404"),
        ("/static/favicon.svg", "GET", "200"),
        ("/static/nothing.js", "GET", "404"),
        ("/socket.io/?EIO=4&transport=polling", "GET", "400"),
        ("/socket.io/?EIO=4&transport=websocket&sid=none", "GET", "400"),
        ("/socket.io/", "DELETE", "400"),
    ],
)
def test_every_answer_is_closed_as_far_as_a_browser_can(app, path, method, status):
    said, headers = ask(app, path, method=method)
    assert said[:3] == status
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_refusals_before_a_page_is_asked_carry_them_too(app, client, monkeypatch):
    """413, 400 of a wrong host on both ways, and a full house."""
    monkeypatch.setitem(app.config, "ALLOWED_HOSTS", ["kariz.test"])
    big = client.post("/sign-in", data=b"a" * 3_000_000, content_type="text/plain", headers={"Host": "kariz.test"})
    assert big.status_code == 413
    full = Slots(app.wsgi_app, capacity=0)
    heard: list[list[tuple[str, str]]] = []
    full({"HTTP_UPGRADE": "websocket"}, lambda _status, headers, *_: heard.append(headers))
    answers = [dict(big.headers), ask(app, "/sign-in", host="evil.example")[1],
               ask(app, "/socket.io/?EIO=4&transport=websocket", host="evil.example")[1], dict(heard[0])]  # fmt: skip
    for headers in answers:
        assert {name.lower() for name in headers} >= {name.lower() for name in HEADERS}


def test_scripts_run_by_the_nonce_of_the_answer_and_by_nothing_else(client):
    """A file that somebody uploaded comes from our address too: the address alone lets no script run."""
    pages = [client.get("/sign-in") for _ in range(2)]
    nonces = []
    for page in pages:
        rule = next(
            rule for rule in page.headers["Content-Security-Policy"].split("; ") if rule.startswith("script-src")
        )
        (nonce,) = re.fullmatch(r"script-src 'nonce-([\w-]{22})'", rule).groups()
        scripts = re.findall(r"<script[^>]*\ssrc=[^>]*>", page.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.append(nonce)
    assert nonces[0] != nonces[1]
    assert "script-src 'none'" in client.get("/static/favicon.svg").headers["Content-Security-Policy"]


def test_no_socket_is_opened_for_a_host_that_is_not_ours(app, monkeypatch):
    """S01: Flask's own check of hosts never sees the sockets' path."""
    monkeypatch.setitem(app.config, "ALLOWED_HOSTS", ["kariz.test"])
    for path in ("/socket.io/?EIO=4&transport=websocket", "/socket.io", "/socket.io/x"):
        for host in ("evil.example", "127.0.0.1", "kariz.test.evil.example", ""):
            status, headers = ask(app, path, host=host)
            assert status == "400 Bad Request"
            assert headers["cache-control"] == "no-store"
    # Ours comes as far as the socket's own server, which then misses the upgrade.
    assert "not the address" not in ask(app, "/socket.io/?EIO=4&transport=websocket", host="kariz.test")[0]


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("[::1]", True),
        ("[::1]:8000", True),
        ("[0:0:0:0:0:0:0:1]", True),
        ("[2001:DB8::7]:443", True),
        ("[2001:db8::8]", False),
        ("[::1", False),
        ("[::1]:port", False),
        ("::1", False),
        ("[evil.example]", False),
    ],
)
def test_addresses_of_ipv6_are_hosts_too(app, monkeypatch, host, is_own):
    monkeypatch.setitem(app.config, "ALLOWED_HOSTS", ["::1", "[2001:db8::7]", "kariz.test"])
    assert is_own_host(host) is is_own


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_the_visitors_address_is_what_the_counted_proxies_say(app, hops, forwarded, seen):
    """A01, A18: what stands before the trusted hops was written by the visitor; too few hops say nothing."""
    found: list[str] = []

    def last(environ: dict[str, str], _start: object) -> list[bytes]:
        found.append(environ["REMOTE_ADDR"])
        return []

    house = Flask("house")
    house.config["TRUSTED_PROXIES"] = hops
    house.wsgi_app = last
    guard(house)
    environ = create_environ("/", "http://kariz.test")
    house.wsgi_app({**environ, "REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, lambda *_: None)
    assert found == [seen]


def test_over_tls_browsers_are_told_to_stay_there(client):
    answer = client.get("/sign-in", base_url="https://kariz.test")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
