"""Templates as this application runs them, and the addresses that it remembers."""

import pytest
from flask import Flask, url_for
from jinja2 import pass_context
from markupsafe import Markup


class Marked:
    """Something that says itself how it stands in a page."""

    def __html__(self) -> str:
        return "<i>own</i>"


@pytest.mark.parametrize(
    ("value", "text"),
    [("<b>&", "&lt;b&gt;&amp;"), (Markup("<b>"), "<b>"), (Marked(), "<i>own</i>"), (12, "12"), (None, "None")],
)
def test_values_are_written_escaped_unless_they_are_markup(app: Flask, value: object, text: str) -> None:
    template = app.jinja_env.from_string(
        "{% macro twice(it) %}{{ it }}{{ it }}{% endmacro %}{{ value }}|{{ twice(value) }}"
    )
    assert template.render(value=value) == f"{text}|{text}{text}"


def test_a_function_that_wants_the_context_is_told_it(app: Flask) -> None:
    @pass_context
    def named(context: object, name: str) -> object:
        return context[name]  # type: ignore[index]

    template = app.jinja_env.from_string("{% for item in [1, 2] %}{{ named('who') }}{{ plain(item) }}{% endfor %}")
    assert template.render(named=named, plain=lambda item: item + 1, who="x") == "x2x3"


def test_a_template_with_names_of_its_own_leaves_the_others_alone(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ own }}", globals={"own": "mine"})
    assert template.render() == "mine"
    assert "own" not in app.jinja_env.globals


def test_addresses_follow_the_root_and_the_kind_of_value(app: Flask) -> None:
    with app.test_request_context("/"):
        here = url_for("boards.show", slug="support")
        assert url_for("boards.show", slug="support") == here
        assert url_for("boards.show", slug="support", flag=1) != url_for("boards.show", slug="support", flag=True)
        assert url_for("boards.show", slug="support", _anchor="end") == f"{here}#end"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/kariz"}):
        assert url_for("boards.show", slug="support") == f"/kariz{here}"
