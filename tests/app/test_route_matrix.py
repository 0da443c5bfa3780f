"""Z01: every address of Kariz, asked by everybody. An address that is in no matrix fails.

Each package says in tests/<package>/matrix.py who gets what: `MATRIX = {"blueprint.endpoint": {role: status}}`, asked
with the real things of tests/app/places.py and an empty form. The roles: `anon` has not signed in; `contact` is signed
in to the portal, `other` too, and the things asked for are not theirs; `agent` works on the support and order boards,
`stranger` on a board of their own; `manager` manages support; `admin`; `ex` was deactivated while signed in.
401 means that a page sends the visitor to sign in and a script is told 401. Unless it says otherwise, `ex` gets what
`anon` gets, and `other` what `contact` gets.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from contacts.models import Contact
from tests.app.places import Copy, Places, furnish, nowhere, people, rules
from tests.conftest import Client

ROLES = ("anon", "ex", "contact", "other", "stranger", "agent", "manager", "admin")
SIGN_IN = ("/sign-in", "/portal/sign-in")
# Here it is no refusal: who signed out, or has no code yet, goes there.
LEADS_TO_SIGN_IN = {"auth.end_session", "auth.end_all_sessions", "portal.end_session", "portal.end_all_sessions",
                    "portal.code", "portal.question", "pages.root"}  # fmt: skip
SCRIPTS = ({"Accept": "application/json"}, {"HX-Request": "true"})
# Of this one answer. The cookie carries the token of forms, the length that of the address, which is echoed.
OWN_HEADERS = {"X-Request-Id", "Date", "Set-Cookie", "Content-Length"}
# Differs from answer to answer: tokens, and the number of an act that a form carries.
CHANCE = re.compile(
    r'name="csrf[-_]token" (?:value|content)="[^"]*"|X-CSRFToken": "[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}'
    r'|nonce(?:="|-)[\w-]+'
)


def collected() -> dict[str, dict[str, int]]:
    """All matrices in one, roles filled in."""
    found: dict[str, dict[str, int]] = {}
    for path in sorted(Path(__file__).parents[1].glob("*/matrix.py")):
        matrix = import_module(f"tests.{path.parent.name}.matrix").MATRIX
        assert not found.keys() & matrix.keys(), "listed twice"
        found |= matrix
    return {
        name: {"ex": statuses["anon"], "other": statuses["contact"], **statuses} for name, statuses in found.items()
    }


EXPECTED = collected()


@pytest.fixture
def places(world) -> Places:
    return furnish(world)


@pytest.fixture
def copy(places: Places) -> Iterator[Copy]:
    kept = Copy()
    yield kept
    kept.close()


@pytest.fixture
def browser_of(app: Flask, places: Places, as_user, as_contact):
    def browser(role: str):
        who = people(places)[role]
        if who is None:
            return app.test_client()
        return as_contact(who) if isinstance(who, Contact) else as_user(who)

    return browser


def address(app: Flask, rule: Rule, arguments) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **arguments)


def again(browser: Client) -> Client:
    """A browser with the same cookies: what one answer does to them is not carried to the next request."""
    other: Client = browser.application.test_client()  # type: ignore[assignment]
    other._cookies = dict(browser._cookies or {})
    return other


def what_is_told(answer) -> tuple:
    """Everything of an answer but what is made anew for each."""
    text = CHANCE.sub("", answer.text).replace(answer.request.path, "")
    headers = {name: CHANCE.sub("", value) for name, value in answer.headers if name not in OWN_HEADERS}
    return answer.status_code, text, headers


def status_of(answer, rule: Rule) -> int:
    """The status of an answer; 401 where it sends the visitor to sign in."""
    is_guard = answer.status_code == 303 and answer.headers["Location"].split("?")[0] in SIGN_IN
    return 401 if is_guard and rule.endpoint not in LEADS_TO_SIGN_IN else answer.status_code


def test_every_route_is_listed_and_nothing_else(app: Flask) -> None:
    assert EXPECTED.keys() == {rule.endpoint for rule, _method in rules(app)}
    assert [name for name, statuses in EXPECTED.items() if statuses.keys() != set(ROLES)] == []


def test_every_route_has_one_method(app: Flask) -> None:
    """What a browser may do is GET, and POST of a noun; another verb is another route."""
    allowed = ({"GET", "HEAD", "OPTIONS"}, {"POST", "OPTIONS"})
    assert [rule.endpoint for rule, _method in rules(app) if rule.methods not in allowed] == []


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_matrix_says(app: Flask, places: Places, browser_of, role: str) -> None:
    """Z01, P01, P03: and who is refused, or only reads, has changed nothing."""
    signed_in, copy, got, stained = browser_of(role), Copy(), {}, {}
    for rule, method in rules(app):
        answer = again(signed_in).open(address(app, rule, places.arguments(rule)), method=method)
        got[rule.endpoint] = status_of(answer, rule)
        changed = copy.changed_tables()
        copy.restore()
        if changed and (method == "GET" or got[rule.endpoint] >= 400):
            stained[rule.endpoint] = changed
    copy.close()
    assert got == {name: statuses[role] for name, statuses in EXPECTED.items()}
    assert stained == {}


def test_scripts_and_pieces_of_pages_hear_that_nobody_is_signed_in(app: Flask, places: Places, browser_of) -> None:
    """401 in JSON where a page would lead to sign-in, for whoever is refused at the door."""
    got, expected = {}, {}
    for role in ("anon", "ex", "contact", "agent"):
        signed_in = browser_of(role)
        for rule, method in rules(app):
            if EXPECTED[rule.endpoint][role] != 401:
                continue
            url, browser = address(app, rule, places.arguments(rule)), again(signed_in)
            answers = [browser.open(url, method=method, headers=asking) for asking in SCRIPTS]
            got[role, rule.endpoint] = [(answer.status_code, answer.json["code"]) for answer in answers]
            expected[role, rule.endpoint] = [(401, "unauthenticated")] * len(SCRIPTS)
    assert got == expected


def test_what_is_out_of_reach_answers_like_what_is_not_there(app: Flask, places: Places, browser_of) -> None:
    """Z02, P01, P04: status, body and headers are those of an id that nobody has."""
    told_apart = []
    for role in ("stranger", "other"):
        signed_in = browser_of(role)
        for rule, method in rules(app):
            real = places.arguments(rule)
            if EXPECTED[rule.endpoint][role] != 404:
                continue
            answers = [
                what_is_told(again(signed_in).open(address(app, rule, arguments), method=method))
                for arguments in (real, *(nowhere(rule, real, name) for name in real))
            ]
            if any(answer != answers[0] for answer in answers):
                told_apart.append((role, rule.endpoint))
    assert told_apart == []


def test_nothing_is_posted_without_a_token(app: Flask, places: Places, browser_of, monkeypatch) -> None:
    """Not even by an admin, as a form or as JSON: another site cannot make a browser do anything."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    signed_in, copy, let_through = {role: browser_of(role) for role in ("anon", "contact", "admin")}, Copy(), []
    for rule, method in rules(app):
        for role, browser in signed_in.items() if method == "POST" else ():
            url = address(app, rule, places.arguments(rule))
            answers = [again(browser).post(url, data={"name": "x"}), again(browser).post(url, json={"name": "x"})]
            if [answer.status_code for answer in answers] != [400, 400] or copy.changed_tables():
                let_through.append((role, rule.endpoint))
                copy.restore()
    copy.close()
    assert let_through == []


def test_other_methods_are_refused(app: Flask, places: Places, browser_of) -> None:
    """An admin's PUT, PATCH and DELETE, and a GET of what is posted, answer 405 and change nothing."""
    signed_in, copy, got = browser_of("admin"), Copy(), {}
    for rule, _method in rules(app):
        url = address(app, rule, places.arguments(rule))
        for method in ("PUT", "PATCH", "DELETE"):
            got[rule.endpoint, method] = again(signed_in).open(url, method=method).status_code
    assert {name: status for name, status in got.items() if status != 405} == {}
    assert copy.changed_tables() == []
    copy.close()


def test_private_pages_are_kept_by_nobody(app: Flask, places: Places, browser_of) -> None:
    """P15: what a signed-in person reads is private, and differs by cookie."""
    kept = []
    for role in ("contact", "admin"):
        signed_in = browser_of(role)
        for rule, method in rules(app):
            if method == "POST" or EXPECTED[rule.endpoint]["anon"] != 401:
                continue
            headers = again(signed_in).get(address(app, rule, places.arguments(rule))).headers
            if headers["Cache-Control"] != "private, no-store" or "Cookie" not in headers.get("Vary", ""):
                kept.append(rule.endpoint)
    assert kept == []
