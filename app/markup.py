"""Text that people write with light Markdown, as HTML that is safe to show."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

# A message is prose: a line of dashes under a line, a leading # or four spaces are no headings and no code there, and
# pictures are attached, not fetched from other servers.
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12})
_parser.enable("strikethrough").disable(
    ["heading", "lheading", "code", "image", "html_block", "html_inline", "reference"]
)

_BLOCKS = ("p", "ul", "ol", "li", "blockquote", "pre")
_TAGS = {*_BLOCKS, "a", "br", "code", "em", "hr", "s", "strong"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_BARE_URL = re.compile(
    r"(?<![\w@/(<\[])https?://[^\s<>\[\]\"'`\u200c\u200e\u200f\u060c\u061b\u061f\u00ab\u00bb]+", re.IGNORECASE
)
_AFTER_URL = re.compile(r"[.,;:!?)*_~]+$")
_LONGEST_MARKDOWN = 50_000


def render(text: str | None) -> Markup:
    """Paragraphs, lists, emphasis, quotations, code and links, each block in the direction of its own text."""
    if not text:
        return Markup()
    return _render(text) if len(text) <= _LONGEST_MARKDOWN else _plain(text)


@lru_cache(maxsize=1024)
def _render(text: str) -> Markup:
    html = nh3.clean(
        _parser.render(_BARE_URL.sub(_as_link, text)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
        set_tag_attribute_values={**{block: {"dir": "auto"} for block in _BLOCKS}, "a": {"target": "_blank"}},
    )
    return Markup(html)  # noqa: S704  # cleaned one line above


def _as_link(match: re.Match[str]) -> str:
    """An address as Markdown's <address>, without the punctuation of the sentence around it."""
    address = _AFTER_URL.sub("", match[0])
    return f"<{address}>{match[0][len(address) :]}"


def _plain(text: str) -> Markup:
    """Paragraphs alone, for texts too long to be looked at closely."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return Markup().join(Markup('<p dir="auto">{}</p>').format(escape(block)) for block in blocks)
