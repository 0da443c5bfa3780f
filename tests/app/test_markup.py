"""Text of people as safe HTML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup import render

LINK = 'target="_blank" rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("سلام", '<p dir="auto">سلام</p>\n'),
        ("یک\nدو\n\nthree", '<p dir="auto">یک<br>\nدو</p>\n<p dir="auto">three</p>\n'),
        ("**مهم** *کم* ~~نه~~ `x`", '<p dir="auto"><strong>مهم</strong> <em>کم</em> <s>نه</s> <code>x</code></p>\n'),
        ("- الف\n- b", '<ul dir="auto">\n<li dir="auto">الف</li>\n<li dir="auto">b</li>\n</ul>\n'),
        ("> نقل", '<blockquote dir="auto">\n<p dir="auto">نقل</p>\n</blockquote>\n'),
        ("```\na < b\n```", '<pre dir="auto"><code>a &lt; b\n</code></pre>\n'),
        ("# سلام\nخط\n---", '<p dir="auto"># سلام<br>\nخط</p>\n<hr>\n'),
        ("    چهار فاصله", '<p dir="auto">چهار فاصله</p>\n'),
        ("[k](https://a.ir)", f'<p dir="auto"><a href="https://a.ir" {LINK}>k</a></p>\n'),
        (
            "https://a.ir/b?x=1&y=2، خوب",
            f'<p dir="auto"><a href="https://a.ir/b?x=1&amp;y=2" {LINK}>https://a.ir/b?x=1&amp;y=2</a>، خوب</p>\n',
        ),
        ("`https://a.ir` [https://a.ir](https://b.ir)",
         f'<p dir="auto"><code>https://a.ir</code> <a href="https://b.ir" {LINK}>https://a.ir</a></p>\n'),
        ("HTTP://a.ir/_x_ xhttp://b", f'<p dir="auto"><a href="HTTP://a.ir/_x" {LINK}>HTTP://a.ir/_x</a>_ xhttp://b</p>\n'),
        ("http:// https:", '<p dir="auto">http:// https:</p>\n'),
        ("(https://a.ir/b).", f'<p dir="auto">(<a href="https://a.ir/b" {LINK}>https://a.ir/b</a>).</p>\n'),
    ],
)  # fmt: skip
def test_light_markdown(text, html):
    assert render(text) == html


def test_nothing_for_nothing():
    assert render(None) == render("") == ""
    assert render("<b>").__html__() == '<p dir="auto">&lt;b&gt;</p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:x)",
        "[a](data:text/html,x)", "[a](vbscript:x)", "<javascript:alert(1)>", "![x](https://e.ir/p.png)", "[a](//e.ir)",
        "[a]: javascript:alert(1)\n\n[a]", '[a](https://a.ir "onclick=alert(1)")', 'https://a.ir/"onmouseover="x',
        "`<script>`", "<style>*{}</style>", "&lt;script&gt;", "<a href='javascript:x'>y</a>", "[a](&#106;avascript:x)",
        "https://a.ir/<script>x</script>", "```html onclick=x\n<b>\n```", "javascript://a.ir/%0aalert(1)",
    ],
)  # fmt: skip
def test_nothing_dangerous_comes_through(text):
    html = render(text)
    for danger in (
        "<script",
        "<img",
        "<style",
        'href="javascript',
        'href="data:',
        'href="vbscript',
        'href="//',
        '" on',
        "<p on",
    ):
        assert danger not in html.lower()


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.sampled_from("[]()<>*_`~#->\"'&!\\ \n\tابa1:/.h")))
def test_any_text_is_shown(text):
    html = render(text)
    assert "<script" not in html
    assert not text.strip() or html


@pytest.mark.parametrize(
    "piece", ["[", "](", "*", "_", "`", ">", "- ", "<", "![", "~", "\\", "&", "https://a.ir ", "(", "x\n\n", "1. "]
)
def test_hostile_repetition_is_shown_too(piece):
    """A07: 20,000 of anything ends, with the text still there."""
    assert render(piece * (20_000 // len(piece)))


def test_very_long_texts_are_plain_paragraphs():
    html = render("<b> **x**\n\n" * 6000)
    assert html.startswith('<p dir="auto">&lt;b&gt; **x**</p>')
