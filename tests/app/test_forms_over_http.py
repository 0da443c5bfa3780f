"""Forms over HTTP: pages keep what was typed, scripts are answered in JSON."""

from io import BytesIO

import pytest
from flask import Flask
from jinja2 import DictLoader

from app.clock import freeze
from app.forms import refuse
from app.i18n import as_viewer
from tests.app.test_forms import GOOD, NOW, Everything


@pytest.fixture(autouse=True)
def _reader():
    with as_viewer("en"), freeze(NOW):
        yield


@pytest.fixture
def send():
    """Posts to a page with the form; answers the response."""
    small = Flask("forms")

    @small.route("/", methods=["GET", "POST"])
    def page():
        form = Everything.from_request()
        if not form.validate():
            return refuse(form, "page.html", place="here")
        return {"title": form.title.data, "count": form.count.data, "agreed": form.agreed.data, "tags": form.tags.data,
                "file": form.file.data.filename if form.file.data else None}  # fmt: skip

    small.jinja_loader = DictLoader({"page.html": "{{ place }}|{{ form.title._value() }}|{{ form.sentences.title }}"})
    return small.test_client().open


def test_a_refused_page_keeps_what_was_typed(send):
    response = send(method="POST", data={"title": "<b>" * 20})
    assert response.status_code == 422
    assert response.text == f"here|{'&lt;b&gt;' * 20}|This is too long. Use at most 40 characters."


@pytest.mark.parametrize("asking", [{"json": {}}, {"data": {}, "headers": {"Accept": "application/json"}}])
def test_scripts_are_answered_in_json(send, asking):
    response = send(method="POST", **asking)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert response.json == {
        "type": "urn:problem-type:kariz:invalid",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Something in the form needs another look.",
        "code": "invalid",
        "fields": {"title": "Please fill this in.", "address": "Please fill this in."},
    }


def test_json_is_read_like_a_form(send):
    sent = {
        "title": "سلام",
        "count": 12,
        "agreed": True,
        "tags": ["a", "b"],
        "address-street": "x",
        "day": None,
        "more": 1,
    }
    assert send(method="POST", json=sent).json == {
        "title": "سلام",
        "count": 12,
        "agreed": True,
        "tags": ["a", "b"],
        "file": None,
    }
    assert send(method="POST", json={**sent, "agreed": False}).json["agreed"] is False


def test_the_query_of_a_get_is_read(send):
    assert send(query_string={**GOOD, "count": "۱۲"}).json["count"] == 12


def test_files_come_with_the_form(send):
    response = send(method="POST", data={**GOOD, "file": (BytesIO(b"x"), "نامه.txt")})
    assert response.json["file"] == "نامه.txt"


@pytest.mark.parametrize(
    ("sent", "name", "sentence"),
    [
        ({"title": ["x"]}, "title", "Send one value here, not several."),
        ({"title": []}, "title", "Send one value here, not several."),
        ({"title": {"a": 1}}, "title", "This kind of value does not belong here."),
        ({"title": True}, "title", "This kind of value does not belong here."),
        ({"title": "a\ud800\x00"}, "title", "This holds a character that cannot be kept. Please type it again."),
        ({"mobile": [["0912"]]}, "mobile", "This kind of value does not belong here."),
        ({"count": 1e300}, "count", "Write a whole number in digits."),
        ({"tags": {"a": 1}}, "tags", "This kind of value does not belong here."),
    ],
)
def test_wrong_types_are_errors_beside_the_field(send, sent, name, sentence):
    response = send(method="POST", json={**GOOD, **sent})
    assert response.status_code == 422
    assert response.json["fields"][name] == sentence


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"1", b"null", b"[" * 20_000, b'{"a":' * 20_000, b"\xff\xfe",
        b'{"title": "' + b"x" * 1_100_000 + b'"}', b'{"count": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(send, body):
    response = send(method="POST", data=body, content_type="application/json")
    assert response.status_code == 422
    assert response.json["detail"] == "The request does not hold one readable JSON object."
