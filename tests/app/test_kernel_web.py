"""What every request passes: whose host it asks, where it may be led, what its answer carries."""

import pytest

from app.links import own_path
from app.web import own_origins

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


def test_every_answer_is_closed_as_far_as_a_browser_can(client):
    for path in ("/sign-in", "/healthz", "/nothing-here", "/static/favicon.svg"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_over_tls_browsers_are_told_to_stay_there(client):
    answer = client.get("/sign-in", base_url="https://kariz.test")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
