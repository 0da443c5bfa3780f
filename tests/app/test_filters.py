"""What templates print: local digits, dates and amounts, escaped and isolated."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, render_template_string

from app import filters
from app.clock import freeze
from app.i18n import as_viewer

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


@pytest.fixture
def show(monkeypatch):
    """What a template expression prints for a Persian and for an English reader."""
    app = Flask("filters")
    filters.init_app(app)

    def render(expression, **values):
        printed = []
        for locale in ("fa", "en"):
            with app.app_context(), as_viewer(locale), freeze(NOW):
                printed.append(render_template_string("{{ " + expression + " }}", **values))
        return tuple(printed)

    monkeypatch.setattr("app.settings.get", {"business.language": "fa", "business.unit": "toman",
                                             "business.timezone": "Asia/Tehran"}.__getitem__)  # fmt: skip
    return render


@pytest.mark.parametrize(
    ("expression", "fa", "en"),
    [
        ("12|digits", "۱۲", "12"),
        ("'۱۲'|digits", "۱۲", "۱۲"),
        ("1234567|number", "۱٬۲۳۴٬۵۶۷", "1,234,567"),
        ("12500000|toman", "۱٬۲۵۰٬۰۰۰ تومان", "1,250,000 toman"),
        ("12500000|amount", "۱٬۲۵۰٬۰۰۰", "1,250,000"),
        ("'7KQD3XHT4'|code", '<bdi class="code">7KQD-3XHT-4</bdi>', '<bdi class="code">7KQD-3XHT-4</bdi>'),
        ("'<b>'|code", '<bdi class="code">&lt;b&gt;</bdi>', '<bdi class="code">&lt;b&gt;</bdi>'),
        ("'+989123456789'|phone", '<bdi class="code">۰۹۱۲ ۳۴۵ ۶۷۸۹</bdi>', '<bdi class="code">0912 345 6789</bdi>'),
        ("now|jdate", "شنبه ۳۰ آبان ۱۴۰۵", "Saturday, 21 November 2026"),
        ("now|jdate('numeric')", "۱۴۰۵/۰۸/۳۰", "2026-11-21"),
        ("now|jdatetime", "شنبه ۳۰ آبان ۱۴۰۵، ۱۶:۳۰", "Saturday, 21 November 2026, 16:30"),
        ("now|jtime", "۱۶:۳۰", "16:30"),
        ("'مریم کاظمی'|initials", "م‌ک", "م‌ک"),
        ("'<b>'|rich", '<p dir="auto">&lt;b&gt;</p>\n', '<p dir="auto">&lt;b&gt;</p>\n'),
    ],
)
def test_filters(show, expression, fa, en):
    assert show(expression, now=NOW) == (fa, en)


FILTERS = [
    "digits",
    "number",
    "toman",
    "amount",
    "code",
    "phone",
    "jdate",
    "jdatetime",
    "jtime",
    "ago",
    "filesize",
    "rich",
]


@pytest.mark.parametrize("name", FILTERS)
def test_nothing_is_printed_for_nothing(show, name):
    assert show(f"none|{name}") == ("", "")


def test_ago_says_how_long_and_holds_the_exact_time(show):
    fa, en = show("moment|ago", moment=NOW - timedelta(minutes=20))
    exact = 'datetime="2026-11-21T12:40:00Z" data-ago="long"'
    assert fa == f'<time {exact} title="شنبه ۳۰ آبان ۱۴۰۵، ۱۶:۱۰">۲۰ دقیقه پیش</time>'
    assert en == f'<time {exact} title="Saturday, 21 November 2026, 16:10">20 min ago</time>'
    assert show("moment|ago(short=true)", moment=NOW - timedelta(hours=5))[0].endswith(">۵ ساعت</time>")


@pytest.mark.parametrize(
    ("size", "fa", "en"),
    [
        (0, "۰ بایت", "0 bytes"),
        (999, "۹۹۹ بایت", "999 bytes"),
        (1000, "۱ کیلوبایت", "1 KB"),
        (1_250_000, "۱٫۲ مگابایت", "1.2 MB"),
        (34_000_000, "۳۴ مگابایت", "34 MB"),
        (999_999, "۱ مگابایت", "1 MB"),
        (5_000_000_000_000, "۵٬۰۰۰ گیگابایت", "5,000 GB"),
    ],
)
def test_file_sizes(show, size, fa, en):
    assert show("size|filesize", size=size) == (fa, en)


def test_a_constant_is_written_for_each_reader(app) -> None:
    template = app.jinja_env.from_string('{{ 12|digits }} {{ "09:00"|digits }}')
    with app.test_request_context():
        with as_viewer("fa"):
            assert template.render() == "۱۲ ۰۹:۰۰"
        with as_viewer("en"):
            assert template.render() == "12 09:00"
