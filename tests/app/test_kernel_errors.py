"""Refusals and faults: a sentence in the reader's language, JSON for scripts, and no word about the inside."""

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import InternalServerError, TooManyRequests

from app.errors import SENTENCES
from app.extensions import db

LANGUAGES = {"fa": ("نشانی", "rtl"), "en": ("address", "ltr")}
CANARY = "raz-e-penhan-4471"


@pytest.fixture
def breaking(monkeypatch):
    """The page /theme fails in a chosen way."""
    from app import pages

    def arm(error: Exception) -> None:
        def fail() -> None:
            raise error

        monkeypatch.setattr(pages, "_back", fail)

    return arm


@pytest.fixture
def faults_are_answered(app, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def requests_for(client):
    """(status, a request that ends so) for everything a visitor can be told without signing in."""
    return [
        (404, lambda **how: client.get("/nothing-here", **how)),
        (405, lambda **how: client.put("/sign-in", **how)),
        (413, lambda **how: client.post("/sign-in", data=b"x" * (3 * 1024 * 1024),
                                        content_type="application/x-www-form-urlencoded", **how)),
        (422, lambda **how: client.post("/sign-in", **how)),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_whole_pages_in_the_readers_language(world, client, language):
    client.set_cookie("kariz_lang", language)
    for status, ask in requests_for(client):
        answer = ask()
        assert answer.status_code == status
        assert f'lang="{language}"' in answer.text
        assert f'dir="{LANGUAGES[language][1]}"' in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_get_a_code_and_a_sentence(world, client, language):
    client.set_cookie("kariz_lang", language)
    for status, ask in requests_for(client):
        answer = ask(headers={"Accept": "application/json"})
        assert answer.status_code == status
        assert answer.json.keys() >= {"type", "title", "status", "code", "detail", "fields"}
        assert answer.json["detail"].isascii() is (language == "en")


def test_the_portal_answers_in_its_own_frame(world, client):
    answer = client.get("/portal/nothing-here")
    assert answer.status_code == 404
    assert "/sign-in" not in answer.text.replace("/portal/sign-in", "")


@pytest.mark.usefixtures("faults_are_answered")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_told_without_a_word_of_the_inside(world, client, breaking, language):
    """N15: neither trace nor text of the error reaches a visitor; the log has it."""
    client.set_cookie("kariz_lang", language)
    breaking(RuntimeError(CANARY))
    for how in ({}, {"Accept": "application/json"}, {"HX-Request": "true"}):
        with structlog.testing.capture_logs() as lines:
            answer = client.post("/theme", headers=how)
        assert answer.status_code == 500
        assert CANARY not in answer.text
        assert "Traceback" not in answer.text
        assert "request.failed" in [line["event"] for line in lines]


@pytest.mark.usefixtures("faults_are_answered")
@pytest.mark.parametrize("error", [InternalServerError(CANARY), TooManyRequests(CANARY)], ids=["500", "429"])
def test_statuses_of_libraries_are_told_in_our_words(world, client, breaking, error):
    breaking(error)
    answer = client.post("/theme", headers={"Accept": "application/json"})
    assert answer.status_code == error.code
    assert CANARY not in answer.text


@pytest.mark.usefixtures("faults_are_answered")
def test_a_database_that_is_away_means_later(world, client, breaking, monkeypatch):
    """F13: 503 with a time to come back, even where the page itself would need the database."""
    away = OperationalError("SELECT 1", {}, Exception("server closed the connection"))
    breaking(away)
    answer = client.post("/theme")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")

    def fail(*_args: object, **_more: object) -> None:
        raise away

    monkeypatch.setattr(sa.engine.Engine, "connect", fail)
    answer = client.get("/work")
    monkeypatch.undo()
    assert answer.status_code in {303, 503}
    assert "Traceback" not in answer.text
    db.session.remove()


@pytest.mark.parametrize("host", [".kariz.test", "a@b", "a:99999", "x" * 300])
def test_a_host_that_is_none_breaks_nothing(world, client, host):
    """Where no page with addresses can be written for it, the sentence can."""
    assert client.get("/sign-in", headers={"Host": host}).status_code in {200, 400}


DEEP = b"[" * 20_000


@pytest.mark.parametrize("path", ["/sign-in", "/language", "/portal/sign-in", "/cards/new", "/portal/requests"])
@pytest.mark.parametrize("body", [DEEP, b"{" * 20_000, b'"', b"\xff\xfe", b"null", b"[1]", b'{"a":' * 900, b"", b"NaN"])
def test_broken_json_breaks_nothing(world, sara, as_user, path, body):
    """SAFETY 5: 20,000 opening brackets are measured to end the usual reader with a 500."""
    answer = as_user(sara).post(path, data=body, content_type="application/json")
    assert answer.status_code < 500


def test_every_status_has_a_sentence_in_both_languages(app, world):
    from app.i18n import as_viewer

    for status, sentence in SENTENCES.items():
        with app.test_request_context(), as_viewer("fa"):
            persian = str(sentence())
        with app.test_request_context(), as_viewer("en"):
            english = str(sentence())
        assert english.isascii(), status
        assert not persian.isascii(), status
